"""What a roll-up counts, adds up or picks out of related records, and how the database asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, TextField, Value
from django.utils.translation import gettext as _

from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.criteria.grammar import Described, manies_of, parse
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.sql import to_q
from renmai.kernel.criteria.stored import conditions
from renmai.kernel.criteria.tree import Condition, Many, Node, Some, Total, Var
from renmai.kernel.criteria.walk import leaves
from renmai.kernel.criteria.windows import Window
from renmai.kernel.formula.compile import KINDS, column_sql
from renmai.kernel.overlay.computed.encode import BASE, NUMBERS, encoded
from renmai.kernel.records.custom import COLUMN
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.overlay.field import CustomField
    from renmai.kernel.records.spec import FieldSpec

COUNT, LATEST = "count", "latest"
TIMES = frozenset({"date", "moment"})
TAKES: dict[str, frozenset[str]] = {
    "sum": NUMBERS,
    "min": NUMBERS | TIMES,
    "max": NUMBERS | TIMES,
    LATEST: frozenset(KINDS) - {"choice", "pick", "country", "currency"},
}
ROWS = "s"


class BadRollUp(ValueError):
    """What of a roll-up does not do.

    Attributes:
        field: its name among the fields of a custom field.
    """

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True)
class RollUp:
    """A roll-up that can be worked out.

    Attributes:
        kind: the type whose records get it.
        many: the related rows.
        how: ``count``, ``sum``, ``min``, ``max`` or ``latest``.
        spec: the field of the related rows that is added up or picked; None for a count.
        by: the day or moment that tells which is the latest; None but for that.
        where: which of the related rows take part.
    """

    kind: RecordType
    many: Many
    how: str
    spec: FieldSpec | None
    by: FieldSpec | None
    where: Node

    @property
    def result(self) -> str:
        """The kind of what comes out: ``number``, ``money``, ``text``, ``date``, ``moment`` or ``boolean``."""
        if self.spec is None:
            return "number"
        return "money" if self.spec.kind == "money" else KINDS[self.spec.kind]

    @property
    def table(self) -> str:
        """The table of the related rows."""
        return str(self.many.model._meta.db_table)

    @property
    def is_about(self) -> bool:
        """The related rows are activities that are about the record."""
        return not self.many.column

    @property
    def looked_at(self) -> list[Condition]:
        """Every comparison in ``where``."""
        return list(conditions(self.where))

    def owner_sql(self, row: str) -> str:
        """The id of the record that a related row counts for."""
        column = self.many.column
        if column.startswith(COLUMN):
            return f"renmai_id({row}.custom, '{column.removeprefix(COLUMN).partition('_')[2]}')"
        return f"{row}.{connection.ops.quote_name(str(self.many.model._meta.get_field(column).column))}"  # type: ignore[union-attr]

    def rows_sql(self) -> str:
        """The related rows that take part, as SQL without parameters: id, whose they are, value, when, currency."""
        model: Any = self.many.model
        rows = model.objects.live() if self.many.slug else model._default_manager.all()
        named: dict[str, Any] = {"rolled_value": F(self.spec.column) if self.spec else Value(1), "rolled_currency": self._currency()}
        if self.many.column:
            named["rolled_of"] = F(self.many.column)
        if self.by is not None:
            named["rolled_at"] = F(self.by.column)
        query = rows.filter(to_q(self.where, Reader())).order_by().annotate(**named).values("id", *named).query
        return str(connection.ops.compose_sql(*query.sql_with_params()))  # type: ignore[attr-defined]

    @property
    def currency(self) -> str:
        """The column of a related record that says what its amounts are in; empty where nothing does."""
        return str(self.spec.field.currency_field) if self.spec is not None and self.spec.kind == "money" else ""

    def _currency(self) -> Any:
        """The currency of a related row's amount; the rows of a document are in that of the document."""
        return F(self.currency) if self.currency and self.many.slug else Value("", TextField())

    def values_sql(self, ids: str) -> str:
        """A row for each of the records: its id, and the value as JSON.

        Args:
            ids: SQL of an array of ids.
        """
        table = self.kind.model._meta.db_table
        owner = "a.target_id" if self.is_about else f"{ROWS}.rolled_of"
        joined = "JOIN kernel_about a ON a.source_id = s.id" if self.is_about else ""
        grouped = (
            f"SELECT {owner} AS id, {self.found_sql()} AS v FROM ({self.rows_sql()}) {ROWS} {joined} JOIN {table} t ON t.id = {owner}"
            f" WHERE {owner} = ANY({ids}) GROUP BY {owner}, t.id"
        )
        value = "coalesce(g.v, 0)" if self.how == COUNT else "g.v"
        encoded_value = encoded(self.result, value, currency_sql(self.kind, "t"))
        return f"SELECT t.id, {encoded_value} AS v FROM {table} t LEFT JOIN ({grouped}) g ON g.id = t.id WHERE t.id = ANY({ids})"

    def found_sql(self) -> str:
        """The aggregate over the related rows of one record ``t``."""
        if self.spec is None:
            return "count(*)"
        value = f"{ROWS}.rolled_value" if KINDS[self.spec.kind] != "text" else f"NULLIF({ROWS}.rolled_value, '')"
        found = f"{self.how}({value})"
        if self.how == LATEST:
            there = f"{value} IS NOT NULL AND {ROWS}.rolled_at IS NOT NULL"
            found = f"(array_agg({value} ORDER BY {ROWS}.rolled_at DESC, {ROWS}.id DESC) FILTER (WHERE {there}))[1]"
        return f"CASE WHEN {self._one_currency()} THEN {found} END" if self.spec.kind == "money" else found

    def _one_currency(self) -> str:
        """Amounts of different currencies are not added up, nor shown as if they were in the record's own."""
        own = currency_sql(self.kind, "t")
        same = f"coalesce(NULLIF({ROWS}.rolled_currency, ''), {BASE}) = {own}" if isinstance(self.many.kind, RecordType) else "true"
        return f"bool_and({same}) FILTER (WHERE {ROWS}.rolled_value IS NOT NULL)"


def currency_sql(kind: RecordType, row: str) -> str:
    """The currency that a record's amounts are in."""
    if not any(column.name == "currency" for column in kind.model._meta.fields):
        return BASE
    return f"coalesce(NULLIF({row}.currency, ''), {BASE})"


def relations(kind: RecordType) -> dict[str, Many]:
    """The related rows that a roll-up can be over."""
    return {name: many for name, many in manies_of(kind, None).items() if many.slug is None or many.kind.rail}  # type: ignore[union-attr]


def fields_for(kind: Described, how: str) -> dict[str, FieldSpec]:
    """The fields of related rows that can be taken."""
    return {name: spec for name, spec in kind.fields.items() if spec.kind in TAKES.get(how, frozenset()) and name != "version"}


def times(kind: Described) -> dict[str, FieldSpec]:
    """The days and moments by which related rows follow each other."""
    return {name: spec for name, spec in kind.fields.items() if spec.kind in TIMES and name != "deleted_at"}


def resolve(made: CustomField, kind: RecordType) -> RollUp:
    """What a custom field rolls up.

    Raises:
        BadRollUp: it names something that does not exist or cannot be kept right.
    """
    many = relations(kind).get(made.relation)
    if many is None:
        raise BadRollUp("relation", _valid(made.relation, relations(kind)))
    if not made.aggregate:
        raise BadRollUp("aggregate", _("Say what is to be worked out."))
    spec = by = None
    if made.aggregate != COUNT:
        spec = fields_for(many.kind, made.aggregate).get(made.related_field)
        if spec is None:
            raise BadRollUp("related_field", _valid(made.related_field, fields_for(many.kind, made.aggregate)))
    if made.aggregate == LATEST:
        by = times(many.kind).get(made.latest_by or "created_at")
        if by is None:
            raise BadRollUp("latest_by", _valid(made.latest_by, times(many.kind)))
    return RollUp(kind, many, made.aggregate, spec, by, _where(made, many))


def _where(made: CustomField, many: Many) -> Node:
    try:
        node = parse(made.criteria or None, many.kind)
    except BadCriteria as problem:
        raise BadRollUp("criteria", str(problem.message)) from None
    far = (len(one.links) > 1 or one.field.kind == "abouts" for one in conditions(node))
    if any(isinstance(leaf, Some | Total) for leaf in leaves(node)) or any(far):
        raise BadRollUp("criteria", _("A roll-up can look at the fields of the related records and of what these link to, no further."))
    if any(_moves(one.value) for one in conditions(node)):
        raise BadRollUp("criteria", _("A roll-up cannot depend on the day or on who asks: its value is kept."))
    return node


def _moves(value: Any) -> bool:
    return any(isinstance(one, Var | Window) for one in (value if isinstance(value, tuple) else (value,)))


def _valid(name: str, valid: dict[str, Any]) -> str:
    return _("“%(value)s” is not one of: %(valid)s.") % {"value": name, "valid": ", ".join(sorted(valid))}


def used(roll: RollUp) -> Iterator[tuple[str, str]]:
    """Type and name of each field that it looks at."""
    slug = roll.many.slug or ""
    for spec in (roll.spec, roll.by):
        if spec is not None:
            yield slug, spec.name
    for one in roll.looked_at:
        yield (str(one.links[0].target), one.field.name) if one.links else (slug, one.field.name)


def watched(roll: RollUp) -> list[str]:
    """The values of a related row on which it depends, as SQL with ``{x}`` for the row."""
    specs = [spec for spec in (roll.spec, roll.by) if spec is not None] + [(one.links or (one.field,))[0] for one in roll.looked_at]
    found = [column_sql(spec, "{x}") for spec in specs if spec.field is not None]
    if roll.many.column:
        found.append(roll.owner_sql("{x}"))
    if roll.many.slug is not None:
        found.append("{x}.deleted_at")
        found += [f"{{x}}.{roll.currency}"] if roll.currency else []
    return list(dict.fromkeys(found))
