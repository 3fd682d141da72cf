"""Dates in the era of the reader: Common (CE), Buddhist (BE, +543) and Minguo (ROC, -1911).

What is stored is always CE. A typed year is never guessed: one that fits another era better, or has two digits, is asked
about in a sentence that says how to write it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

from babel.dates import get_month_names
from django.utils.translation import gettext as _

from renmai.kernel.locale.digits import plain
from renmai.kernel.locale.reader import LOCALES, Reader, locale_of, zone_of

OFFSETS = {"ce": 0, "be": 543, "roc": -1911}
_DATE_PATTERNS = {
    "en": "{day} {month} {year}",
    "th": "{day} {month} {year}",
    "zh-hans": "{year}年{number}月{day}日",
    "zh-hant": "{year}年{number}月{day}日",
}
_HAN_PERIODS = {"month": "{year}年{number}月", "quarter": "{year}年第{quarter}季度", "year": "{year}年"}
_PERIOD_PATTERNS = {
    "en": {"month": "{month} {year}", "quarter": "Q{quarter} {year}", "year": "{year}"},
    "th": {"month": "{month} {year}", "quarter": "ไตรมาส {quarter}/{year}", "year": "{year}"},
    "zh-hans": _HAN_PERIODS,
    "zh-hant": _HAN_PERIODS | {"quarter": "{year}年第{quarter}季"},
}
_NUMERIC_ORDERS = {"en": "dmy", "th": "dmy", "zh-hans": "ymd", "zh-hant": "ymd"}
_YEAR_PATTERNS = {
    ("en", "be"): "{} BE",
    ("en", "roc"): "{} ROC",
    ("th", "roc"): "หมินกั๋ว {}",
    ("zh-hans", "be"): "佛历{}",
    ("zh-hans", "roc"): "民国{}",
    ("zh-hant", "be"): "佛曆{}",
    ("zh-hant", "roc"): "民國{}",
}
_BEFORE_ROC = {"en": "{} before ROC", "th": "ก่อนหมินกั๋ว {}", "zh-hans": "民国前{}", "zh-hant": "民國前{}"}
_ERA_WORDS = {
    "be": ("พุทธศักราช", "พ.ศ.", "พ.ศ", "พศ", "佛历", "佛曆", "b.e.", "be"),
    "roc": ("หมินกั๋ว", "中华民国", "中華民國", "民国", "民國", "r.o.c.", "roc"),
    "ce": ("คริสต์ศักราช", "ค.ศ.", "ค.ศ", "คศ", "公元", "西元", "c.e.", "ce", "a.d.", "ad"),
    "before-roc": ("ก่อนหมินกั๋ว", "民国前", "民國前", "before roc", "before r.o.c."),
}
_ERA_OF_WORD = {plain(word): era for era, words in _ERA_WORDS.items() for word in words}
_ERA_MARK = re.compile(
    "|".join(
        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
        for word in sorted(_ERA_OF_WORD, key=len, reverse=True)
    )
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_HAN_DATE = re.compile(r"(\d{1,5}) *年 *(\d{1,2}) *月 *(\d{1,2}) *[日号號]?")
_NUMBERS = re.compile(r"(\d{1,5})[/.\- ]+(\d{1,2})[/.\- ]+(\d{1,5})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .\-/]*([^\d\s,/\-]{2,}?)[ ,.\-/]*(\d{1,5})")
_MONTH_FIRST = re.compile(r"([^\d\s,/\-]{2,}?)[ .\-/]*(\d{1,2})(?:st|nd|rd|th)?[ ,.\-/]+(\d{1,5})")
_TIME = re.compile(
    r"(?:[ tT,]+|(?<=[日号號]))(上午|下午|am|pm)? *(\d{1,2})[:.：](\d{2})(?:[:.](\d{2})(?:\.\d+)?)? *(am|pm|น\.?)?$", re.IGNORECASE
)


class BadDate(ValueError):
    """Typed text that is no date, or could be two; its message says what to write."""


@dataclass(frozen=True, slots=True)
class _Year:
    """A year as it was typed, with the era written beside it, if any."""

    digits: str
    marked: str | None

    def common(self, era: str) -> int:
        """The CE year, reading an unmarked one in the reader's era."""
        number = int(self.digits)
        if self.marked == "before-roc":
            return 1912 - number
        if self.marked:
            return number - OFFSETS[self.marked]
        _refuse_doubtful(self.digits, era)
        return number - OFFSETS[_unmarked_era(number, era)]


def format_date(value: date, reader: Reader, *, numeric: bool = False) -> str:
    """Write a date for a person.

    Args:
        value: a CE date.
        reader: whose language and era count.
        numeric: figures only, as in a narrow column or an input; the era is then not written.

    Returns:
        Text that `parse_date` reads back to the same date for the same reader.
    """
    language = _language(reader.language)
    if numeric:
        return _numeric(value, language, reader.era)
    month = _month_names(language)[value.month]
    return _DATE_PATTERNS[language].format(
        day=value.day, month=month, number=value.month, year=_year_words(value.year, language, reader.era)
    )


def format_period(first: date, unit: str, reader: Reader) -> str:
    """Write a month, quarter or year for a person, in their era.

    Args:
        first: its first day, a CE date.
        unit: ``month``, ``quarter`` or ``year``.
    """
    language = _language(reader.language)
    year = _year_words(first.year, language, reader.era)
    named = {"month": _month_names(language)[first.month], "number": first.month, "quarter": (first.month + 2) // 3}
    return _PERIOD_PATTERNS[language][unit].format(year=year, **named)


def format_moment(value: datetime, reader: Reader, *, numeric: bool = False) -> str:
    """Write an aware moment, to the minute, in the reader's zone, language and era."""
    local = value.astimezone(zone_of(reader))
    return f"{format_date(local.date(), reader, numeric=numeric)} {local:%H:%M}"


def format_time(value: datetime, reader: Reader) -> str:
    """Write the time of day of an aware moment in the reader's zone, as 24-hour `HH:MM`."""
    return f"{value.astimezone(zone_of(reader)):%H:%M}"


def parse_date(text: str, era: str, language: str, *, order: str | None = None) -> date:
    """Read a date as a person types it.

    Understood are ISO (`2026-11-22`; from 1800 to 2399 always CE), figures in the order of the language, day and month by name in any
    of our languages, `2026年11月22日`, an era written beside the year (`พ.ศ. 2569`, `民國115年`, `BE 2569`), and digits of any script.

    Args:
        text: what was typed.
        era: `ce`, `be` or `roc`: how a year without a mark is counted.
        language: decides the order of bare figures: day first in English and Thai, year first in Chinese.
        order: `dmy`, `mdy` or `ymd` where the order is known, as for a column of a file.

    Returns:
        The CE date.

    Raises:
        BadDate: the text is no date, or its year could be of another era or century.
    """
    typed = plain(text).lower()
    if found := _ISO.fullmatch(typed):
        return _build(_Year(found[1], None), found[2], found[3], era="ce" if _is_common(found[1]) else era, text=text)
    marks = {_ERA_OF_WORD[mark] for mark in _ERA_MARK.findall(typed)}
    if len(marks) > 1:
        raise BadDate(_("“%(text)s” names two eras.") % {"text": text})
    bare = _ERA_MARK.sub(" ", typed).strip(" ,.")
    year, month, day = _parts(bare, order or _NUMERIC_ORDERS[_language(language)], text)
    return _build(_Year(year, next(iter(marks), None)), month, day, era=era, text=text)


def parse_moment(text: str, reader: Reader, *, order: str | None = None) -> datetime:
    """Read a date with an optional time of day, in the reader's zone; midnight when there is no time.

    Returns:
        The moment in UTC.

    Raises:
        BadDate: as `parse_date`, or the time of day does not exist.
    """
    typed = plain(text)
    found = _TIME.search(typed)
    day = parse_date(typed[: found.start()] if found else typed, reader.era, reader.language, order=order)
    clock = _clock(found, text) if found else time()
    return datetime.combine(day, clock, zone_of(reader)).astimezone(UTC)


def _language(language: str) -> str:
    tag = language.lower()
    return tag if tag in LOCALES else "en"


def _year_words(year: int, language: str, era: str) -> str:
    shown = year + OFFSETS[era]
    if shown < 1:
        return _BEFORE_ROC[language].format(1 - shown)
    return _YEAR_PATTERNS.get((language, era), "{}").format(shown)


def _numeric(value: date, language: str, era: str) -> str:
    year = value.year + OFFSETS[era]
    if year < 1:
        return value.isoformat()
    figures = f"{year}/{value.month:02}/{value.day:02}".split("/")
    return "/".join(figures if _NUMERIC_ORDERS[language] == "ymd" else reversed(figures))


@cache
def _month_names(language: str) -> dict[int, str]:
    return dict(get_month_names("abbreviated", locale=locale_of(language)))


@cache
def _months() -> dict[str, int]:
    """Every name of a month in our languages, lower case without points."""
    lists = [get_month_names(width, locale=locale) for width in ("wide", "abbreviated") for locale in ("en_US", "en_GB", "th_TH")]
    return {name.lower().replace(".", ""): number for names in lists for number, name in names.items()}


def _parts(typed: str, order: str, text: str) -> tuple[str, str, str]:
    """Year, month and day, still as digits."""
    if found := _HAN_DATE.fullmatch(typed):
        return found[1], found[2], found[3]
    if found := _NUMBERS.fullmatch(typed):
        return _ordered(found[1], found[2], found[3], order)
    if found := _DAY_FIRST.fullmatch(typed):
        return found[3], _month(found[2], text), found[1]
    if found := _MONTH_FIRST.fullmatch(typed):
        return found[3], _month(found[1], text), found[2]
    raise _no_date(text)


def _ordered(first: str, second: str, third: str, order: str) -> tuple[str, str, str]:
    """Figures by the order asked for; three digits or more can only be a year, wherever they stand."""
    if len(first) > 2 or (order == "ymd" and len(third) <= 2):
        return first, second, third
    return (third, first, second) if order == "mdy" else (third, second, first)


def _month(name: str, text: str) -> str:
    number = _months().get(name.replace(".", ""))
    if number is None:
        raise _no_date(text)
    return str(number)


def _is_common(year: str) -> bool:
    return 1800 <= int(year) < 2400


def _unmarked_era(number: int, era: str) -> str:
    """In the ROC era four digits can only be CE."""
    return "ce" if era == "roc" and number > 999 else era


def _refuse_doubtful(digits: str, era: str) -> None:
    """Refuse an unmarked year of two digits, and one that fits another era better."""
    number = int(digits)
    if len(digits) < 3 and era != "roc":
        raise BadDate(_("Write the year with four digits instead of “%(year)s”.") % {"year": digits})
    if era == "be" and number < 2400:
        raise BadDate(_("Is %(year)s a common year? Write %(buddhist)s, or “CE %(year)s”.") % {"year": number, "buddhist": number + 543})
    if era != "be" and 2400 <= number < 2800:
        raise BadDate(_("Is %(year)s a Buddhist year? Write %(common)s, or “BE %(year)s”.") % {"year": number, "common": number - 543})


def _build(year: _Year, month: str, day: str, *, era: str, text: str) -> date:
    try:
        return date(year.common(era), int(month), int(day))
    except BadDate:
        raise
    except ValueError as error:
        raise _no_date(text) from error


def _clock(found: re.Match[str], text: str) -> time:
    half = (found[1] or found[5] or "").lower()
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if half in {"pm", "下午"} and hour < 12:
        hour += 12
    if half in {"am", "上午"} and hour == 12:
        hour = 0
    try:
        return time(hour, minute, second)
    except ValueError as error:
        raise _no_date(text) from error


def _no_date(text: str) -> BadDate:
    return BadDate(_("“%(text)s” is not a date.") % {"text": text.strip()})
