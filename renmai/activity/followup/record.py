"""How follow-ups look."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.activity.base import HAPPENINGS, REMINDED
from renmai.activity.followup.model import FollowUp
from renmai.activity.touch import TouchType, done
from renmai.kernel.records.types import register


@register
class FollowUpType(TouchType):
    model = FollowUp
    icon, rank = "phone-check", 41
    columns = ["title", "about", "method", "happened_at", "due_at", "assignee"]
    layout = {
        _("Contact"): ["method", "subject", "body", "plan", "about"],
        _("Time"): ["happened_at", "due_at", "assignee"],
        _("And next?"): ["next_at", "next_plan", "next"],
        _("Kept by itself"): ["call", "meeting", "visit"],
    }
    composer = ["method", "body", "due_at", "next_at", "next_plan"]
    actions = [done]
    phrases = {"created": _("%(by)s followed up: %(title)s"), "done": _("%(by)s followed up as planned: %(title)s"), **REMINDED}
    happenings = HAPPENINGS

    def recall(self, values: dict[str, Any]) -> None:
        """Other systems keep contacts with a subject and no text."""
        super().recall(values)
        if not values.get("body"):
            values["body"] = values.get("subject")
