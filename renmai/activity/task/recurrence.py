"""When a task comes again: an RRULE of RFC 5545, reckoned by the clock on the wall of whoever does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _

PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
LONGEST = 200
MOST = 1000
HORIZON = dt.timedelta(days=366 * 12)  # a leap day comes at least every eight years


@dataclass(frozen=True)
class Recurrence:
    """A rule, taken apart.

    Attributes:
        rule: the RRULE without its end.
        count: how many times in all; None without such an end.
        until: the last moment, on the wall; None without such an end.
    """

    rule: str
    count: int | None
    until: dt.datetime | None

    @classmethod
    def read(cls, text: str, zone: ZoneInfo) -> Recurrence:
        """Read a rule, ``FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10``.

        Raises:
            ValueError: with a sentence.
        """
        pairs = [part.partition("=") for part in text.upper().removeprefix("RRULE:").split(";")]
        parts = {name: value for name, _equals, value in pairs}
        if len(text) > LONGEST or len(parts) < len(pairs) or not set(parts) <= PARTS or not all(parts.values()):
            raise ValueError(_("A recurrence is written as in RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TH."))
        if parts.get("FREQ") not in FREQUENCIES:
            raise ValueError(_("Tasks repeat by days, weeks, months or years, not more often."))
        try:
            count = int(parts.pop("COUNT")) if "COUNT" in parts else None
            until = _until(parts.pop("UNTIL"), zone) if "UNTIL" in parts else None
            rule = ";".join(f"{name}={value}" for name, value in parts.items())
            rrulestr(rule, dtstart=dt.datetime(2026, 1, 1))
            is_small = int(parts.get("INTERVAL", 1)) in range(1, MOST) and (count is None or count in range(1, MOST + 1))
        except (ValueError, TypeError, KeyError, AttributeError):
            is_small = False
        if not is_small:
            raise ValueError(_("A recurrence is written as in RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TH."))
        return cls(rule, count, until)

    def after(self, moment: dt.datetime, begins: dt.datetime) -> dt.datetime | None:
        """The first time later than ``moment``, of those since ``begins``, all on the wall; None where there is none."""
        return next((found for found in self._times(begins, max(moment, begins) + HORIZON) if found > moment), None)

    def _times(self, begins: dt.datetime, horizon: dt.datetime) -> Iterator[dt.datetime]:
        last = min(self.until, horizon) if self.until is not None else horizon
        for number, found in enumerate(rrulestr(self.rule, dtstart=begins).replace(until=last), start=1):
            if self.count is not None and number > self.count:
                return
            yield found


def _until(text: str, zone: ZoneInfo) -> dt.datetime:
    """The last moment, on the wall; a day alone counts to its end."""
    if "T" not in text:
        return dt.datetime.combine(dt.datetime.strptime(text, "%Y%m%d").date(), dt.time.max)
    found = dt.datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")
    return found.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None) if text.endswith("Z") else found
