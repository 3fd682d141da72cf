"""The sample company: generated, the same for everyone on the same day, and removed without a trace."""

from renmai.demo.load import Summary, is_loaded, load
from renmai.demo.remove import remove
from renmai.demo.signin import open_sign_ins, sign_in_hint

__all__ = ["Summary", "is_loaded", "load", "open_sign_ins", "remove", "sign_in_hint"]
