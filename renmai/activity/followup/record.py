"""How follow-ups look, and how a plan becomes a contact."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.activity.base import ActivityType
from renmai.activity.followup.model import FollowUp
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.records.fields import LongText, Moment
from renmai.kernel.records.store import change
from renmai.kernel.records.types import register

ASKS: dict[str, models.Field[Any, Any]] = {"body": LongText(_("What was said"), blank=True), "at": Moment(_("When"), blank=True)}


@action(_("Done"), icon="check", when=FollowUp.is_open, refusal=_("This is done already."), fact="done", asks=ASKS)
def done(follow_up: FollowUp, *, by: User, body: str = "", at: dt.datetime | None = None) -> None:
    """Turn a planned contact into one that took place."""
    change(follow_up, by=by, happened_at=at or timezone.now(), body=body or follow_up.body)


@register
class FollowUpType(ActivityType):
    model = FollowUp
    icon, rank = "phone-check", 41
    columns = ["title", "about", "method", "happened_at", "due_at", "assignee"]
    layout = {_("Contact"): ["method", "subject", "body", "about"], _("Time"): ["happened_at", "due_at", "assignee"]}
    composer = ["method", "body", "due_at"]
    actions = [done]
    begins = "happened_at"
    reveals = {"done": "done_at"}
    phrases = {"created": _("%(by)s followed up: %(title)s"), "done": _("%(by)s followed up as planned: %(title)s")}

    def recall(self, values: dict[str, object]) -> None:
        """Other systems keep contacts with a subject and no text."""
        if not values.get("body"):
            values["body"] = values.get("subject")
