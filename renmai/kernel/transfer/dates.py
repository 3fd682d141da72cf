"""Dates and moments as they stand in files of other systems.

What cannot be told from the text itself, day before month and the era of a year, is a setting of the import; ``find_order`` and
``find_era`` propose it from a whole column, and a date that stays doubtful is refused with a sentence instead of guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.translation import gettext as _

Order = Literal["dmy", "mdy", ""]
Era = Literal["ce", "be", "roc"]

YEARS_BEFORE_CE: dict[str, int] = {"ce": 0, "be": 543, "roc": -1911}
BUDDHIST_YEARS = range(2400, 2700)
PIVOT = 69  # POSIX: two digits below it are of this century

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?)?\s*(Z|[+-]\d\d:?\d\d)?")
_TIME = (
    r"(?P<ampm1>上午|下午|早上|晚上|凌晨|中午)?\s*(?P<hour>\d{1,2})[:.時时点點](?P<minute>\d\d)(?:[:.分](?P<second>\d\d)(?:[.,]\d+)?)?秒?"
    r"\s*(?:น\.)?\s*(?P<ampm2>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d:?\d\d)?"
)
_WITH_TIME = re.compile(rf"(?P<day>.+?)[\sT,]+(?:at\s+|เวลา\s*)?{_TIME}")
_NUMBERS = re.compile(r"(\d{1,4})\s*[/.\-\s年]\s*(\d{1,2})\s*[/.\-\s月]\s*(\d{1,4})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_WORDS = re.compile(
    r"(?:[^\W\d]{3,12}\.?,?\s+)?(?P<first>\d{1,4})(?:st|nd|rd|th)?[\s,.\-]*(?P<month>[^\W\d][\w.\u0e00-\u0e7f]*)[\s,.\-]*(?P<last>\d{2,4})"
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d]{3,12}\.?,?\s+)?(?P<month>[^\W\d][^\W\d]+)\.?[\s\-]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s,\-]+(?P<year>\d{4})"
)
_ERA_WORDS = (
    ("roc", re.compile(r"^(?:中華)?民[國国]\s*")),
    ("be", re.compile(r"พ\.?\s?ศ\.?\s*|(?<=\d)\s*BE$")),
    ("ce", re.compile(r"^(?:公元|西元)\s*|ค\.?\s?ศ\.?\s*|(?<=\d)\s*(?:CE|AD)$")),
)
_DATED = re.compile(r"\d{4}|[๐-๙]{4}|\d[/.-]\d{1,2}[/.-]\d\d|[^\W\d]{3}[\W]+\d\d$")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def parse_moment(text: str, *, order: Order = "", era: Era = "ce", zone: ZoneInfo | None = None) -> dt.datetime:
    """The moment that a text of a file names.

    Args:
        text: Date with or without a time of day; without one it is midnight.
        order: Whether day or month comes first where both are numbers; empty when nobody has said.
        era: How years are counted unless the text itself says it.
        zone: Zone of moments without an offset; UTC when not given.

    Raises:
        ValueError: With a sentence telling what is wrong or in doubt.
    """
    text = text.strip()
    if era == "ce" and (exact := _ISO.fullmatch(text)):
        return _exact(exact, zone)
    day_text, clock = _apart(text.translate(_THAI_DIGITS))
    day = _day(day_text, order, era, text)
    hour, minute, second, offset = clock
    try:
        return dt.datetime.combine(day, dt.time(hour, minute, second), offset or zone or dt.UTC)
    except ValueError:
        raise _wrong(text) from None


def parse_day(text: str, *, order: Order = "", era: Era = "ce") -> dt.date:
    """The day that a text of a file names; a time of day behind it is dropped, as files give midnight to plain dates."""
    return parse_moment(text, order=order, era=era).date()


def find_order(texts: Iterable[str]) -> tuple[Order, bool]:
    """Which of day and month comes first in a column, and whether anything is in doubt.

    Returns:
        The order that every text allows, and False; or ``""`` and True when the texts allow both or contradict each other;
        ``""`` and False when no text needs an order.
    """
    orders: set[Order] = set()
    doubtful = False
    for text in texts:
        seen = _NUMBERS.match(text.strip().translate(_THAI_DIGITS))
        if not seen or len(seen[1]) > 2 or seen[1] == seen[2]:
            continue
        doubtful = True
        if int(seen[1]) > 12:
            orders.add("dmy")
        elif int(seen[2]) > 12:
            orders.add("mdy")
    if len(orders) == 1:
        return orders.pop(), False
    return "", doubtful


def find_era(texts: Iterable[str]) -> Era | None:
    """The era of a column: Buddhist when every year lies in 2400–2699, Minguo when every one has three digits; None when mixed."""
    years = [year for text in texts if (year := _written_year(text)) is not None]
    if not years or all(1800 <= year < 2200 for year in years):
        return "ce"
    if all(year in BUDDHIST_YEARS for year in years):
        return "be"
    if all(year < 200 for year in years):
        return "roc"
    return None


def looks_like_date(text: str) -> bool:
    """A date of some order and era, not just a number."""
    if not _DATED.search(text) or (text.isdigit() and not _COMPACT.fullmatch(text)):
        return False
    for order in ("dmy", "mdy"):
        for era in ("ce", "be"):
            try:
                year = parse_moment(text, order=order, era=era).year
            except ValueError:
                continue
            if 1850 <= year <= 2150:
                return True
    return False


def _exact(seen: re.Match[str], zone: ZoneInfo | None) -> dt.datetime:
    year, month, day, hour, minute, second = (int(part or 0) for part in seen.groups()[:6])
    micro = int((seen[7] or "0").ljust(6, "0"))
    if year in BUDDHIST_YEARS:
        raise _buddhist(seen[0])
    try:
        return dt.datetime(year, month, day, hour, minute, second, micro, tzinfo=_offset(seen[8]) or zone or dt.UTC)
    except ValueError:
        raise _wrong(seen[0]) from None


def _apart(text: str) -> tuple[str, tuple[int, int, int, dt.tzinfo | None]]:
    """The day and the time of day."""
    seen = _WITH_TIME.fullmatch(text)
    if not seen:
        return text, (0, 0, 0, None)
    half = (seen["ampm2"] or seen["ampm1"] or "").lower().replace(".", "")
    hour = int(seen["hour"])
    if half in {"pm", "下午", "晚上"} and hour < 12:
        hour += 12
    elif half in {"am", "上午", "凌晨"} and hour == 12:
        hour = 0
    return seen["day"], (hour, int(seen["minute"]), int(seen["second"] or 0), _offset(seen["zone"]))


def _offset(text: str | None) -> dt.tzinfo | None:
    if not text:
        return None
    digits = re.sub(r"\D", "", text)
    if not digits:
        return dt.UTC
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    return dt.timezone(dt.timedelta(minutes=-minutes if "-" in text else minutes))


def _day(text: str, order: Order, era: Era, whole: str) -> dt.date:
    text, era = _without_era(text.strip().strip(","), era)
    if seen := _NUMBERS.fullmatch(text):
        year, month, day = _numbers(seen, order, era, whole)
    elif seen := _COMPACT.fullmatch(text):
        year, month, day = int(seen[1]), int(seen[2]), int(seen[3])
    elif (seen := _MONTH_FIRST.fullmatch(text)) and (named := _month(seen["month"])):
        year, month, day = int(seen["year"]), named, int(seen["day"])
    elif (seen := _WORDS.fullmatch(text)) and (named := _month(seen["month"])):
        year, month, day = _words(seen, named, era, whole)
    else:
        raise _wrong(whole)
    return _date(year, month, day, era, whole)


def _without_era(text: str, era: Era) -> tuple[str, Era]:
    for named, word in _ERA_WORDS:
        if word.search(text):
            return word.sub("", text, count=1).strip(), named  # type: ignore[return-value]
    return text, era


def _numbers(seen: re.Match[str], order: Order, era: Era, whole: str) -> tuple[int, int, int]:
    first, second, third = (int(part) for part in seen.groups())
    if len(seen[1]) == 4 or (era == "roc" and (first > 31 or "年" in whole)):
        return first, second, third
    if first > 12 and second > 12:
        raise _wrong(whole)
    if first == second or order == "dmy" or (not order and first > 12):
        return _full_year(seen[3], era, whole), second, first
    if order == "mdy" or second > 12:
        return _full_year(seen[3], era, whole), first, second
    raise ValueError(_("In “%(text)s” day and month cannot be told apart: set the order of dates.") % {"text": whole})


def _words(seen: re.Match[str], month: int, era: Era, whole: str) -> tuple[int, int, int]:
    if len(seen["first"]) == 4:
        return int(seen["first"]), month, int(seen["last"])
    return _full_year(seen["last"], era, whole), month, int(seen["first"])


def _full_year(digits: str, era: Era, whole: str) -> int:
    year = int(digits)
    if len(digits) > 2 or era == "roc":
        return year
    if era == "be":
        raise ValueError(_("The year of “%(text)s” has two digits: write it in full.") % {"text": whole})
    return year + (2000 if year < PIVOT else 1900)


def _date(year: int, month: int, day: int, era: Era, whole: str) -> dt.date:
    if era == "ce" and year in BUDDHIST_YEARS:
        raise _buddhist(whole)
    try:
        return dt.date(year - YEARS_BEFORE_CE[era], month, day)
    except ValueError:
        raise _wrong(whole) from None


def _wrong(text: str) -> ValueError:
    return ValueError(_("“%(text)s” is not a date.") % {"text": text[:60]})


def _buddhist(text: str) -> ValueError:
    return ValueError(_("The year of “%(text)s” looks Buddhist: set the era of dates.") % {"text": text[:60]})


def _written_year(text: str) -> int | None:
    text, era = _without_era(_apart(text.strip().translate(_THAI_DIGITS))[0].strip(), "ce")
    seen = _NUMBERS.fullmatch(text)
    parts = [seen[1], seen[3]] if seen else re.findall(r"\d+", text)
    longest = max(parts, key=len, default="")
    return int(longest) if 3 <= len(longest) <= 4 and era == "ce" else None


@lru_cache
def _months() -> dict[str, int]:
    """Every name and short form of a month in our languages."""
    names: dict[str, int] = {"sept": 9}
    for language in ("en", "th", "zh_Hans"):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale.parse(language).months[context][width].items():
                    names[_plain(str(name))] = int(number)
    return names


def _plain(name: str) -> str:
    return name.casefold().replace(".", "")


def _month(name: str) -> int | None:
    return _months().get(_plain(name))
