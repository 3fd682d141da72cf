"""Invitations that came as a file: each meeting in it becomes one of ours, and the same one again changes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from renmai.activity.agenda.postponing import MORNING
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.records import store
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

LARGEST = 1_000_000  # bytes
MOST = 100
SOURCE = "ics"  # the name under which the id of the invitation is kept
LINES = {"subject": 500, "place": 500}


@dataclass(frozen=True)
class Invited:
    """One meeting of the file; what the organiser called off is ``is_off``."""

    uid: str
    values: dict[str, Any]
    is_off: bool


def take_in(data: bytes, by: User) -> list[Record]:
    """Make the meetings of a file, change those that are there already, and move what was called off to the recycle bin.

    Returns:
        The meetings that stand now.

    Raises:
        Invalid: it is no calendar, holds no meeting, or too much.
        Forbidden: the person may create no meeting.
    """
    kind = registry["meetings"]
    if not by.may("create", kind):
        raise Forbidden(_("You may not create this."))
    made = []
    for invited in read(data, Reader.of(by).zone):
        there = kind.model.objects.visible_to(by).filter(external_ids__contains={SOURCE: invited.uid}).first()
        if invited.is_off:
            if there is not None:
                store.remove(kind, there.pk, by)
        elif there is not None:
            made.append(store.update(kind, there.pk, invited.values, by))
        else:
            made.append(store.create(kind, {**invited.values, "external_ids": {SOURCE: invited.uid}}, by, via="page"))
    return made


def read(data: bytes, zone: ZoneInfo) -> list[Invited]:
    """The meetings of a file; of one that repeats the first.

    Args:
        zone: where times lie that name no zone, and whole days begin.

    Raises:
        Invalid: see ``take_in``.
    """
    try:
        found = Calendar.from_ical(data) if len(data) <= LARGEST else None
    except (ValueError, IndexError, KeyError):
        found = None
    events: list[Any] = [event for event in found.walk("VEVENT") if "dtstart" in event and "uid" in event] if found is not None else []
    if not 0 < len(events) <= MOST:
        raise Invalid({"file": [_("This is no calendar file with meetings, or there are more than %(count)s in it.") % {"count": MOST}]})
    is_off = str(found.get("method", "")).upper() == "CANCEL" if found is not None else False
    firsts = {str(event["uid"]): event for event in reversed(events)}
    return [_invited(uid, event, zone, is_off=is_off) for uid, event in reversed(firsts.items())]


def _invited(uid: str, event: Event, zone: ZoneInfo, *, is_off: bool) -> Invited:
    start = _moment(event.start, zone)
    end = _moment(event.end, zone) if isinstance(event.start, dt.datetime) else None
    told = {
        "subject": str(event.get("summary", "")).strip()[: LINES["subject"]] or _("Meeting"),
        "place": str(event.get("location", "")).strip()[: LINES["place"]],
        "body": str(event.get("description", "")).strip(),
        "due_at": start.isoformat(),
        "ends_at": end.isoformat() if end is not None and end > start else None,
    }
    return Invited(uid, told, is_off or str(event.get("status", "")).upper() == "CANCELLED")


def _moment(value: dt.date | dt.datetime, zone: ZoneInfo) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, MORNING, zone)
    return value if value.tzinfo is not None else value.replace(tzinfo=zone)
