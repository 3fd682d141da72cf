"""From the values of a tree of criteria to typed ones, by the kind of the field they stand beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from renmai.kernel.criteria.kinds import NUMBER, TEXT
from renmai.kernel.criteria.tree import Operand, Scalar, Var
from renmai.kernel.criteria.windows import Window
from renmai.kernel.records.kinds import CLEAN, CONTROL

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec

LONGEST_TEXT = 1_000
LONGEST_LIST = 1_000
LARGEST = Decimal(10) ** 30
FINEST = -30


def operand(spec: FieldSpec, op: str, raw: Any) -> Operand:
    """The value that goes with an operator, typed.

    Args:
        spec: the field it is compared with.
        op: an operator that goes with the field's kind.
        raw: as JSON gave it.

    Raises:
        ValueError: with a sentence for people.
    """
    if op in {"is_set", "is_empty"}:
        if raw is not None and raw is not True:
            raise ValueError(_("This operator takes no value."))
        return None
    if op == "within":
        return window(raw)
    if op in {"in", "not_in"}:
        return tuple(scalar(spec, item) for item in several(raw))
    if op == "between":
        return pair(spec, raw)
    if op in {"contains", "starts_with"} and spec.kind in TEXT:
        return part(raw)
    return scalar(spec, raw)


def several(raw: Any) -> list[Any]:
    """A list of values; a variable may stand for one."""
    if isinstance(raw, dict):
        return [raw]
    if not isinstance(raw, list):
        raise ValueError(_("A list of values is expected here."))
    if len(raw) > LONGEST_LIST:
        raise ValueError(_("The list holds more than %(limit)s values.") % {"limit": LONGEST_LIST})
    return raw


def pair(spec: FieldSpec, raw: Any) -> tuple[Scalar, ...]:
    """The two ends of a stretch."""
    if not isinstance(raw, list) or len(raw) != 2:
        raise ValueError(_("Two values are expected here, the lowest and the highest."))
    return tuple(scalar(spec, item) for item in raw)


def window(raw: Any) -> Window:
    """A stretch of the calendar relative to today."""
    found = None
    if isinstance(raw, dict) and len(raw) == 1:
        found = Window.parse(*next(iter(raw.items())))
    if found is None:
        raise ValueError(_('A stretch of time is written as {"last": "30 days"}, {"next": "2 weeks"} or {"this": "month"}.'))
    return found


def part(raw: Any) -> str:
    """Text to look for inside other text."""
    found = text(raw)
    if not found:
        raise ValueError(_("Say which text to look for."))
    return found


def scalar(spec: FieldSpec, raw: Any) -> Scalar:
    """One value: a variable, or a literal of the field's kind."""
    if isinstance(raw, dict) and set(raw) == {"var"}:
        return variable(spec, raw["var"])
    return literal(spec, raw)


def variable(spec: FieldSpec, name: Any) -> Var:
    """A variable that means something for the field."""
    valid = variables(spec)
    if name not in valid:
        if not valid:
            raise ValueError(_("No variable goes with this field."))
        raise ValueError(
            _("“%(name)s” does not go with this field. Valid are: %(valid)s.") % {"name": str(name)[:40], "valid": ", ".join(valid)}
        )
    return Var(name)


def variables(spec: FieldSpec) -> list[str]:
    """The variables that mean something for a field."""
    if spec.kind in {"date", "moment"}:
        return ["today", "now"]
    if spec.kind in {"link", "links"}:
        return {"users": ["me", "my_team", "my_branch"], "teams": ["my_team", "my_branch"]}.get(spec.target or "", [])
    return []


def literal(spec: FieldSpec, raw: Any) -> Scalar:
    """A value of the field's kind."""
    if spec.kind in NUMBER - {"integer"}:
        return number(raw)
    if spec.kind in {"link", "links", "id", "abouts"}:
        return identity(raw)
    if raw is None or raw == "":
        raise ValueError(_("A value is expected here; to ask for nothing, use is_empty."))
    kind = "choice" if spec.kind == "choices" else spec.kind
    found: Scalar = LITERALS[kind](raw) if kind in LITERALS else CLEAN[kind](spec, raw)
    return found


def text(raw: Any) -> str:
    """Text that a database can hold."""
    if not isinstance(raw, str):
        raise ValueError(_("Text is expected here."))
    if len(raw) > LONGEST_TEXT:
        raise ValueError(_("The text is longer than %(limit)s characters.") % {"limit": LONGEST_TEXT})
    if CONTROL.search(raw) or any("\ud800" <= letter <= "\udfff" for letter in raw):
        raise ValueError(_("The text has characters that cannot be kept."))
    return raw


def number(raw: Any) -> Decimal:
    """A number, exactly as written."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise ValueError(_("A number is expected here."))
    try:
        found = Decimal(str(raw).strip())
    except InvalidOperation:
        raise ValueError(_("“%(value)s” is not a number.") % {"value": str(raw)[:40]}) from None
    if not found.is_finite() or abs(found) >= LARGEST or int(found.as_tuple().exponent) < FINEST:
        raise ValueError(_("“%(value)s” is not a number that can be compared.") % {"value": str(raw)[:40]})
    return found


def identity(raw: Any) -> UUID:
    """The id of a record, alone or as a link is read: ``{"id", "type", "title"}``."""
    try:
        return UUID(raw["id"] if isinstance(raw, dict) else raw)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ValueError(_("The id of a record is expected here.")) from None


def moment(raw: Any) -> dt.date | dt.datetime:
    """A moment, or a whole day; a moment without an offset is one of the reader's zone."""
    if isinstance(raw, str) and len(raw) > len("2026-11-22"):
        try:
            found = parse_datetime(raw)
            if found is not None and found.replace(tzinfo=found.tzinfo or dt.UTC).astimezone(dt.UTC):
                return found
        except (ValueError, OverflowError):
            pass
        raise ValueError(_("A moment is written as 2026-11-22T09:30:00+07:00."))
    day: dt.date = CLEAN["date"](None, raw)  # type: ignore[arg-type]
    return day


LITERALS: dict[str, Callable[[Any], Scalar]] = {
    "text": text,
    "long_text": text,
    "email": text,
    "url": text,
    "pick": text,
    "tags": text,
    "moment": moment,
}
