"""From the text of a cell to the value of a field.

A ``Reading`` says how the texts of one import are to be taken; ``reader`` makes one function per column from it. What cannot be
read raises ``ValueError`` with a sentence: the row then comes back with it.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from renmai.kernel.locale.countries import country_code
from renmai.kernel.locale.numbers import BadNumber, parse_money
from renmai.kernel.transfer.dates import Era, Order, parse_day, parse_moment
from renmai.kernel.transfer.workbook import Cell

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec

BLANKS = (
    "-",
    "--",
    "—",
    "n/a",
    "#n/a",
    "-none-",
    "--none--",
    "(blank)",
    "(empty)",
    "select",
    "未填",
    "未填写",
    "未填寫",
)
# What programs write for nothing is also what people and places are called (Null, None, Na; Nan in Thailand), so that in texts it stays.
NAMES_TOO = frozenset({"null", "nan", "none", "na", "nil"})
NAMED = frozenset({"text", "long_text", "tags"})
YES = frozenset({"true", "yes", "y", "1", "on", "t", "是", "对", "對", "有", "✓", "x", "ใช่", "จริง"})
NO = frozenset({"false", "no", "n", "0", "off", "f", "否", "不是", "无", "無", "ไม่", "ไม่ใช่", "เท็จ"})
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_REMEMBERED = 2_000  # texts of a column: states, towns and prices come again and again


@dataclass(frozen=True)
class Reading:
    """How the texts of one import are taken.

    Attributes:
        date_order: Day or month first where both are numbers; empty refuses dates in which it matters.
        era: How years are counted: ``ce``, ``be`` (543 more) or ``roc`` (1911 less).
        decimal: The sign before decimals, ``.`` or ``,``.
        blanks: Words that mean "nothing here", compared without case.
        zone: IANA name of the zone of moments that name none.
    """

    date_order: Order = ""
    era: Era = "ce"
    decimal: str = "."
    blanks: tuple[str, ...] = BLANKS
    zone: str = "UTC"

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Reading:
        """Read from JSON; names it does not know are left alone, since a map file may come from a later version."""
        known = {each.name for each in fields(cls)}
        chosen = {name: value for name, value in given.items() if name in known}
        if "blanks" in chosen:
            chosen["blanks"] = tuple(chosen["blanks"])
        return cls(**chosen)

    def as_json(self) -> dict[str, Any]:
        """For the map file."""
        return asdict(self) | {"blanks": list(self.blanks)}


@dataclass(frozen=True)
class Taken:
    """A column's function from cell to value, with what it needs to know."""

    spec: FieldSpec
    reading: Reading
    values: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, cell: Cell) -> Any:
        """The value for ``spec.clean``; None for a blank.

        Raises:
            ValueError: With a sentence.
        """
        if not isinstance(cell, str):
            return self._read(cell)
        if cell in self._known:
            return self._known[cell]
        value = self._read(cell)
        if len(self._known) < _REMEMBERED and not isinstance(value, (list, dict)):
            self._known[cell] = value
        return value

    def _read(self, cell: Cell) -> Any:
        text = as_text(cell)
        folded = text.casefold()
        if (mapped := self._mapped_to(folded)) is not None:
            cell = text = mapped
            folded = text.casefold()
        if not text or folded in self._blanks:
            return None
        return PARSERS.get(self.spec.kind, _as_it_is)(self, cell if not isinstance(cell, str) else text)

    @cached_property
    def _known(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _blanks(self) -> frozenset[str]:
        blanks = frozenset(self.reading.blanks)
        return blanks if self.spec.kind in NAMED | {"country"} else blanks | NAMES_TOO

    def _mapped_to(self, folded: str) -> str | None:
        """What the map takes a text for; ``closed won*`` stands for all that begins so."""
        if folded in self._mapped:
            return self._mapped[folded]
        return next((new for start, new in self._starts if folded.startswith(start)), None)

    @cached_property
    def _starts(self) -> list[tuple[str, str]]:
        return [(old.casefold().rstrip("*"), new) for old, new in self.values.items() if old.endswith("*") and old.strip("*")]

    @cached_property
    def _mapped(self) -> dict[str, str]:
        return {old.casefold(): new for old, new in self.values.items()}


def as_text(cell: Cell) -> str:
    """A cell as people read it: whole numbers without a point, days without midnight."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return format(Decimal(repr(cell)), "f") if isinstance(cell, float) else str(cell)


def parse_number(text: str, decimal: str = ".") -> Decimal:
    """A number as people and other systems write it: ``1,200.50``, ``(12)``, ``$342.09K``, ``1.234,5``, ``12万``.

    Args:
        text: With or without a currency before or behind it.
        decimal: The sign before decimals, ``.`` or ``,``.

    Raises:
        ValueError: With a sentence; where only the other sign makes it a number, it says that.
    """
    if decimal == "." and _PLAIN.fullmatch(text):
        return Decimal(text)
    try:
        return parse_money(text, decimal_comma=decimal == ",")[0]
    except BadNumber:
        if _is_number(text, decimal_comma=decimal != ","):
            message = _("“%(text)s” is a number only if the other sign stands before its decimals: set the decimal sign.")
            raise ValueError(message % {"text": text[:40]}) from None
        raise


def _is_number(text: str, *, decimal_comma: bool) -> bool:
    try:
        parse_money(text, decimal_comma=decimal_comma)
    except BadNumber:
        return False
    return True


def find_decimal(texts: Iterable[str]) -> str | None:
    """The decimal sign of a column; None when the texts allow both or contradict each other."""
    found = {sign for text in texts if (sign := _decimal_of(text))}
    if found == {"?"} or len(found - {"?"}) > 1:
        return None
    return (found - {"?"}).pop() if found - {"?"} else "."


def _decimal_of(text: str) -> str:
    """``.`` or ``,`` where one number proves it, ``?`` where it might be either, empty where there is no sign."""
    signs = [char for char in text if char in ".,"]
    if not signs:
        return ""
    if len(set(signs)) == 2:
        return signs[-1]
    if len(signs) > 1:
        return "," if signs[0] == "." else "."
    behind = re.match(r"\d*", text.rpartition(signs[0])[2])
    digits = len(behind[0]) if behind else 0
    leading = re.sub(r"\D", "", text.partition(signs[0])[0])
    if digits != 3 or len(leading) > 3 or leading in {"", "0"}:
        return signs[0]
    return "?" if signs[0] == "," else "."


# --- one parser per kind


def _as_it_is(take: Taken, cell: Any) -> Any:
    return cell if isinstance(cell, str) else as_text(cell)


def _number(take: Taken, cell: Any) -> Any:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    return parse_number(as_text(cell), take.reading.decimal)


def _percent(take: Taken, cell: Any) -> Any:
    return parse_number(cell.rstrip("%％ "), take.reading.decimal) if isinstance(cell, str) else _number(take, cell)


def _integer(take: Taken, cell: Any) -> Any:
    number = _number(take, cell)
    if number != number.to_integral_value():
        raise ValueError(_("“%(text)s” is not a whole number.") % {"text": as_text(cell)[:40]})
    return int(number)


def _boolean(take: Taken, cell: Any) -> Any:
    if isinstance(cell, bool):
        return cell
    word = as_text(cell).casefold()
    if word not in YES | NO:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": word[:40]})
    return word in YES


def _date(take: Taken, cell: Any) -> Any:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else parse_day(as_text(cell), order=take.reading.date_order, era=take.reading.era)


def _moment(take: Taken, cell: Any) -> Any:
    zone = _zone(take.reading.zone)
    if isinstance(cell, dt.datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=zone)
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time(), zone)
    return parse_moment(as_text(cell), order=take.reading.date_order, era=take.reading.era, zone=zone)


def _time(take: Taken, cell: Any) -> Any:
    """Spreadsheets keep a time as a part of a day."""
    if isinstance(cell, dt.datetime):
        return cell.time()
    if isinstance(cell, float) and 0 <= cell < 1:
        return (dt.datetime.min + dt.timedelta(days=cell, seconds=30)).time()
    return cell if isinstance(cell, dt.time) else as_text(cell)


def _choice(take: Taken, cell: Any) -> Any:
    text = as_text(cell)
    known = words_of(take.spec)
    found = known.get(" ".join(text.casefold().replace("_", " ").split()))
    if found is None and take.spec.kind == "pick":
        return text
    if found is None:
        message = _("“%(text)s” is not one of: %(valid)s.")
        raise ValueError(message % {"text": text[:60], "valid": ", ".join(str(label) for _value, label in take.spec.choices)})
    return found


def _choices(take: Taken, cell: Any) -> Any:
    return [_choice(take, part) for part in _tags(take, cell)]


def _country(take: Taken, cell: Any) -> Any:
    text = as_text(cell)
    code = country_code(text)
    if code is None:
        raise ValueError(_("“%(text)s” is no country that is known by that name.") % {"text": text[:60]})
    return code


def _currency(take: Taken, cell: Any) -> Any:
    return _currency_code(as_text(cell))


@lru_cache(maxsize=256)
def _currency_code(text: str) -> str:
    named = parse_money(f"{text} 1")[1] if _is_number(f"{text} 1", decimal_comma=False) else None
    return named or text.upper()


def _tags(take: Taken, cell: Any) -> Any:
    text = as_text(cell)
    parts = next(csv.reader([text], skipinitialspace=True)) if '"' in text else re.split(r"[,;|、，]| ::: ", text)
    return [tag.strip("* ") for tag in parts if tag.strip("* ")]


def words_of(spec: FieldSpec) -> Mapping[str, str]:
    """Every word for a choice, its value and its labels in all our languages, to its value."""
    words: dict[str, str] | None = spec.__dict__.get("_words")
    if words is None:
        words = {}
        for code, _name in settings.LANGUAGES:
            with override(code):
                words |= {str(label).casefold(): value for value, label in spec.choices}
        words |= {value.casefold().replace("_", " "): value for value, _label in spec.choices}
        spec.__dict__["_words"] = words
    return words


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


PARSERS: dict[str, Callable[[Taken, Any], Any]] = {
    "integer": _integer,
    "decimal": _number,
    "money": _number,
    "percent": _percent,
    "boolean": _boolean,
    "date": _date,
    "moment": _moment,
    "time": _time,
    "choice": _choice,
    "pick": _choice,
    "choices": _choices,
    "country": _country,
    "currency": _currency,
    "tags": _tags,
}
