"""For whom, and when, criteria are asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from renmai.kernel.overlay.company import company
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from uuid import UUID

    from renmai.kernel.access.user import User


@dataclass(frozen=True)
class Reader:
    """The one who asks, with a clock that stands still while the question is answered.

    Attributes:
        user: who "me" is; None in a rule of the company.
        now: aware.
        zone: where days begin and end.
        scoped: linked and related records that the user may not see count as absent. A rule of the company, or the criteria
            of a right, looks at all.
    """

    user: User | None = None
    now: dt.datetime = field(default_factory=timezone.now)
    zone: ZoneInfo = field(default_factory=lambda: zone_named(company().time_zone))
    scoped: bool = False

    @classmethod
    def of(cls, user: User, *, scoped: bool = True) -> Reader:
        """A person, now, in their own time zone."""
        return cls(user, zone=zone_named(user.time_zone or company().time_zone), scoped=scoped)

    @property
    def today(self) -> dt.date:
        """The day it is for the reader."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def team(self) -> frozenset[UUID]:
        """Id of the reader's team, if there is one."""
        return frozenset([self.user.team_id] if self.user and self.user.team_id else [])

    @cached_property
    def branch(self) -> frozenset[UUID]:
        """Ids of the reader's team and of those below it."""
        return frozenset(self.user.access.branch if self.user else [])

    @cached_property
    def _members(self) -> dict[str, frozenset[UUID]]:
        return {}

    def ids(self, variable: str, target: str | None) -> frozenset[UUID]:
        """What a variable stands for in a link to ``target``: for users, ``my_team`` is everyone in it."""
        if variable == "me":
            return frozenset([self.user.pk] if self.user else [])
        teams = self.team if variable == "my_team" else self.branch
        return self._members_of(variable, teams) if target == "users" else teams

    def known(self, keys: list[Any], target: str | None) -> frozenset[UUID]:
        """Those of the ids that belong to records which the reader may see.

        Args:
            target: slug of the type that the ids are of; None where they may be of any.
        """
        if target is not None and self.sees_all(target):
            return frozenset(keys)
        slugs = [target] if target is not None else [kind.slug for kind in registry.all() if not self.sees_all(kind.slug)]
        closed = frozenset(key for slug in slugs for key in self._closed(keys, slug)) if keys else frozenset()
        return frozenset(keys) - closed

    def _closed(self, keys: list[Any], slug: str) -> set[UUID]:
        model = registry[slug].model
        there = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        return there - set(model.objects.visible_to(self.user).filter(pk__in=there).values_list("pk", flat=True)) if there else set()

    def _members_of(self, variable: str, teams: frozenset[UUID]) -> frozenset[UUID]:
        if variable not in self._members:
            users: Any = self.user.__class__.objects if self.user else None  # a lazy request.user tells its class, not its type
            found = users.live().filter(team__in=teams).values_list("pk", flat=True) if teams else []
            self._members[variable] = frozenset(found)
        return self._members[variable]

    def sees_all(self, slug: str) -> bool:
        """No record of the type, the recycle bin apart, is closed to the reader."""
        return not self.scoped or self.user is None or self.user.access.scope(slug, "view").level == "all"


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that IANA name; UTC when there is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
