"""How follow-ups look, and how a plan becomes a contact."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.activity.followup.model import FollowUp
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.records.fields import LongText, Moment
from renmai.kernel.records.store import change
from renmai.kernel.records.types import RecordType, register

ASKS: dict[str, models.Field[Any, Any]] = {"body": LongText(_("What was said"), blank=True), "at": Moment(_("When"), blank=True)}


@action(_("Done"), icon="check", when=FollowUp.is_planned, refusal=_("This is done already."), fact="done", asks=ASKS)
def done(follow_up: FollowUp, *, by: User, body: str = "", at: dt.datetime | None = None) -> None:
    """Turn a planned contact into one that took place."""
    change(follow_up, by=by, happened_at=at or timezone.now(), body=body or follow_up.body)


@register
class FollowUpType(RecordType):
    model = FollowUp
    icon, rank = "phone-check", 41
    columns = ["title", "about", "method", "happened_at", "due_at", "assignee"]
    layout = {_("Contact"): ["method", "subject", "body", "about"], _("Time"): ["happened_at", "due_at", "assignee"]}
    search = ["subject", "body"]
    composer = ["method", "body", "due_at"]
    actions = [done]
    begins = "happened_at"
    phrases = {"created": _("%(by)s followed up: %(title)s"), "done": _("%(by)s followed up as planned: %(title)s")}

    def complete(self, values: dict[str, object]) -> None:
        """Whoever owns a follow-up does it, unless somebody else is named."""
        if not values.get("assignee"):
            values["assignee"] = values.get("owner")

    def recall(self, values: dict[str, object]) -> None:
        """Other systems keep contacts with a subject and no text."""
        if not values.get("body"):
            values["body"] = values.get("subject")
