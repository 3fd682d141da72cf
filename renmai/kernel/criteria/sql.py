"""Criteria as a condition of the database.

Inside, SQL's NULL stands for "not known to hold"; ``IS NOT TRUE`` makes every complement exact, so NULL never leaks out. Links to
one are joined where the reader may see every record at their end, and asked with EXISTS where not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DecimalField,
    Exists,
    Func,
    Lookup,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from renmai.kernel.criteria.folding import Fold
from renmai.kernel.criteria.kinds import NUMBER, TEXT
from renmai.kernel.criteria.lowering import Contains, IsSet, OneOf, Span, StartsWith, Test, lower
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.tree import And, Broken, Condition, Many, Node, Not, Or, Some, Total
from renmai.kernel.records.about import About
from renmai.kernel.records.custom import CustomSpec

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec

LISTS = {"tags", "links", "choices"}
NUMERIC = DecimalField(max_digits=65, decimal_places=30)
TextField.register_lookup(Fold)
CharField.register_lookup(Fold)


class IsNotTrue(Func):
    """False or unknown."""

    template = "(%(expressions)s) IS NOT TRUE"
    output_field = BooleanField()
    arity = 1


class _TextLookup(Lookup):
    function: str

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, column_params = self.process_lhs(compiler, connection)
        value, value_params = self.process_rhs(compiler, connection)
        return f"{self.function}({column}, {value})", (*column_params, *value_params)


@TextField.register_lookup
class BeginsWith(_TextLookup):
    """``starts_with``: unlike LIKE, no character of the value is special."""

    lookup_name, function = "begins_with", "starts_with"


@TextField.register_lookup
class HasPart(_TextLookup):
    """The value stands somewhere in the column."""

    lookup_name, function = "has_part", "strpos"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        found, params = super().as_sql(compiler, connection)
        return f"{found} > 0", params


TRUE = Q(Value(True, output_field=BooleanField()))
FALSE = Q(Value(False, output_field=BooleanField()))


def to_q(node: Node, reader: Reader) -> Q:
    """The condition that holds for exactly the rows for which ``memory.matches`` is true.

    Args:
        node: criteria over the type whose queryset the condition will filter.
        reader: who asks, and when.
    """
    match node:
        case And(parts):
            return reduce(and_, (to_q(part, reader) for part in parts)) if parts else TRUE
        case Or(parts):
            return reduce(or_, (to_q(part, reader) for part in parts)) if parts else FALSE
        case Not(part):
            return complement(to_q(part, reader))
        case Condition():
            return _condition(node, reader)
        case Some():
            return _some(node, reader)
        case Total():
            return _over(node.links, reader, lambda prefix: _total(node, prefix, reader))
        case Broken():
            return FALSE


def complement(condition: Q) -> Q:
    """Holds exactly where the condition does not."""
    return Q(IsNotTrue(condition))


def _condition(node: Condition, reader: Reader) -> Q:
    test, negated = lower(node, reader)
    found = _over(node.links, reader, lambda prefix: _test(test, node.field, prefix + node.field.compared))
    return complement(found) if negated else found


def _some(node: Some, reader: Reader) -> Q:
    found = _over(node.links, reader, lambda prefix: Q(Exists(related(node.many, prefix, node.where, reader))))
    return complement(found) if node.op == "none" else found


def _over(links: tuple[FieldSpec, ...], reader: Reader, inner: Callable[[str], Q], prefix: str = "") -> Q:
    """``inner`` at the end of links to one, each of which must lead to a record that the reader may see."""
    if not links:
        return inner(prefix)
    link, rest = links[0], links[1:]
    column = prefix + link.column
    if reader.sees_all(link.target or "") and not isinstance(link, CustomSpec):
        return Q(**{f"{column}__deleted_at__isnull": True, f"{column}__isnull": False}) & _over(rest, reader, inner, f"{column}__")
    seen = visible(link.target_model, reader).filter(pk=OuterRef(column))
    return Q(Exists(seen.filter(_over(rest, reader, inner))))


def visible(model: Any, reader: Reader) -> QuerySet[Any]:
    """The living records of a type that the reader may see."""
    rows = model.objects.visible_to(reader.user) if reader.scoped and reader.user else model.objects.live()
    return rows.order_by()  # type: ignore[no-any-return]


def related(many: Many, prefix: str, where: Node, reader: Reader) -> QuerySet[Any]:
    """The related rows of the outer query's record that the reader may see and that meet ``where``."""
    rows = visible(many.model, reader) if many.slug else many.model._default_manager.order_by()
    if many.column:
        return rows.filter(**{many.column: OuterRef(f"{prefix}pk")}).filter(to_q(where, reader))
    about = About.objects.filter(source_id=OuterRef("pk"), target_id=OuterRef(OuterRef(f"{prefix}pk")))
    return rows.filter(Exists(about)).filter(to_q(where, reader))


def _total(node: Total, prefix: str, reader: Reader) -> Q:
    rows = related(node.many, prefix, node.where, reader)
    total = Sum(node.sum.column) if node.sum else Count("pk")
    found = Subquery(rows.values(many_total=Value(1)).annotate(found=total).values("found"), output_field=NUMERIC)
    number = Coalesce(found, Value(0, output_field=NUMERIC), output_field=NUMERIC)
    return _compare_total(node, number)


def _compare_total(node: Total, number: Coalesce) -> Q:
    low, high = node.value[0], node.value[-1]
    exactly = Q(GreaterThanOrEqual(number, low)) & Q(LessThanOrEqual(number, high))
    match node.op:
        case "lt":
            return Q(LessThan(number, high))
        case "lte":
            return Q(LessThanOrEqual(number, high))
        case "gt":
            return Q(GreaterThan(number, low))
        case "gte":
            return Q(GreaterThanOrEqual(number, low))
        case "ne":
            return complement(exactly)
        case _:
            return exactly


def _test(test: Test, spec: FieldSpec, column: str) -> Q:
    if spec.kind == "abouts":
        return _about(test, column.removesuffix(spec.column))
    folded = f"{column}__fold" if spec.kind in TEXT else column
    match test:
        case IsSet():
            return _is_set(spec, column)
        case OneOf(values):
            return _one_of(values, spec, folded)
        case Contains(text):
            return Q(**{f"{folded}__has_part": text})
        case StartsWith(text):
            return Q(**{f"{folded}__begins_with": text})
        case Span():
            return _span(test, column)


def _about(test: Test, prefix: str) -> Q:
    about = About.objects.filter(source_id=OuterRef(f"{prefix}pk"))
    return Q(Exists(about.filter(target_id__in=test.values) if isinstance(test, OneOf) else about))


def _one_of(values: frozenset[Any], spec: FieldSpec, column: str) -> Q:
    if not values:
        return FALSE
    if spec.kind in LISTS:
        return Q(**{f"{column}__overlap": sorted(values)})
    if len(values) == 1:
        return Q(**{f"{column}__exact": next(iter(values))})
    return Q(**{f"{column}__in": sorted(values)})


def _span(span: Span, column: str) -> Q:
    found = Q()
    if span.low is not None:
        found &= Q(**{f"{column}__{'gte' if span.with_low else 'gt'}": span.low})
    if span.high is not None:
        found &= Q(**{f"{column}__{'lte' if span.with_high else 'lt'}": span.high})
    return found


EMPTY_VALUES: dict[str, list[Any]] = {"ids": [{}], "custom": [{}], "json": [{}, []], "tags": [[]], "links": [[]], "choices": [[]]}
WITHOUT_EMPTY = NUMBER | {"date", "moment", "time", "boolean", "link", "id"}


def _is_set(spec: FieldSpec, column: str) -> Q:
    present = Q(**{f"{column}__isnull": False})
    empties = [] if spec.kind in WITHOUT_EMPTY else EMPTY_VALUES.get(spec.kind, [""])
    for empty in empties:
        present &= complement(Q(**{column: empty}))
    return present
