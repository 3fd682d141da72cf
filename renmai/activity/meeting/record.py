"""How meetings look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.activity.base import HAPPENINGS, REMINDED
from renmai.activity.meeting.model import Meeting
from renmai.activity.touch import TouchType, done
from renmai.kernel.records.types import register


@register
class MeetingType(TouchType):
    model = Meeting
    icon, rank = "calendar-event", 38
    columns = ["subject", "about", "due_at", "ends_at", "place", "participants", "happened_at", "assignee"]
    layout = {
        _("Meeting"): ["subject", "body", "plan", "about"],
        _("Time and place"): ["due_at", "ends_at", "place", "link", "assignee", "participants", "happened_at"],
        _("And next?"): ["next_at", "next_plan", "next"],
    }
    search = ["subject", "body", "place"]
    composer = ["subject", "due_at", "ends_at", "place", "link", "participants", "body"]
    card = ["plan", "happened_at"]
    actions = [done]
    phrases = {"created": _("%(by)s arranged a meeting: %(title)s"), "done": _("%(by)s met as planned: %(title)s"), **REMINDED}
    happenings = HAPPENINGS
