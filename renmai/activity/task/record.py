"""How tasks look, and how they are done."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.activity.base import ActivityType
from renmai.activity.task.model import Task
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.records.fields import Moment
from renmai.kernel.records.store import change
from renmai.kernel.records.types import register


@action(
    _("Done"), icon="check", when=Task.is_open, refusal=_("This is done already."), fact="done", asks={"at": Moment(_("When"), blank=True)}
)
def done(task: Task, *, by: User, at: dt.datetime | None = None) -> None:
    """Mark a task as done, now or at the time given."""
    change(task, by=by, done_at=at or timezone.now())


@register
class TaskType(ActivityType):
    model = Task
    icon, rank = "checkbox", 40
    columns = ["subject", "about", "due_at", "assignee", "priority", "done_at"]
    layout = {_("Task"): ["subject", "body", "about"], _("Plan"): ["method", "due_at", "assignee", "priority", "happened_at", "done_at"]}
    composer = ["subject", "due_at", "assignee"]
    actions = [done]
    reveals = {"done": "done_at"}
    phrases = {"created": _("%(by)s planned: %(title)s"), "done": _("%(by)s did: %(title)s")}
