"""The kernel's tables, gathered for Django."""

from renmai.kernel.access.user import Role, Share, Team, Token, User
from renmai.kernel.api.http import IdempotentAnswer
from renmai.kernel.facts.model import Fact, FactAbout
from renmai.kernel.history.model import ExternalId, History
from renmai.kernel.overlay.company import Company
from renmai.kernel.records.about import About

__all__ = ["About", "Company", "ExternalId", "Fact", "FactAbout", "History", "IdempotentAnswer", "Role", "Share", "Team", "Token", "User"]
