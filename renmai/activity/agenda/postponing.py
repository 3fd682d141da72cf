"""Later: to another day, at the same time of day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.activity.agenda.entries import END, lasts
from renmai.activity.agenda.hours import WorkingTime
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.records import store
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

MORNING = dt.time(9)


@dataclass(frozen=True)
class Way:
    """One of the days that are offered."""

    name: str
    label: str
    day: dt.date


def ways(by: User) -> list[Way]:
    """Tomorrow, the next working day, and the first working day of next week; the same day is offered once."""
    labels = {"tomorrow": _("Tomorrow"), "working-day": _("Next working day"), "week": _("Next week")}
    time = WorkingTime(by)
    offered = [Way(name, label, day_of(name, time)) for name, label in labels.items()]
    return [way for place, way in enumerate(offered) if way.day not in {other.day for other in offered[:place]}]


def day_of(text: str, time: WorkingTime) -> dt.date:
    """The day that is meant by ``tomorrow``, ``working-day``, ``week`` or a date.

    Raises:
        Invalid: by none.
    """
    today = timezone.now().astimezone(Reader.of(time.by).zone).date()
    if text == "working-day":
        return time.day_after(today)
    if text == "tomorrow":
        return today + dt.timedelta(days=1)
    if text == "week":
        return time.day_after(today + dt.timedelta(days=6 - today.weekday()))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid({"to": [_("A date is written as 2026-11-22.")]}) from None


def moved(kind: RecordType, record: Any, day: dt.date, zone: ZoneInfo) -> dict[str, Any]:
    """The times of an activity on another day: at the same time of day, or in the morning where it has none, and as long as before."""
    clock = record.due_at.astimezone(zone).time() if record.due_at else MORNING
    begins = dt.datetime.combine(day, clock, zone)
    values: dict[str, Any] = {"due_at": begins.isoformat()}
    if lasts(kind) and record.ends_at and record.due_at:
        values[END] = (begins.astimezone(dt.UTC) + (record.ends_at - record.due_at)).isoformat()
    return values


def postpone(kind: RecordType, record: Record, to: str, by: User, *, version: int | None = None) -> Record:
    """Move an activity to another day.

    Args:
        to: ``tomorrow``, ``working-day``, ``week`` or a date.
        version: the one that the person saw.

    Raises:
        Refusal: as ``store.update``; or ``to`` is no day.
    """
    values = moved(kind, record, day_of(to, WorkingTime(by)), Reader.of(by).zone)
    return store.update(kind, record.pk, values, by, version=version)
