"""What a calendar is asked for: which days, which types, whose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from renmai.activity.agenda.entries import SLUGS, Entry, between, kinds
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.windows import midnight
from renmai.kernel.records.types import RecordType

LONGEST = 100  # days at a time
ME, TEAM, ALL = "me", "team", "all"


@dataclass(frozen=True)
class Asked:
    """Some days of an agenda.

    Attributes:
        first, last: the first day, and the one after the last.
        people: whose; None means everybody's that the person may see.
    """

    by: User
    first: dt.date
    last: dt.date
    zone: ZoneInfo
    kinds: list[RecordType]
    people: Collection[UUID] | None

    @classmethod
    def of(cls, query: QueryDict, by: User) -> Asked:
        """What an address asks: ``from``, ``to``, ``types`` and ``who``.

        Raises:
            Invalid: a day that is none, too many of them, or an unknown type.
            Missing: there is no such person.
        """
        first, last = day_of(query, "from"), day_of(query, "to")
        if not dt.timedelta() < last - first <= dt.timedelta(days=LONGEST):
            raise Invalid({"to": [_("At most 100 days are shown at a time.")]})
        return cls(by, first, last, Reader.of(by).zone, kinds(by, types_of(query)), people_of(query.get("who", ME) or ME, by))

    def found(self) -> tuple[list[Entry], bool]:
        """The entries in order of time, and whether some are left out."""
        return between(self.by, self.kinds, midnight(self.first, self.zone), midnight(self.last, self.zone), self.people)


def day_of(query: QueryDict, name: str) -> dt.date:
    """A day of an address.

    Raises:
        Invalid: it is none.
    """
    try:
        return dt.date.fromisoformat(query.get(name, "")[:10])
    except ValueError:
        raise Invalid({name: [_("A date is written as 2026-11-22.")]}) from None


def types_of(query: QueryDict) -> list[str]:
    """The types that an address names; none for all of them.

    Raises:
        Invalid: one of them stands in no calendar.
    """
    named = [slug for slug in query.get("types", "").split(",") if slug]
    strange = [slug for slug in named if slug not in SLUGS]
    if strange:
        raise Invalid({"types": [_("One of these is expected: %(choices)s.") % {"choices": ", ".join(SLUGS)}]})
    return named


def people_of(who: str, by: User) -> list[UUID] | None:
    """Whose activities are meant: ``me``, ``team`` (with the teams below it), ``all``, or somebody's id.

    Raises:
        Missing: there is nobody of that id.
    """
    if who == ALL:
        return None
    if who == ME:
        return [by.pk]
    if who == TEAM:
        return [person.pk for person in colleagues(by, by.access.branch)] if by.team_id else [by.pk]
    found = User.objects.visible_to(by).filter(pk=who).first() if _is_id(who) else None
    if found is None:
        raise Missing(_("There is nobody of that name here."))
    return [found.pk]


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def colleagues(by: User, teams: Collection[Any] | None = None) -> list[User]:
    """Whoever works here now and may be seen, by name.

    Args:
        teams: only of these; None for everybody.
    """
    rows = User.objects.visible_to(by).filter(active=True)
    return list((rows if teams is None else rows.filter(team__in=teams)).order_by("sort_key", "id"))
