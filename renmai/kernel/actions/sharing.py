"""Opening one record to a person or a team, and closing it again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.user import Share, Team
from renmai.kernel.actions.action import REQUIRED, action
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.actions.run import concerns
from renmai.kernel.records.clean import identity
from renmai.kernel.records.fields import Boolean, Choice, Link, Moment
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


class ShareMay(models.TextChoices):
    """What a share opens."""

    VIEW = "view", gettext_lazy("See")
    EDIT = "edit", gettext_lazy("Change")


PARTY: dict[str, models.Field[Any, Any]] = {
    "user": Link("kernel.User", gettext_lazy("Person"), blank=True),
    "team": Link("kernel.Team", gettext_lazy("Team"), blank=True),
}
HOW: dict[str, models.Field[Any, Any]] = {
    "may": Choice(ShareMay, gettext_lazy("May"), default=ShareMay.VIEW, blank=True),
    "until": Moment(gettext_lazy("Until"), blank=True),
    "relations": Boolean(
        gettext_lazy("Also what belongs to it"), blank=True, help_text=gettext_lazy("Whatever links to it, today and later.")
    ),
}
SHARE_ASKS = PARTY | HOW


def whom(given: dict[str, Any]) -> dict[str, Any]:
    """``with`` names a person or a team, by id or as ``{"type", "id"}``; pages ask for each by itself."""
    rest = {name: value for name, value in given.items() if name != "with"}
    party = given.get("with")
    if party is None:
        return rest
    kind = party.get("type") if isinstance(party, dict) else None
    try:
        is_team = kind == "teams" or (kind is None and Team.objects.filter(pk=identity(party)).exists())
    except ValueError:
        is_team = False
    return {**rest, "team" if is_team else "user": party}


def _require_one(user: User | None, team: Team | None) -> None:
    if (user is None) == (team is None):
        raise Invalid({"user": [REQUIRED if user is None else _("Name a person or a team, not both.")]})


@action(gettext_lazy("Share"), icon="share", may="share", fact="shared", asks=SHARE_ASKS, reads=whom)
def share(
    record: Record,
    *,
    by: User,
    user: User | None = None,
    team: Team | None = None,
    may: str = "view",
    until: dt.datetime | None = None,
    relations: bool = False,
) -> None:
    """Open this one record to a person or a team, besides what their roles say; who has it already has it now in this way.

    Raises:
        Invalid: not one of both is named.
    """
    _require_one(user, team)
    _open(record, by=by, user=user, team=team, may=may or "view", until=until, relations=relations)
    if user is not None:
        concerns(user)


def open_to(user: User, record: Record, *, by: User, may: str) -> None:
    """Open a record to a person who is needed at it; what a share opens to them already stays as it is."""
    if not Share.open().filter(record_id=record.pk, user=user, may__in={may, ShareMay.EDIT}).exists():
        _open(record, by=by, user=user, team=None, may=may)


def _open(record: Record, *, by: User, user: User | None, team: Team | None, **how: Any) -> None:
    opened = {"at": record.created_at, "created_by": by, **how}
    Share.objects.update_or_create(type=registry.of(record).slug, record_id=record.pk, user=user, team=team, defaults=opened)


@action(gettext_lazy("Stop sharing"), icon="share-off", may="share", fact="unshared", asks=PARTY, reads=whom)
def unshare(record: Record, *, by: User, user: User | None = None, team: Team | None = None) -> None:
    """Take a shared record back; it is closed at once, unless roles or other shares open it.

    Raises:
        Invalid: not one of both is named.
        Refused: it was not shared with them.
    """
    _require_one(user, team)
    gone, _by_model = Share.objects.filter(record_id=record.pk, user=user, team=team).delete()
    if not gone:
        raise Refused(_("This is not shared with them."))
    if user is not None:
        concerns(user)
