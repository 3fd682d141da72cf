"""People whose rights reach few of many leads: by each scope none, two hundred and twenty thousand of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from renmai.kernel.access.user import Role, Share, Team, User
from renmai.kernel.records.bulk import copy_values
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.sales.lead.model import Lead

SCOPES = ("own", "team", "branch", "shared")
REACHES = (0, 200, 20_000)
TEAMS_BELOW = 3
SHARE = 10  # one part in so many of the leads is the most that one person sees: most of them stay with their owners


def address(scope: str, reach: int) -> str:
    """E-mail address of the one who sees so many leads."""
    return f"bench-{scope}-{reach}@example.com"


def people() -> None:
    """Make them, and give them what they see, spread evenly over all leads; where there are too few, they get a tenth."""
    if User.objects.filter(email=address(SCOPES[-1], REACHES[-1])).exists():
        return
    most = Lead.objects.live().count() // SHARE
    reaches = {reach: min(reach, most) for reach in REACHES}
    places = _places(len(SCOPES) * sum(reaches.values()))
    for scope in SCOPES:
        role = create(registry.of(Role), {"name": f"bench {scope}", "rights": _rights(scope)}, None)
        for reach, count in reaches.items():
            _person(scope, reach, role, list(islice(places, count)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE sales_lead, kernel_share, kernel_user, kernel_team")


def _rights(scope: str) -> dict[str, dict[str, str]]:
    return {"*": {"view": "own" if scope == "shared" else scope}}


def _places(wanted: int) -> Iterator[Any]:
    """Ids of so many leads, each far in time from the one before."""
    numbered = Lead.objects.live().annotate(place=Window(RowNumber(), order_by=[F("created_at"), F("pk")]))
    keys = list(numbered.order_by().values_list("pk", flat=True))
    step = max(1, len(keys) // max(1, wanted))
    yield from (keys[(place * step + place // (len(keys) // step)) % len(keys)] for place in range(wanted))


def _person(scope: str, reach: int, role: Any, keys: list[Any]) -> None:
    team = create(registry.of(Team), {"name": f"Bench {scope} {reach}"}, None)
    values = {"name": f"Bench {scope} {reach}", "email": address(scope, reach), "roles": [str(role.pk)], "team": str(team.pk)}
    user = create(registry.of(User), values, None)
    if scope == "shared":
        now, created = timezone.now(), dict(Lead.objects.filter(pk__in=keys).values_list("pk", "created_at"))
        rows = (("leads", key, created[key], user.pk, "view", False, now, None) for key in keys)
        copy_values(Share, ("type", "record_id", "at", "user_id", "may", "relations", "created_at", "until"), rows)
        return
    teams = [team]
    if scope == "branch":
        teams += [create(registry.of(Team), {"name": f"{team.title}.{n}", "parent": str(team.pk)}, None) for n in range(TEAMS_BELOW)]
    for place, below in enumerate(teams):
        mine = keys[place :: len(teams)]
        few = mine if scope == "own" else mine[: len(mine) // 10]
        Lead.objects.filter(pk__in=mine).update(team=below, owner=None)
        Lead.objects.filter(pk__in=few).update(owner=user)
