"""From a condition and a reader to the few primitive tests that SQL and memory both know.

All that could be understood in two ways — variables, stretches of the calendar, days of a moment, folding of text — is settled
here, once, so that the two can differ only in how they compare.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from renmai.kernel.criteria.folding import fold
from renmai.kernel.criteria.kinds import NEGATED, SAME_AS, TEXT
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.tree import Condition, Scalar, Var
from renmai.kernel.criteria.windows import Window, midnight, next_midnight


@dataclass(frozen=True, slots=True)
class IsSet:
    """Has a value that is not empty."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Equals one of these; of a list, holds one of these."""

    values: frozenset[Any]


@dataclass(frozen=True, slots=True)
class Span:
    """Lies between two ends, either of which may be open."""

    low: Any = None
    high: Any = None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class Contains:
    """Has this folded text in it."""

    text: str


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Begins with this folded text."""

    text: str


Test = IsSet | OneOf | Span | Contains | StartsWith


def lower(condition: Condition, reader: Reader) -> tuple[Test, bool]:
    """The primitive test of a condition.

    Returns:
        The test, and whether the condition is its complement.
    """
    op = SAME_AS.get(condition.op, condition.op)
    return _test(condition, NEGATED.get(op, op), reader), op in NEGATED


def _test(condition: Condition, op: str, reader: Reader) -> Test:
    kind, value = condition.field.kind, condition.value
    if op == "is_set":
        return IsSet()
    if isinstance(value, Window):
        return _window(kind, value, reader)
    values: tuple[Any, ...] = value if isinstance(value, tuple) else (value,)
    if kind == "moment":
        return _moments(op, values, reader)
    if kind == "date":
        return _compared(op, [_day(item, reader) for item in values])
    if kind in TEXT:
        return _text(op, [fold(item) for item in values])
    if kind in {"link", "links", "abouts"}:
        return OneOf(_ids(condition, values, reader))
    return _compared(op, list(values))


def _text(op: str, values: list[str]) -> Test:
    if op == "contains":
        return Contains(values[0])
    return StartsWith(values[0]) if op == "starts_with" else OneOf(frozenset(values))


def _ids(condition: Condition, values: tuple[Any, ...], reader: Reader) -> frozenset[Any]:
    """The ids that the reader may know of: a link to what they may not see never equals anything, so that nobody can probe for it."""
    target = condition.field.target
    named = reader.known([item for item in values if not isinstance(item, Var)], target)
    return named.union(*(reader.ids(item.name, target) for item in values if isinstance(item, Var)))


def _compared(op: str, values: list[Any]) -> Test:
    if op == "between":
        return Span(values[0], values[1])
    if op in {"lt", "lte"}:
        return Span(high=values[0], with_high=op == "lte")
    if op in {"gt", "gte"}:
        return Span(low=values[0], with_low=op == "gte")
    return OneOf(frozenset(values))


def _day(value: Scalar, reader: Reader) -> Any:
    return reader.today if isinstance(value, Var) else value


def _window(kind: str, window: Window, reader: Reader) -> Span:
    """For days the whole stretch; for moments ``last`` ends, and ``next`` begins, now."""
    first, last = window.days(reader.today)
    if kind == "date":
        return Span(first, last)
    low, high = midnight(first, reader.zone), next_midnight(last, reader.zone)
    if window.direction == "last":
        return Span(low, reader.now)
    return Span(reader.now if window.direction == "next" else low, high, with_high=False)


def _moments(op: str, values: tuple[Scalar, ...], reader: Reader) -> Test:
    """Each value is a stretch: a day from midnight to midnight, a moment without length."""
    low, high = _stretch(values[0], reader), _stretch(values[-1], reader)
    if op in {"eq", "between"}:
        return Span(low.low, high.high, with_high=high.with_high)
    if op == "lt":
        return Span(None, low.low, with_high=False)
    if op == "gte":
        return Span(low.low)
    if op == "lte":
        return Span(None, high.high, with_high=high.with_high)
    return Span(high.high, None, with_low=not high.with_high)


def _stretch(value: Scalar, reader: Reader) -> Span:
    if isinstance(value, Var):
        value = reader.now if value.name == "now" else reader.today
    if not isinstance(value, dt.datetime):
        assert isinstance(value, dt.date)
        return Span(midnight(value, reader.zone), next_midnight(value, reader.zone), with_high=False)
    moment = value if value.tzinfo else value.replace(tzinfo=reader.zone)
    return Span(moment, moment)
