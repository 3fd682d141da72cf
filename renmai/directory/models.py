"""The directory's tables, gathered for Django."""

from renmai.directory.account.model import Account
from renmai.directory.handover.model import Handover
from renmai.directory.person.model import Affiliation, Person
from renmai.directory.pool.model import Pool, PoolMove
from renmai.directory.recycling.model import Check, RecyclingRule, Reprieve, RuleBook, Warned

__all__ = [
    "Account",
    "Affiliation",
    "Check",
    "Handover",
    "Person",
    "Pool",
    "PoolMove",
    "RecyclingRule",
    "Reprieve",
    "RuleBook",
    "Warned",
]
