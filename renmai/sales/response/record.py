"""How response goals look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import RecordType, register
from renmai.sales.response.model import ResponseGoal


@register
class ResponseGoalType(RecordType):
    model = ResponseGoal
    icon, rank = "hourglass", 86
    columns = ["priority", "name", "minutes", "begins", "active"]
    layout = {
        _("Goal"): ["name", "priority", "begins", "minutes", "active"],
        _("When time runs out"): ["warn_before", "escalates", "people", "reassigns"],
    }
    search = ["name"]
    rail, ownerless, governs = False, True, True
    hint = _("How soon a new lead is answered, who is reminded, and who is told when it is missed")
    found_by = _("first response, service level, SLA, speed to lead, escalation")
