"""How tasks look, and how they are done."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.activity.base import HAPPENINGS, REMINDED, ActivityType
from renmai.activity.task.model import Task
from renmai.activity.task.recurrence import Recurrence
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.overlay.company import company
from renmai.kernel.records.fields import Moment
from renmai.kernel.records.store import change
from renmai.kernel.records.types import register


@action(
    _("Done"), icon="check", when=Task.is_open, refusal=_("This is done already."), fact="done", asks={"at": Moment(_("When"), blank=True)}
)
def done(task: Task, *, by: User, at: dt.datetime | None = None) -> None:
    """Mark a task as done, now or at the time given."""
    change(task, by=by, done_at=at or timezone.now())


@action(_("Let the following be like this"), icon="repeat", when=Task.recurs, fact="series_changed")
def change_following(task: Task, *, by: User) -> None:
    """Let the following ones of a series say what this one says, at the time of this one."""
    change(task, by=by, occurs_at=task.due_at, series=task.like_this())


@action(_("End the series"), icon="repeat-off", when=Task.recurs, fact="series_ended")
def end_series(task: Task, *, by: User) -> None:
    """Let none come after this one."""
    change(task, by=by, recurrence="")


@register
class TaskType(ActivityType):
    model = Task
    icon, rank = "checkbox", 40
    columns = ["subject", "about", "due_at", "assignee", "priority", "done_at"]
    layout = {
        _("Task"): ["subject", "body", "about"],
        _("Plan"): ["method", "due_at", "assignee", "priority", "happened_at", "done_at"],
        _("Recurrence"): ["recurrence", "again", "working_days", "reminders", "next"],
    }
    composer = ["subject", "due_at", "assignee"]
    actions = [done, change_following, end_series]
    reveals = {"done": "done_at"}
    phrases = {"created": _("%(by)s planned: %(title)s"), "done": _("%(by)s did: %(title)s"), **REMINDED}
    happenings = HAPPENINGS

    def require_allowed(self, values: dict[str, Any], by: User) -> None:
        """A recurrence can be read."""
        try:
            if values.get("recurrence"):
                Recurrence.read(values["recurrence"], ZoneInfo(company().time_zone))
        except ValueError as problem:
            raise Invalid({"recurrence": [str(problem)]}) from None
