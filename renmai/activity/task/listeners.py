"""The next one of a task that repeats: made when the one before is done, or when it is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from renmai.activity.listeners import live_about
from renmai.activity.task.model import Again, Task
from renmai.activity.task.recurrence import Recurrence
from renmai.kernel.calendars.whose import Calendars
from renmai.kernel.facts import Fact, listens
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry

KEPT = ("owner", "assignee", "recurrence", "again", "working_days", "reminders", "tags")
AT_ONCE = 500
DAYS_OFF = 60


@listens("task.done", "task.updated")
def when_done(facts: list[Fact]) -> None:
    """Make the next one of what is done."""
    for fact in facts:
        task: Any = fact.subjects[0]  # type: ignore[attr-defined]
        if task.done_at is not None:
            make_next(task, timezone.now())


def when_due(now: dt.datetime) -> int:
    """Make the next ones of what is due.

    Returns:
        How many tasks were looked at.
    """
    with transaction.atomic():
        due = Task.objects.live().filter(again=Again.DUE, next=None, due_at__lte=now).exclude(recurrence="").order_by("due_at")
        found: list[Any] = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
        for task in found:
            make_next(task, task.occurs_at)
    return len(found)


def make_next(task: Any, now: dt.datetime) -> None:
    """Make the one that comes after a task, once; a series that has ended says so by its empty rule.

    Args:
        now: times before that are left out: nobody wants three at once of what was done late.
    """
    if not task.recurrence or task.next_id is not None or task.occurs_at is None:
        return
    occurs = _occurs_next(task, now)
    if occurs is None:
        Task.objects.filter(pk=task.pk).update(again=Again.DONE)  # nothing to come: it is not looked at again
        return
    series = task.series
    values = {name: getattr(task, name) for name in KEPT} | {name: value for name, value in series.items() if name != "begins"}
    following: Any = create(registry["tasks"], {**values, "due_at": _worked(task, occurs), "about": live_about(task)}, None)
    following.occurs_at, following.series = occurs, series
    following.save(update_fields=["occurs_at", "series"])
    task.next = following
    task.save(update_fields=["next"])


def _occurs_next(task: Any, now: dt.datetime) -> dt.datetime | None:
    zone = task.zone()
    begins = dt.datetime.fromisoformat(task.series["begins"]).astimezone(zone).replace(tzinfo=None)
    last = max(task.occurs_at, now).astimezone(zone).replace(tzinfo=None)
    found = Recurrence.read(task.recurrence, zone).after(last, begins)
    return found.replace(tzinfo=zone).astimezone(dt.UTC) if found is not None else None


def _worked(task: Any, occurs: dt.datetime) -> dt.datetime:
    """The same time of day on the first day that is worked."""
    if not task.working_days:
        return occurs
    zone, table = task.zone(), Calendars.read().of(task.assignee)
    wall = occurs.astimezone(zone)
    days = (wall + dt.timedelta(days=number) for number in range(DAYS_OFF))
    return next((day for day in days if table.is_working_day(day.date())), wall).astimezone(dt.UTC)


@app.periodic(cron="* * * * *")
@app.task(name="renmai.recurring-tasks", queueing_lock="renmai.recurring-tasks")
def every_minute(timestamp: int) -> None:
    """Make the next ones of what is due."""
    overlay.refresh()
    when_due(timezone.now())
