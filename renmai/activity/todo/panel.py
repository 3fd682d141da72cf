"""What a person has to do: tasks and planned follow-ups, the most urgent first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.activity.agenda.my_day import at_home
from renmai.kernel.access.user import User
from renmai.kernel.records.pages.cells import Line, lines
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.home.panels import panel

KINDS = ("tasks", "follow-ups")
AHEAD = dt.timedelta(days=7)
SHOWN = 10


@dataclass(frozen=True)
class Due:
    """One thing to do."""

    kind: RecordType
    line: Line
    at: dt.datetime | None
    is_late: bool


@panel(_("To do"), icon="checkbox", order=10, follows=KINDS, template="activity/todo/panel.jinja")
def to_do(by: User) -> dict[str, Any] | None:
    """What is given to the person and due within a week, overdue, or without a date; nothing where they have their day instead."""
    if at_home(by):
        return None
    found = [due for slug in KINDS for due in _due(registry[slug], by)]
    found.sort(key=lambda due: (due.at is None, due.at))
    return {"dues": found[:SHOWN], "more": len(found) > SHOWN, "late": sum(due.is_late for due in found), "tasks": registry["tasks"]}


def _due(kind: RecordType, by: User) -> list[Due]:
    now = timezone.now()
    soon = Q(due_at=None) | Q(due_at__lt=now + AHEAD)
    open_ones = kind.model.objects.visible_to(by).filter(soon, assignee=by.pk, done_at=None)
    records: list[Any] = list(open_ones.order_by(F("due_at").asc(nulls_last=True), "id")[: SHOWN + 1])
    shown = lines(kind, records, [kind.fields["about"]], by, editable=False)
    return [
        Due(kind, line, record.due_at, bool(record.due_at and record.due_at < now)) for record, line in zip(records, shown, strict=True)
    ]
