"""How visits look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.activity.base import HAPPENINGS, REMINDED
from renmai.activity.touch import TouchType
from renmai.activity.visit.actions import check_in, done, sign_out
from renmai.activity.visit.model import Visit
from renmai.kernel.records.types import register


@register
class VisitType(TouchType):
    model = Visit
    icon, rank = "map-pin", 39
    columns = ["title", "about", "purpose", "due_at", "checked_in_at", "duration", "distance", "assignee"]
    layout = {
        _("Visit"): ["subject", "purpose", "body", "plan", "about"],
        _("Time and place"): ["due_at", "ends_at", "place", "assignee", "happened_at", "duration", "photos"],
        _("Check-in"): ["checked_in_at", "distance", "accuracy", "far_reason", "signed_out_at", "latitude", "longitude"],
        _("And next?"): ["next_at", "next_plan", "next"],
    }
    search = ["subject", "body", "place"]
    composer = ["purpose", "subject", "due_at", "place", "body"]
    card = ["plan", "checked_in_at", "duration", "distance", "far_reason", "photos"]
    actions = [check_in, sign_out, done]
    phrases = {
        "created": _("%(by)s kept a visit: %(title)s"),
        "done": _("%(by)s visited as planned: %(title)s"),
        "checked_in": _("%(by)s checked in: %(title)s"),
        "signed_out": _("%(by)s signed out: %(title)s"),
        **REMINDED,
    }
    happenings = HAPPENINGS
