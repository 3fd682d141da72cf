"""What can be done with a record of any type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import Share
from renmai.kernel.actions.action import REQUIRED, action
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.fields import Choice, Link, Moment
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import Team, User
    from renmai.kernel.records.record import Record


class ShareMay(models.TextChoices):
    """What a share opens."""

    VIEW = "view", _("See")
    EDIT = "edit", _("Change")


@action(_("Restore"), icon="trash-off", may="delete", fact="restored", on_deleted=True)
def restore(record: Record, *, by: User) -> None:
    """Take a record out of the recycle bin."""
    record.deleted_at = record.deleted_by = None
    record.version += 1
    record.updated_at, record.updated_by = timezone.now(), by
    record.save(update_fields=["deleted_at", "deleted_by", "version", "updated_at", "updated_by"])


SHARE_ASKS: dict[str, models.Field[Any, Any]] = {
    "user": Link("kernel.User", _("Person"), blank=True),
    "team": Link("kernel.Team", _("Team"), blank=True),
    "may": Choice(ShareMay, _("May"), default=ShareMay.VIEW, blank=True),
    "until": Moment(_("Until"), blank=True),
}


@action(_("Share"), icon="share", may="edit", fact="shared", asks=SHARE_ASKS)
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


COMMON = [restore, share]
