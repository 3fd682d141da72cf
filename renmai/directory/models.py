"""The directory's tables, gathered for Django."""

from renmai.directory.account.model import Account
from renmai.directory.person.model import Affiliation, Person
from renmai.directory.pool.model import Pool, PoolMove

__all__ = ["Account", "Affiliation", "Person", "Pool", "PoolMove"]
