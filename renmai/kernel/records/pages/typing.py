"""From what people type, in their own numerals and calendar, to the values that fields take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from renmai.kernel.locale.dates import format_date, format_moment, parse_date, parse_moment
from renmai.kernel.locale.numbers import parse_money, parse_number
from renmai.kernel.records.address import PARTS
from renmai.kernel.records.kinds import clock, plain
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.ui.reader import current

Errors = dict[str, list[Any]]
NUMBERS = {"integer", "decimal", "money", "percent"}
LISTS = {"tags", "links", "choices", "file"}


def typed_value(spec: FieldSpec, text: str) -> Any:
    """What was typed into one field, as the API would send it.

    Raises:
        ValueError: with a sentence, when it cannot be read.
    """
    text = text.strip().replace("\r\n", "\n")
    if not text:
        return None
    if spec.kind == "money":
        return str(parse_money(text)[0])
    if spec.kind in NUMBERS:
        return str(parse_number(text))
    if spec.kind == "date":
        return parse_date(text, current().era, current().language).isoformat()
    if spec.kind == "moment":
        return text if "T" in text else parse_moment(text, current()).isoformat()
    if spec.kind == "pick":
        return next((value for value, label in spec.choices if str(label) == text), text)
    return text


def typed_values(specs: Iterable[FieldSpec], form: QueryDict, *, prefix: str = "") -> tuple[dict[str, Any], Errors]:
    """Everything a form holds for these fields.

    Returns:
        The values by field name, and the sentences about what could not be read.
    """
    values: dict[str, Any] = {}
    errors: Errors = {}
    for spec in specs:
        name = prefix + spec.name
        try:
            values[spec.name] = _typed(spec, name, form)
        except ValueError as problem:
            errors[spec.name] = [str(problem)]
    return values, errors


def as_typed(spec: FieldSpec, form: QueryDict) -> Any:
    """What was typed into one field, to be shown again."""
    if spec.kind == "address":
        return {part: form.get(f"{spec.name}.{part}", "") for part in PARTS}
    return form.getlist(spec.name) if spec.many else form.get(spec.name, "")


def _typed(spec: FieldSpec, name: str, form: QueryDict) -> Any:
    if spec.kind == "boolean":
        return form.get(name) == "true"
    if spec.kind == "address":
        return {part: text for part in PARTS if (text := form.get(f"{name}.{part}", "").strip())} or None
    if spec.kind in LISTS:
        return [item for item in form.getlist(name) if item]
    return typed_value(spec, form.get(name, ""))


def written(spec: FieldSpec, value: Any) -> Any:
    """A stored value as it stands in a form.

    Args:
        value: as the record holds it: a date, a Decimal, an id, a list of tags.
    """
    if value is None or value == "":
        return ""
    if spec.kind == "file":
        return [file["id"] for file in value]
    if spec.kind in LISTS:
        return [str(item) for item in value]
    if spec.kind == "boolean":
        return bool(value)
    if spec.kind in NUMBERS:
        return plain(Decimal(value))
    if spec.kind == "pick":
        return str(dict(spec.choices).get(value, value))
    if spec.kind == "date":
        return value.isoformat() if current().era == "ce" else format_date(value, current(), numeric=True)
    if spec.kind == "time":
        return clock(value)
    if spec.kind == "address":
        return dict(value)
    if spec.kind == "moment":
        return _written_moment(value)
    return str(value)


def _written_moment(value: Any) -> str:
    local = timezone.localtime(value)
    return f"{local:%Y-%m-%dT%H:%M}" if current().era == "ce" else format_moment(value, current(), numeric=True)


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what was filled in, so that a new record takes the field's own defaults for the rest."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}
