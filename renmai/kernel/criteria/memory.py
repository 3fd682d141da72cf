"""Criteria over one record in memory: what a rule asks about a record that is just being saved.

Holds for exactly the records that ``sql.to_q`` finds. Related rows are read from the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from renmai.kernel.criteria.folding import fold
from renmai.kernel.criteria.kinds import TEXT
from renmai.kernel.criteria.lowering import Contains, IsSet, OneOf, Span, StartsWith, Test, lower
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.sql import visible
from renmai.kernel.criteria.tree import And, Broken, Condition, Many, Node, Not, Or, Some, Total
from renmai.kernel.files.values import names
from renmai.kernel.records.about import About
from renmai.kernel.records.address import searched_line

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec

EMPTY: tuple[Any, ...] = (None, "", [], {})


def matches(node: Node, record: Any, reader: Reader) -> bool:
    """Whether a record meets criteria.

    Args:
        node: criteria over the record's type.
        record: saved or not; an unsaved one has no related rows.
        reader: who asks, and when.
    """
    match node:
        case And(parts):
            return all(matches(part, record, reader) for part in parts)
        case Or(parts):
            return any(matches(part, record, reader) for part in parts)
        case Not(part):
            return not matches(part, record, reader)
        case Condition():
            return _condition(node, record, reader)
        case Some():
            return _some(node, record, reader)
        case Total():
            end = _follow(record, node.links, reader)
            return end is not None and _total(node, end, reader)
        case Broken():
            return False


def _condition(node: Condition, record: Any, reader: Reader) -> bool:
    test, negated = lower(node, reader)
    end = _follow(record, node.links, reader)
    found = end is not None and _holds(test, node.field, _value(end, node.field))
    return found is not negated


def _some(node: Some, record: Any, reader: Reader) -> bool:
    end = _follow(record, node.links, reader)
    found = end is not None and any(True for _row in _related(node.many, end, node.where, reader))
    return found is not (node.op == "none")


def _follow(record: Any, links: tuple[FieldSpec, ...], reader: Reader) -> Any:
    """The record at the end of the links, or None where one is empty or leads to what the reader may not see."""
    for link in links:
        record = getattr(record, link.column)
        if record is None or not _may_see(record, link, reader):
            return None
    return record


def _may_see(record: Any, link: FieldSpec, reader: Reader) -> bool:
    if reader.sees_all(link.target or ""):
        return record.deleted_at is None
    return bool(visible(link.target_model, reader).filter(pk=record.pk).exists())


def _related(many: Many, record: Any, where: Node, reader: Reader) -> Iterable[Any]:
    rows = visible(many.model, reader) if many.slug else many.model._default_manager.all()
    sources = About.objects.filter(target_id=record.pk).values("source_id")
    found = rows.filter(**({many.column: record.pk} if many.column else {"pk__in": sources}))
    return (row for row in found if matches(where, row, reader))


def _total(node: Total, record: Any, reader: Reader) -> bool:
    rows = _related(node.many, record, node.where, reader)
    numbers = (_value(row, node.sum) if node.sum else 1 for row in rows)
    total = sum((Decimal(number) for number in numbers if number is not None), Decimal())
    low, high = node.value[0], node.value[-1]
    verdicts = {"lt": total < high, "lte": total <= high, "gt": total > low, "gte": total >= low, "ne": not low <= total <= high}
    return verdicts.get(node.op, low <= total <= high)


AS_TEXT: dict[str, Callable[[Any], str]] = {"address": searched_line, "file": names}


def _value(record: Any, spec: FieldSpec) -> Any:
    if spec.kind == "abouts":
        return list(About.objects.filter(source_id=record.pk).values_list("target_id", flat=True))
    value = getattr(record, spec.field.attname if spec.kind == "link" else spec.column)
    as_text = AS_TEXT.get(spec.kind)
    return as_text(value) if as_text is not None and value else value


def _holds(test: Test, spec: FieldSpec, value: Any) -> bool:
    """The test, of a stored value."""
    if isinstance(test, IsSet):
        return value not in EMPTY
    if value is None:
        return False
    if spec.kind in TEXT:
        value = fold(value)
    match test:
        case OneOf(values):
            return bool(values.intersection(value) if isinstance(value, list) else value in values)
        case Contains(text):
            return text in value
        case StartsWith(text):
            return bool(value.startswith(text))
        case Span():
            return _lies_in(test, value)


def _lies_in(span: Span, value: Any) -> bool:
    if span.low is not None and not (value >= span.low if span.with_low else value > span.low):
        return False
    return span.high is None or bool(value <= span.high if span.with_high else value < span.high)
