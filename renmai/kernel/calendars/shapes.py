"""What the hours, special days and leave of a calendar accept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renmai.kernel.calendars.timetable import Span

MOST = 1_000
LONGEST_NAME = 200
MIDNIGHT = dt.time()


class Weekday(models.TextChoices):
    """Days of the week, Monday first."""

    MON = "mon", gettext_lazy("Monday")
    TUE = "tue", gettext_lazy("Tuesday")
    WED = "wed", gettext_lazy("Wednesday")
    THU = "thu", gettext_lazy("Thursday")
    FRI = "fri", gettext_lazy("Friday")
    SAT = "sat", gettext_lazy("Saturday")
    SUN = "sun", gettext_lazy("Sunday")


class DayKind(models.TextChoices):
    """How a day differs from its weekday."""

    HOLIDAY = "holiday", pgettext_lazy("calendar", "Day off")
    WORKING = "working", pgettext_lazy("calendar", "Worked all the same")


def hours(given: Any) -> list[dict[str, str]]:
    """Clean ``[{weekday, from, to}]``; ``00:00`` as an end is midnight.

    Raises:
        ValueError: with a sentence.
    """
    return [
        {"weekday": _choice(item, "weekday", Weekday), "from": _time(item, "from"), "to": _time(item, "to")}
        for item in _entries(given)
        if item.get("from") or item.get("to")
    ]


def days(given: Any) -> list[dict[str, str]]:
    """Clean ``[{on, kind, name}]``, and put it in the order of the days.

    Raises:
        ValueError: with a sentence.
    """
    found = [
        {"on": _date(item, "on"), "kind": _choice(item, "kind", DayKind), "name": _name(item)}
        for item in _entries(given)
        if item.get("on") or item.get("name")
    ]
    return sorted(found, key=lambda day: day["on"])


def leave(given: Any) -> list[dict[str, str]]:
    """Clean ``[{from, to}]``: days of leave, both included; without an end it is one day.

    Raises:
        ValueError: with a sentence.
    """
    found = []
    for item in _entries(given):
        if item.get("from") or item.get("to"):
            first = _date(item, "from")
            last = _date(item, "to") if item.get("to") else first
            if not first <= last:
                raise ValueError(_("Leave begins before it ends."))
            found.append({"from": first, "to": last})
    return sorted(found, key=lambda one: one["from"])


def days_away(entries: list[dict[str, str]]) -> frozenset[dt.date]:
    """Each day of leave."""
    spans = [(dt.date.fromisoformat(one["from"]), dt.date.fromisoformat(one["to"])) for one in entries]
    return frozenset(first + dt.timedelta(days=number) for first, last in spans for number in range(min((last - first).days, MOST) + 1))


def span(entry: dict[str, str]) -> Span:
    """The minutes of the day from and to which an entry of hours goes."""
    start, end = (dt.time.fromisoformat(entry[name]) for name in ("from", "to"))
    return start.hour * 60 + start.minute, 24 * 60 if end == MIDNIGHT else end.hour * 60 + end.minute


def _entries(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given or [], list) or not all(isinstance(item, dict) for item in given or []):
        raise ValueError(_("A list of entries is expected here."))
    if len(given or []) > MOST:
        raise ValueError(_("More than %(limit)s rows are not possible.") % {"limit": MOST})
    return list(given or [])


def _choice(item: dict[str, Any], name: str, choices: type[models.TextChoices]) -> str:
    value = item.get(name) or choices.values[0]
    if value not in choices.values:
        raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": value, "valid": ", ".join(choices.values)})
    return str(value)


def _name(item: dict[str, Any]) -> str:
    return " ".join(str(item.get("name") or "").split())[:LONGEST_NAME]


def _time(item: dict[str, Any], name: str) -> str:
    given = item.get(name)
    try:
        found = MIDNIGHT if name == "to" and given == "24:00" else parse_time(given) if isinstance(given, str) else given
    except ValueError:
        found = None
    if not isinstance(found, dt.time) or found.tzinfo is not None:
        raise ValueError(_("A time of day is written as 09:30."))
    return found.isoformat("minutes")


def _date(item: dict[str, Any], name: str) -> str:
    given = item.get(name)
    try:
        found = parse_date(given) if isinstance(given, str) else given
    except ValueError:
        found = None
    if not isinstance(found, dt.date):
        raise ValueError(_("A date is written as 2026-11-22."))
    return found.isoformat()
