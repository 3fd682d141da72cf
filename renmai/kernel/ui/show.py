"""Values as their reader writes them: the filters of the templates."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel import Locale, dates, numbers
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language

LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW", "th": "th_TH"}
COLOURS = 8


def locale() -> Locale:
    """Babel's locale of the language in force."""
    return Locale.parse(LOCALES[get_language() or "en"])


def date(value: dt.date) -> str:
    return dates.format_date(value, "medium", locale())


def moment(value: dt.datetime) -> str:
    return dates.format_datetime(timezone.localtime(value), "medium", locale=locale())


def ago(value: dt.datetime) -> str:
    """How long since, in words; the date itself when it is more than a week."""
    passed = timezone.now() - value
    if abs(passed) > dt.timedelta(days=7):
        return date(timezone.localtime(value).date())
    return dates.format_timedelta(-passed, add_direction=True, locale=locale())


def number(value: Decimal | int) -> str:
    return numbers.format_decimal(value, locale=locale())


def money(value: Decimal, currency: str) -> str:
    if not currency:
        return number(value)
    return numbers.format_currency(value, currency, locale=locale())


def short_money(value: Decimal, currency: str) -> str:
    """A sum of money in the few signs that a board's column has room for."""
    return numbers.format_compact_currency(value, currency or "USD", locale=locale(), fraction_digits=1)


def percent(value: Decimal) -> str:
    return numbers.format_percent(value / 100, locale=locale(), decimal_quantization=False)


def initials(name: str) -> str:
    """One or two signs that stand for a name: the last two of a Han name, the first letters of others."""
    words = name.split()
    if not words:
        return "?"
    if "\u4e00" <= name.strip()[0] <= "\u9fff":
        return words[0][-2:]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def colour(name: str) -> int:
    """A number from 0 to 7, always the same for the same name."""
    return zlib.crc32(name.encode()) % COLOURS


def iso(value: dt.date | dt.datetime) -> str:
    """As ``<time datetime>`` and date inputs want it."""
    return value.isoformat()


FILTERS: dict[str, Callable[..., Any]] = {
    "date": date,
    "moment": moment,
    "ago": ago,
    "number": number,
    "money": money,
    "short_money": short_money,
    "percent": percent,
    "initials": initials,
    "colour": colour,
    "iso": iso,
    "capfirst": capfirst,
}
