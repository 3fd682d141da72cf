"""What a computed field looks at, and whose values follow when that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from renmai.kernel.formula import BadFormula, Compiled, compile_formula
from renmai.kernel.formula.compile import column_sql
from renmai.kernel.overlay.computed import rollup
from renmai.kernel.overlay.computed.encode import BASE, encoded
from renmai.kernel.overlay.computed.rollup import BadRollUp, RollUp, currency_sql
from renmai.kernel.overlay.type import CustomRecord
from renmai.kernel.records.custom import PREFIX
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.overlay.field import CustomField

ABOUT = "kernel_about"
Node = tuple[str, str]


@dataclass(frozen=True)
class Dependency:
    """A table whose rows the values of a field follow.

    Attributes:
        watched: what of a row matters, as SQL with ``{x}`` for the row.
        targets: the ids of the records whose values follow from changed rows; ``{rows}`` are these, read as ``x``.
        is_of_insert: a new row matters too.
    """

    table: str
    watched: tuple[str, ...]
    targets: str
    is_of_insert: bool = True


@dataclass(frozen=True)
class Plan:
    """How one computed field is kept right: by its formula or by its roll-up."""

    made: CustomField
    kind: RecordType
    formula: Compiled | None = None
    roll: RollUp | None = None

    @property
    def node(self) -> Node:
        """Its place in the graph."""
        return self.kind.slug, f"{PREFIX}{self.made.key}"

    @property
    def table(self) -> str:
        """The table of the records that have it."""
        return str(self.kind.model._meta.db_table)

    @property
    def function(self) -> str:
        """The function that works it out for some records."""
        return f"renmai_recompute_{self.made.pk.hex}"

    @property
    def is_daily(self) -> bool:
        """It changes with the day."""
        return self.formula is not None and self.formula.is_daily

    def is_of(self, row: str) -> str:
        """Whether a row is of its type: own types share a table."""
        return f"{row}.of = '{self.kind.slug}'" if self.table == CustomRecord._meta.db_table else "true"

    def value(self) -> str:
        """The value of a formula as JSON, over a row ``r``."""
        assert self.formula is not None
        return encoded(self.made.result, self.formula.sql, currency_sql(self.kind, "r"))

    def uses(self) -> Iterator[Node]:
        """Every field that it looks at."""
        if self.roll is not None:
            yield from rollup.used(self.roll)
        for one in self.formula.used if self.formula is not None else ():
            yield str(one.link.target) if one.link else self.kind.slug, one.spec.name

    def dependencies(self) -> Iterator[Dependency]:
        """The tables whose rows it follows, besides the row itself."""
        if self.roll is not None:
            yield from _of_rollup(self, self.roll)
        for one in self.formula.used if self.formula is not None else ():
            if one.link is not None:
                targets = f"SELECT t.id FROM {self.table} t WHERE {column_sql(one.link, 't')} IN (SELECT x.id FROM {{rows}} x)"
                yield Dependency(_table(one.link), (column_sql(one.spec, "{x}"), "{x}.deleted_at"), targets, is_of_insert=False)


def _table(link: Any) -> str:
    return str(link.target_model._meta.db_table)


def _of_rollup(plan: Plan, roll: RollUp) -> Iterator[Dependency]:
    about = f"JOIN {ABOUT} a ON a.source_id = x.id"
    own = f"SELECT a.target_id FROM {{rows}} x {about}" if roll.is_about else f"SELECT {roll.owner_sql('x')} FROM {{rows}} x"
    yield Dependency(roll.table, tuple(rollup.watched(roll)), own)
    if roll.is_about:
        yield Dependency(
            ABOUT, ("{x}.target_id", "{x}.source_id"), f"SELECT x.target_id FROM {{rows}} x WHERE x.source_type = '{roll.many.slug}'"
        )
    for one in roll.looked_at:
        if one.links:
            link = column_sql(one.links[0], "x")
            rows = f"{roll.table} x {about}" if roll.is_about else f"{roll.table} x"
            owner = "a.target_id" if roll.is_about else roll.owner_sql("x")
            targets = f"SELECT {owner} FROM {rows} WHERE {link} IN (SELECT y.id FROM {{rows}} y)"
            yield Dependency(_table(one.links[0]), (column_sql(one.field, "{x}"), "{x}.deleted_at"), targets, is_of_insert=False)
    if roll.result == "money" and currency_sql(plan.kind, "t") != BASE:
        yield Dependency(plan.table, ("{x}.currency",), "SELECT x.id FROM {rows} x", is_of_insert=False)


def plan_of(made: CustomField) -> Plan:
    """How a computed field is kept right.

    Raises:
        BadFormula, BadRollUp: it makes no sense (any more).
    """
    kind = registry[made.type]
    if made.kind == "formula":
        return Plan(made, kind, formula=compile_formula(made.formula, kind))
    return Plan(made, kind, roll=rollup.resolve(made, kind))


def plans(fields: Iterable[CustomField]) -> list[Plan]:
    """How the fields are kept right, each behind those that it looks at; those that make no sense any more are left out."""
    found: dict[Node, Plan] = {}
    for made in fields:
        try:
            plan = plan_of(made)
        except (BadFormula, BadRollUp, KeyError):
            continue
        found[plan.node] = plan
    graph = {node: [used for used in plan.uses() if used in found and used != node] for node, plan in found.items()}
    return [found[node] for node in TopologicalSorter(graph).static_order()]


def cycle(plan: Plan, others: Iterable[Plan]) -> list[str]:
    """The labels of fields that would follow from each other in a circle, beginning and ending with this one; empty where none do."""
    found = {one.node: one for one in [*others, plan]}
    graph = {node: [used for used in one.uses() if used in found] for node, one in found.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as problem:
        circle = problem.args[1][:0:-1]
        place = circle.index(plan.node) if plan.node in circle else 0
        return [_called(found[node]) for node in [*circle[place:], *circle[:place], circle[place]]]
    return []


def _called(plan: Plan) -> str:
    return f"{capfirst(str(plan.kind.label_plural))}: {plan.made.label}"


def users_of(made: CustomField, others: Iterable[Plan]) -> list[Plan]:
    """The computed fields that look at a field."""
    node = (made.type, f"{PREFIX}{made.key}")
    return [plan for plan in others if plan.made.pk != made.pk and node in set(looked_at(plan))]


def looked_at(plan: Plan) -> Iterator[Node]:
    """The fields that a computed field looks at, and the links that it follows."""
    yield from plan.uses()
    if plan.roll is not None:
        slug = plan.roll.many.slug or ""
        yield from ((slug, one.links[0].name) for one in plan.roll.looked_at if one.links)
        relation = plan.kind.relations.get(plan.roll.many.name)
        if relation is not None:
            yield slug, relation.field
    for one in plan.formula.used if plan.formula is not None else ():
        if one.link is not None:
            yield plan.kind.slug, one.link.name


def quoted(body: str) -> str:
    """SQL as the body of a function, whatever stands in it."""
    tag = next(tag for number in range(1_000) if (tag := f"$renmai{number}$") not in body)
    return f"{tag}{body}{tag}"
