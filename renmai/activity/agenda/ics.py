"""Calendars as other programs read them (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vRecur

from renmai import __version__
from renmai.config.env import env
from renmai.kernel.criteria.reader import Reader

if TYPE_CHECKING:
    from renmai.activity.agenda.entries import Entry
    from renmai.kernel.access.user import User

SHORT = dt.timedelta(minutes=30)  # of what does not say how long it lasts
REFRESHED = dt.timedelta(minutes=15)
FREE = {"tasks", "follow-ups"}  # they do not keep one from meeting somebody


def written(found: Iterable[Entry], by: User, *, name: str = "", busy_only: bool = False) -> bytes:
    """A calendar file; the same entries make the same file.

    Args:
        by: in whose zone times are, and as far as whose rights reach fields are told.
        name: what the calendar is called.
        busy_only: when, and not what.
    """
    zone = Reader.of(by).zone
    made = Calendar()
    made.add("prodid", f"-//Renmai//Renmai {__version__}//EN")
    made.add("version", "2.0")
    if name:
        made.add("x-wr-calname", name)
        made.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    shown = list(found)
    for entry in shown:
        made.add_component(event(entry, by, zone, busy_only=busy_only))
    if shown:
        days = [entry.start.astimezone(zone).date() for entry in shown]
        made.add_missing_timezones(min(days) - dt.timedelta(days=366), max(days) + dt.timedelta(days=366))
    return made.to_ical()


def event(entry: Entry, by: User, zone: ZoneInfo, *, busy_only: bool = False) -> Event:
    """An entry. Its id is that of the record for good; what is in the recycle bin is cancelled."""
    record, made = entry.record, Event()
    made.add("uid", str(record.pk))
    made.add("dtstamp", _whole(record.updated_at))
    made.add("created", _whole(record.created_at))
    made.add("last-modified", _whole(record.updated_at))
    made.add("sequence", record.version - 1)
    start = entry.start.astimezone(zone)
    made.add("dtstart", start)
    made.add("dtend", entry.end.astimezone(zone) if entry.end and entry.end > entry.start else start + SHORT)
    made.add("status", "CANCELLED" if record.deleted_at else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if entry.kind.slug in FREE or record.deleted_at else "OPAQUE")
    if rule := repeats(entry):
        made.add("rrule", rule)
    if busy_only:
        made.add("summary", _("Busy"))
        made.add("class", "PRIVATE")
    else:
        _tell(made, entry, by)
    return made


def _tell(made: Event, entry: Entry, by: User) -> None:
    """What it is: title, place, words and what it is about, as far as the person may see them."""
    record, hidden = entry.record, by.access.hidden(entry.kind)
    title = entry.title or _("Without a name")
    made.add("summary", f"✓ {title}" if entry.is_done else title)
    made.add("categories", [capfirst(str(entry.kind.label))])
    made.add("url", f"{env.base_url}{entry.kind.path(record)}")
    place = "" if "place" in hidden else getattr(record, "place", "")
    link = "" if "link" in hidden else getattr(record, "link", "")
    if place or link:
        made.add("location", place or link)
    body = "" if "body" in hidden else record.body
    told = [body, ", ".join(str(one["title"]) for one in entry.about), link if place else ""]
    if text := "\n\n".join(part for part in told if part):
        made.add("description", text)


def repeats(entry: Entry) -> vRecur | None:
    """How it comes again; of a series only the next one is open, and tells it."""
    rule = "" if entry.is_done or entry.record.deleted_at else getattr(entry.record, "recurrence", "")
    return vRecur.from_ical(rule.removeprefix("RRULE:")) if rule else None


def _whole(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)
