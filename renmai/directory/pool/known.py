"""The pools there are, as each process knows them: read again when one changes, which moves the overlay's number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from renmai.directory.pool.model import Pool
from renmai.kernel.access.user import Team
from renmai.kernel.overlay.version import NONE, followed

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

_known: dict[str, Any] = {"version": NONE, "pools": []}


def pools() -> list[Pool]:
    """Every pool that is not deleted."""
    version = followed()
    if version == NONE:
        return []
    if _known["version"] != version:
        _known.update(pools=list(Pool.objects.live().order_by("sort_key", "pk")), version=version)
    return _known["pools"]


def pools_of(user: User) -> tuple[list[Pool], list[Pool]]:
    """The active pools that a person is a member of, and those that they administer; found once per request."""
    kept = user.access.__dict__
    if "pools" not in kept:
        kept["pools"] = _found(user) if user.is_active else ([], [])
    return kept["pools"]


def _found(user: User) -> tuple[list[Pool], list[Pool]]:
    known = pools()
    above = set(_above(user.team_id)) if user.team_id and any(pool.teams for pool in known) else set()
    member = [pool for pool in known if pool.active and is_member(pool, user, above)]
    return member, [pool for pool in known if user.pk in pool.admins]


def is_member(pool: Pool, user: User, above: Iterable[Any]) -> bool:
    """Whether a person belongs to a pool: by name, by a team, or by meeting its criteria.

    Args:
        above: ids of the person's team and of those that it is a part of.
    """
    return user.pk in pool.users or not set(pool.teams).isdisjoint(above) or pool.is_met_by(user)


def _above(team: Any) -> Iterable[Any]:
    """Ids of a team and of all that it is a part of, in one query."""
    table = Team._meta.db_table
    rows = Team.objects.raw(
        f"WITH RECURSIVE line AS (SELECT id, parent_id FROM {table} WHERE id = %s"  # noqa: S608
        f" UNION SELECT t.id, t.parent_id FROM {table} t JOIN line ON t.id = line.parent_id) SELECT id FROM line",
        [team],
    )
    return [row.pk for row in rows]
