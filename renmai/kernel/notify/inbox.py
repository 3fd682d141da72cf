"""The inbox: what stands in it for a person now, with the rights of now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from renmai.kernel.facts.timeline import Card, cards
from renmai.kernel.notify.model import Notification
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType


@dataclass(frozen=True)
class Item:
    """A notification that its person may see."""

    notification: Notification
    card: Card

    @property
    def kind(self) -> RecordType:
        """The type that it is about."""
        return registry[self.card.about[0]["type"]]

    @property
    def path(self) -> str:
        """The record that it is about."""
        return f"{self.kind.path()}{self.card.about[0]['id']}/"


def items(found: Iterable[Notification], user: User) -> list[Item]:
    """The notifications whose record the person may see, in the same order."""
    listed = list(found)
    shown = {card.fact.seq: card for card in cards([one.fact for one in listed], user)}
    return [Item(one, shown[one.fact_id]) for one in listed if one.fact_id in shown]


def inbox(user: User, *, limit: int, before: int | None = None, unread: bool = False, reason: str = "") -> tuple[list[Item], int | None]:
    """One page of the inbox, newest first.

    Args:
        before: id of the last notification of the page before.
        unread: only what was not read.
        reason: only what is there for this reason.

    Returns:
        What may be seen of it, and the id before which the next page begins, or None.
    """
    found = Notification.objects.inbox_of(user).select_related("fact")
    if unread:
        found = found.unread()
    if reason:
        found = found.filter(reason=reason)
    if before is not None:
        found = found.filter(pk__lt=before)
    listed = list(found[: limit + 1])
    following = listed[limit - 1].pk if len(listed) > limit else None
    return items(listed[:limit], user), following


def count(user: User, most: int = 100) -> int:
    """How many are unread, up to ``most``."""
    return Notification.objects.inbox_of(user).unread().order_by()[:most].count()


def read(user: User, keys: Iterable[Any] | None = None) -> int:
    """Mark as read: those of the keys, or all.

    Returns:
        How many were unread.
    """
    found = Notification.objects.filter(user=user).unread()
    if keys is not None:
        found = found.filter(pk__in=list(keys))
    return found.update(read_at=timezone.now())
