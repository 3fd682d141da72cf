"""What was shared with a person: single records, opened beside what roles say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from renmai.kernel.access.user import Share
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from renmai.kernel.access.user import User

NOT_BY_SHARE = {"delete", "export", "share", "access"}
OF_TYPES = """
SELECT t.type, {columns} FROM unnest(%s::text[]) AS t(type)
"""
# In order, so that the index is walked: looking for any row, the planner reads the whole table where most shares are one person's.
ANY = """COALESCE((
    SELECT true FROM kernel_share s
    WHERE s.{party}_id = %s AND s.type = t.type AND (s.until IS NULL OR s.until > now()){more} ORDER BY s.at LIMIT 1
), false)"""
PARTIES = ("user", "team")


@dataclass(frozen=True)
class Shared:
    """Of one type: with whom something was shared, ``user`` (the person) or ``team``, and with whom what is related to it too."""

    parties: tuple[str, ...]
    with_relations: tuple[str, ...]


def shared_with(user: User) -> dict[str, Shared]:
    """By type what was shared with a person and their team; one query that looks at a row or two, however many shares there are."""
    columns, asked = [], []
    for more in ("", " AND s.relations"):
        for party in PARTIES:
            columns.append(ANY.format(party=party, more=more))
            asked.append(user.pk if party == "user" else user.team_id)
    with connection.cursor() as cursor:
        cursor.execute(OF_TYPES.format(columns=", ".join(columns)), [*asked, [kind.slug for kind in registry.all()]])
        rows = cursor.fetchall()
    found = {slug: Shared(_named(told[:2]), _named(told[2:])) for slug, *told in rows}
    return {slug: shared for slug, shared in found.items() if shared.parties}


def _named(told: list[bool]) -> tuple[str, ...]:
    return tuple(party for party, is_so in zip(PARTIES, told, strict=True) if is_so)


def open_shares(user: User, slug: str, party: str, verb: str) -> QuerySet[Share]:
    """The shares that open a verb for records of a type now.

    Args:
        party: ``user`` for what the person was given, ``team`` for what their team was.
    """
    shares = Share.open().filter(type=slug, **{party: user.pk if party == "user" else user.team_id})
    return shares if verb == "view" else shares.filter(may="edit")
