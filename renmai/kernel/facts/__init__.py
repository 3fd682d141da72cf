"""What happened, when, by whom and to whom."""

from renmai.kernel.facts.model import Fact, FactAbout
from renmai.kernel.facts.say import Happening, listens, record_past, say, say_many

__all__ = ["Fact", "FactAbout", "Happening", "listens", "record_past", "say", "say_many"]
