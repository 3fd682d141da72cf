"""What can be done with a record of any type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import Share, Team
from renmai.kernel.actions.action import REQUIRED, action
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.clean import identity
from renmai.kernel.records.fields import Choice, Link, Moment
from renmai.kernel.records.store import change
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@action(_("Assign"), icon="user-share", may="assign", fact="assigned", asks={"owner": Link("kernel.User", _("To whom"))})
def assign(record: Record, *, by: User, owner: User) -> None:
    """Give a record to a person; its team follows."""
    change(record, by=by, owner=owner)


class ShareMay(models.TextChoices):
    """What a share opens."""

    VIEW = "view", _("See")
    EDIT = "edit", _("Change")


@action(_("Restore"), icon="trash-off", may="delete", fact="restored", on_deleted=True)
def restore(record: Record, *, by: User) -> None:
    """Take a record out of the recycle bin, with what went in with it."""
    from renmai.kernel.history.restore import unbury

    unbury(record, by)


SHARE_ASKS: dict[str, models.Field[Any, Any]] = {
    "user": Link("kernel.User", _("Person"), blank=True),
    "team": Link("kernel.Team", _("Team"), blank=True),
    "may": Choice(ShareMay, _("May"), default=ShareMay.VIEW, blank=True),
    "until": Moment(_("Until"), blank=True),
}


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


@action(_("Share"), icon="share", may="share", fact="shared", asks=SHARE_ASKS, reads=whom)
def share(
    record: Record, *, by: User, user: User | None = None, team: Team | None = None, may: str = "view", until: dt.datetime | None = None
) -> None:
    """Open this one record to a person or a team, besides what their roles say.

    Raises:
        Invalid: neither a person nor a team is named.
    """
    if user is None and team is None:
        raise Invalid({"user": [REQUIRED]})
    slug = registry.of(record).slug
    Share.objects.update_or_create(
        type=slug, record_id=record.pk, user=user, team=team, defaults={"may": may or "view", "until": until, "created_by": by}
    )


COMMON = [assign, restore, share]
