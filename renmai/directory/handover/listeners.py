"""The worker has to know what handing over registers, and whoever's account was closed is asked about."""

from __future__ import annotations

from renmai.directory.handover import work
from renmai.kernel.access.user import User
from renmai.kernel.records.pages.news import add_news

__all__ = ["work"]

add_news("handover", lambda record: isinstance(record, User) and not record.active)
