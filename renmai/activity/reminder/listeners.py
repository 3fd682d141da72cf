"""Reminders go out once each, whatever happens to the worker."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from renmai.activity.reminder.model import Reminded
from renmai.kernel.facts import say
from renmai.kernel.notify.making import tell
from renmai.kernel.notify.model import Reason
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.store import refs
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

AT_ONCE = 500


def remind(now: dt.datetime) -> int:
    """Send what reminders are due.

    Returns:
        How many went out.
    """
    kinds = [kind for kind in registry.coded() if issubclass(kind.model, Reminded)]
    return sum(_remind_of(kind, now) for kind in kinds)


def _remind_of(kind: RecordType, now: dt.datetime) -> int:
    with transaction.atomic():  # notice, letter and what is next stand or fall together
        due = kind.model.objects.live().filter(remind_at__lte=now).select_related("assignee").order_by("remind_at")
        found: list[Any] = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
        for activity in found:
            if activity.assignee is not None:
                fact = say(f"{kind.noun}.reminded", about=refs(kind, activity), by=None, data={"title": activity.title}, at=now)
                tell(activity.assignee, fact, Reason.ASSIGNED)
            activity.remind_at = activity.next_reminder(activity.remind_at)
            activity.save(update_fields=["remind_at"])
    return len(found)


@app.periodic(cron="* * * * *")
@app.task(name="renmai.reminders", queueing_lock="renmai.reminders")
def every_minute(timestamp: int) -> None:
    """Send what reminders are due."""
    overlay.refresh()
    remind(timezone.now())
