"""How calls look, and what is asked of one that was planned."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.activity.base import HAPPENINGS, REMINDED
from renmai.activity.call.model import Call, Outcome
from renmai.activity.touch import NEXT, RESULT, TouchType, take_place
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.records.fields import Choice, Integer
from renmai.kernel.records.types import register

DIALLED: dict[str, models.Field[Any, Any]] = {
    "outcome": Choice(Outcome, _("Outcome"), blank=True),
    "duration": Integer(_("Duration (minutes)"), blank=True),
}


@action(_("Done"), icon="check", when=Call.is_open, refusal=_("This is done already."), fact="done", asks=DIALLED | RESULT | NEXT)
def done(call: Call, *, by: User, body: str = "", at: dt.datetime | None = None, **dialled: Any) -> None:
    """Turn a planned call into one that was made."""
    take_place(call, by=by, body=body, at=at, **dialled)


@register
class CallType(TouchType):
    model = Call
    icon, rank = "phone", 37
    columns = ["title", "about", "direction", "outcome", "happened_at", "duration", "due_at", "assignee"]
    layout = {
        _("Call"): ["direction", "number", "outcome", "duration"],
        _("Contact"): ["subject", "body", "plan", "about"],
        _("Time"): ["happened_at", "due_at", "assignee"],
        _("And next?"): ["next_at", "next_plan", "next"],
    }
    search = ["subject", "body", "number"]
    composer = ["direction", "outcome", "duration", "body", "due_at", "next_at", "next_plan"]
    actions = [done]
    phrases = {"created": _("%(by)s kept a call: %(title)s"), "done": _("%(by)s called as planned: %(title)s"), **REMINDED}
    happenings = HAPPENINGS
