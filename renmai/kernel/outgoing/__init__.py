"""The one way out: requests to addresses that people typed, which may not lead into a network that is nobody's business."""

from renmai.kernel.outgoing.guard import is_outside, places
from renmai.kernel.outgoing.post import Answer, NoAnswer, Trouble, post

__all__ = ["Answer", "NoAnswer", "Trouble", "is_outside", "places", "post"]
