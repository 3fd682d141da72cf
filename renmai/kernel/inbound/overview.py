"""``/settings/channels/``: every way in that is live, what came by it in thirty days, and whether it works."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Forbidden, Missing, Refusal
from renmai.kernel.api.contributed import describe_paths
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.operations import COUNT, MAYBE_MOMENT, TEXT, Schema, listed, operation, whole
from renmai.kernel.inbound.arrived import Arrived
from renmai.kernel.inbound.channel import Channel, live_channels
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.pages.door import page
from renmai.kernel.settings.cards import is_admin

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

DAYS = 30
STANDING: Schema = whole(
    name=TEXT,
    label=TEXT,
    place=TEXT,
    came=COUNT,
    joined=COUNT,
    failed=COUNT,
    last_at=MAYBE_MOMENT,
    problem=TEXT,
    problem_at=MAYBE_MOMENT,
)
describe_paths(
    {
        "/api/v1/channels/": {
            "get": operation("Channels", listed(STANDING), told=f"Each way in that is live, and what came by it in {DAYS} days.")
        }
    },
    to=is_admin,
)


@dataclass(frozen=True)
class Standing:
    """How it goes with one channel.

    Attributes:
        came, joined, failed: in thirty days.
        last_at: when something came last.
        problem: the last trouble of these days, and when it was.
    """

    channel: Channel
    came: int = 0
    joined: int = 0
    failed: int = 0
    last_at: dt.datetime | None = None
    problem: str = ""
    problem_at: dt.datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        told = {"name": self.channel.name, "label": str(self.channel.label), "place": self.channel.place, "came": self.came}
        told |= {"joined": self.joined, "failed": self.failed, "last_at": moment(self.last_at) if self.last_at else None}
        return told | {"problem": self.problem, "problem_at": moment(self.problem_at) if self.problem_at else None}


def standings() -> list[Standing]:
    """How it goes with each channel that is live, in two queries and one for each that counts by itself."""
    since = timezone.now() - dt.timedelta(days=DAYS)
    lately = Arrived.objects.filter(at__gte=since)
    taken = Q(problem="")
    sums = {"came": Count("pk", filter=taken), "joined": Count("pk", filter=Q(joined=True)), "failed": Count("pk", filter=~taken)}
    rows: Any = lately.values("channel").annotate(**sums, last_at=Max("at", filter=taken))
    counts: dict[str, dict[str, Any]] = {row["channel"]: {name: row[name] for name in (*sums, "last_at")} for row in rows}
    troubles = lately.exclude(problem="").order_by("channel", "-at").distinct("channel")
    told: dict[str, dict[str, Any]] = {one.channel: {"problem": one.problem, "problem_at": one.at} for one in troubles}
    live = live_channels()
    return [Standing(**{"channel": one, **counts.get(one.name, one.counted(since)), **told.get(one.name, {})}) for one in live]


def _require_admin(by: User) -> None:
    if not by.access.is_admin:
        raise Forbidden(_("Only an administrator may do this."))


@page
def overview(request: HttpRequest, by: User) -> HttpResponse:
    """All channels."""
    _require_admin(by)
    return render(request, "kernel/inbound/overview.jinja", {"standings": standings(), "days": DAYS})


@require_POST
@page
def test(request: HttpRequest, by: User, name: str) -> HttpResponse:
    """Try one, and say how it went."""
    _require_admin(by)
    channel = next((one for one in live_channels() if one.name == name), None)
    if channel is None:
        raise Missing(_("There is no such page."))
    try:
        with transaction.atomic():
            messages.success(request, channel.test())
    except Refusal as problem:
        messages.error(request, str(problem))
    return redirect("settings-channels")


@api("GET")
def channels(_request: HttpRequest, by: User) -> HttpResponse:
    """All channels, for programs."""
    _require_admin(by)
    return answer({"items": [one.as_json() for one in standings()], "next": None})
