"""Rows counted and summed by a field: what boards, charts and the groups API read."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.overlay.company import company
from renmai.kernel.records.kinds import amount, plain
from renmai.kernel.records.listing import Question
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

GROUPABLE = {"choice", "pick", "link", "boolean", "country", "currency", "date"}
MAX_GROUPS = 500
HIDDEN = object()


def groupable(kind: RecordType, name: str) -> FieldSpec:
    """The field to group by.

    Raises:
        Invalid: no such field, or one whose values are too many to group.
    """
    spec = kind.fields.get(name)
    valid = sorted(spec.name for spec in kind.fields.values() if spec.kind in GROUPABLE and spec.indexed)
    if spec is None or name not in valid:
        raise Invalid({"by": [_("Rows cannot be grouped by “%(name)s”, only by: %(valid)s.") % {"name": name, "valid": ", ".join(valid)}]})
    return spec


def summable(kind: RecordType, name: str) -> FieldSpec:
    """The field to sum.

    Raises:
        Invalid: no such field, or not a number.
    """
    spec = kind.fields.get(name)
    valid = sorted(spec.name for spec in kind.fields.values() if spec.kind in {"money", "decimal", "integer"} and spec.name != "version")
    if spec is None or name not in valid:
        raise Invalid({"sum": [_("“%(name)s” cannot be summed, only: %(valid)s.") % {"name": name, "valid": ", ".join(valid)}]})
    return spec


def groups(question: Question, by: str, total: str = "") -> list[dict[str, Any]]:
    """Count and sums per value of a field.

    Returns:
        ``{"key", "label", "count", "sums": [{"currency", "sum"}], "base_sum"}`` each, most frequent first. ``base_sum`` is the sum in
        the company's currency, or None where other currencies take part.
    """
    kind = question.kind
    spec, summed = groupable(kind, by), summable(kind, total) if total else None
    currency = summed.field.currency_field if summed is not None and summed.kind == "money" else None
    keys = [spec.column, *([currency] if currency else [])]
    measures: dict[str, Any] = {"n": Count("pk")}
    if summed is not None:
        measures["s"] = Sum(summed.column)
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in question.rows().order_by().values(*keys).annotate(**measures)[: MAX_GROUPS * 4]:
        found[row[spec.column]].append(row)
    labels = labels_of(spec, list(found), question)
    if spec.kind == "link":
        _hide(found, labels)
    made = [_group(key, rows, labels, currency, summed is not None) for key, rows in found.items()]
    return sorted(made, key=lambda group: -group["count"])


def _hide(found: dict[Any, list[dict[str, Any]]], labels: dict[Any, str]) -> None:
    """Put what is linked to records that the person may not see into one group that does not tell which."""
    for key in [key for key in found if key is not None and key not in labels]:
        found[HIDDEN] += found.pop(key)
        labels[HIDDEN] = _("Hidden")


def labels_of(spec: FieldSpec, keys: list[Any], question: Question) -> dict[Any, str]:
    """What people call each value."""
    if spec.kind == "link":
        return dict(titles_of({str(spec.target): set(keys)}, question.by).get(str(spec.target), {}))
    if spec.kind == "boolean":
        return {True: _("Yes"), False: _("No")}
    known = dict(spec.choices)
    return {key: str(known.get(key, key)) for key in keys if key not in (None, "")}


def _group(key: Any, rows: list[dict[str, Any]], labels: dict[Any, str], currency: str | None, summed: bool) -> dict[str, Any]:
    base = company().currency
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows if summed else []:
        sums[row[currency] if currency else ""] += row["s"] or 0
    return {
        "key": None if key in (None, "", HIDDEN) else key if isinstance(key, bool) else str(key),
        "label": labels.get(key, _("None") if key in (None, "") else ""),
        "count": sum(row["n"] for row in rows),
        "sums": [{"currency": code or None, "sum": _text(value, code)} for code, value in sorted(sums.items())],
        "base_sum": _text(sum(sums.values(), Decimal(0)), base if currency else "") if summed and set(sums) <= {base, ""} else None,
    }


def _text(value: Decimal, currency: str) -> str:
    return amount(value, currency) if currency else plain(value)
