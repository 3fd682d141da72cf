"""Who leads a team: whoever may hand out what others of it own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from renmai.kernel.access.user import User

if TYPE_CHECKING:
    from renmai.sales.lead.model import Lead

LEADS = {"team", "branch", "all"}


def leaders(lead: Lead, above: dict[Any, Any]) -> list[Any]:
    """Ids of those who lead the team of a lead, or the nearest team above it that somebody leads; the owner is none of them.

    Args:
        above: team → the team that it is part of.
    """
    for team in _up(lead.team_id, above):
        people = User.objects.live().filter(team=team, active=True).exclude(pk=lead.owner_id).exclude(email="")
        found = [user.pk for user in people if user.access.scope("leads", "assign").level in LEADS]
        if found:
            return found
    return []


def _up(team: Any, above: dict[Any, Any]) -> Iterator[Any]:
    seen = set()
    while team is not None and team not in seen:
        seen.add(team)
        yield team
        team = above.get(team)
