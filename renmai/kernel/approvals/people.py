"""Who is asked at a level of a flow."""

from __future__ import annotations

from typing import Any

from renmai.kernel.access.user import Role, Team, User
from renmai.kernel.approvals.model import Missing


def asked(level: dict[str, Any], record: Any, *, besides: Any) -> list[User]:
    """The people of one level who can answer, in the order of their names.

    Args:
        level: as ``FlowLevel.told`` gives it.
        record: what they are asked about.
        besides: id of who asks: nobody agrees with themselves.
    """
    people = User.objects.live().filter(active=True).exclude(pk=besides)
    named = people.filter(pk__in=level["users"])
    by_role = people.filter(roles__overlap=level["roles"]) if level["roles"] else people.none()
    if level["within"]:
        by_role = by_role.filter(team__in=teams_above(record.team_id))
    return list((named | by_role).distinct().order_by("sort_key"))


def teams_above(team: Any) -> list[Any]:
    """Ids of a team and of all teams that it is part of."""
    found: list[Any] = []
    while team is not None and team not in found:
        found.append(team)
        team = Team.objects.filter(pk=team).values_list("parent_id", flat=True).first()
    return found


def instead(missing: str, *, besides: Any) -> list[User]:
    """Who is asked where a level has nobody: nobody where the flow goes on, else the administrators."""
    if missing == Missing.SKIP:
        return []
    roles = [role.pk for role in Role.objects.live() if role.rights.get("*", {}).get("*") == "all"]
    return list(User.objects.live().filter(active=True, roles__overlap=roles).exclude(pk=besides).order_by("sort_key"))
