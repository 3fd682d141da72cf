"""What happened, when, by whom and to whom."""

from renmai.kernel.facts.model import Fact, FactAbout
from renmai.kernel.facts.say import listens, say, say_many

__all__ = ["Fact", "FactAbout", "listens", "say", "say_many"]
