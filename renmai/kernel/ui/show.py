"""Values as their reader writes them: the filters of the templates."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date as format_plain_date
from babel.dates import format_skeleton, format_timedelta
from babel.units import format_unit
from django.utils import timezone
from django.utils.text import capfirst

from renmai.kernel.locale.dates import format_date, format_moment, format_time
from renmai.kernel.locale.numbers import format_money, format_number, format_percent
from renmai.kernel.locale.numbers import short_money as shortened
from renmai.kernel.locale.reader import locale_of
from renmai.kernel.ui.reader import current

COLOURS = 8
PALETTE = {"grey", "red", "orange", "yellow", "green", "teal", "blue", "purple"}
UNIT = 1000
RECENT = dt.timedelta(days=7)


def date(value: dt.date) -> str:
    """A day, with the month by name."""
    return format_date(value, current())


def local_day(value: dt.datetime) -> str:
    """The day that it was for the reader."""
    return date(timezone.localtime(value).date())


def moment(value: dt.datetime) -> str:
    """A day and the time of day in the reader's zone."""
    return format_moment(value, current())


def hour(value: dt.datetime) -> str:
    """The time of day in the reader's zone."""
    return format_time(value, current())


def weekday(value: dt.date) -> str:
    """The day of the week, short."""
    return format_plain_date(value, "EEE", locale=locale_of(current().language))


def weekday_long(value: dt.date) -> str:
    """The day of the week in full."""
    return format_plain_date(value, "EEEE", locale=locale_of(current().language))


def short_day(value: dt.date) -> str:
    """Day and month, without the year."""
    return format_skeleton("MMMd", value, locale=locale_of(current().language))


def clock(value: dt.time) -> str:
    """A time of day, to the minute."""
    return f"{value:%H:%M}"


def ago(value: dt.datetime) -> str:
    """How long since, in words; the day itself when it is more than a week."""
    passed = timezone.now() - value
    if abs(passed) > RECENT:
        return date(timezone.localtime(value).date())
    return format_timedelta(-passed, add_direction=True, locale=Locale.parse(locale_of(current().language)))


def duration(value: dt.timedelta) -> str:
    """How long something takes, in the largest unit that says it well."""
    return format_timedelta(value, locale=Locale.parse(locale_of(current().language)))


def number(value: Decimal | int) -> str:
    """A number, with as many places as it has."""
    return format_number(value.normalize() + 0 if isinstance(value, Decimal) else value, current().language)


def money(value: Decimal | str, currency: str | None) -> str:
    """An amount with the sign of its currency."""
    return format_money(Decimal(value), currency, current().language) if currency else number(Decimal(value))


def price(value: Decimal, currency: str) -> str:
    """What one piece costs, with the sign of its currency: to the places of the currency, or as many more as it has."""
    return format_money(value, currency, current().language, places=max(0, -int(value.normalize().as_tuple().exponent)))


def short_money(value: Decimal | str, currency: str | None) -> str:
    """An amount in the few signs that the head of a column has room for."""
    return shortened(Decimal(value), currency or "", current().language)


def percent(value: Decimal) -> str:
    """A percentage, without zeros at its end."""
    return format_percent(value.normalize() + 0, current().language)


def initials(name: str) -> str:
    """One or two signs that stand for a name: the last two of a Han name, the first letters of others."""
    words = name.split()
    if not words:
        return "?"
    if "\u4e00" <= words[0][0] <= "\u9fff":
        return words[0][-2:]
    return "".join(_first_letter(word) for word in {words[0]: 1, words[-1]: 1}).upper()


def _first_letter(word: str) -> str:
    """The first letter that can stand alone: Thai vowels that are written before their consonant cannot."""
    bare = word.lstrip("เแโใไ\"'(“")
    return (bare or word)[0]


def colour(name: str) -> int:
    """A number from 0 to 7, always the same for the same name."""
    return zlib.crc32(name.encode()) % COLOURS


def iso(value: dt.date | dt.datetime) -> str:
    """As ``<time datetime>`` wants it."""
    return value.isoformat()


def size(value: int) -> str:
    """A number of bytes, in the unit that people use for that many."""
    unit, amount = "byte", float(value)
    for larger in ("kilobyte", "megabyte", "gigabyte"):
        if amount < UNIT:
            break
        unit, amount = larger, amount / UNIT
    return format_unit(amount, f"digital-{unit}", "short", format="#,##0.#", locale=Locale.parse(locale_of(current().language)))


FILTERS: dict[str, Callable[..., Any]] = {
    "date": date,
    "local_day": local_day,
    "moment": moment,
    "hour": hour,
    "weekday": weekday,
    "weekday_long": weekday_long,
    "short_day": short_day,
    "ago": ago,
    "duration": duration,
    "number": number,
    "money": money,
    "short_money": short_money,
    "percent": percent,
    "initials": initials,
    "colour": colour,
    "iso": iso,
    "bytes": size,
    "capfirst": capfirst,
}
