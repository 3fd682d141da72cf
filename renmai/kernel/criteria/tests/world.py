"""A small world of records of every registered type, and random criteria about them.

Values come from short lists full of traps, so that random criteria and random records meet.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from hypothesis import strategies as st

from renmai.kernel.access.user import Role
from renmai.kernel.criteria.grammar import fields_of, manies_of
from renmai.kernel.criteria.kinds import AGGREGATE_OPERATORS, NUMBER, OPERATORS, TEXT
from renmai.kernel.criteria.values import variables
from renmai.kernel.records.about import About
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

NOW = dt.datetime(2026, 3, 31, 18, 30, tzinfo=dt.UTC)
ZONE = ZoneInfo("Asia/Bangkok")
TODAY = dt.date(2026, 4, 1)
PER_TYPE = 10
NOBODY = UUID(int=7)

WORDS = ["", " ", "Acme", "ACME Ltd", "ａｃｍｅ", "Straße", "STRASSE", "İzmir", "ΟΔΟΣ", "οδος", "王伟", "สมชาย ใจดี", "Å", "Å"]
WORDS += ["a_b%c\\d", "'quoted'"]
DAYS = [TODAY + dt.timedelta(days=days) for days in (-400, -91, -31, -30, -29, -7, -1, 0, 1, 7, 14, 30, 31, 92, 365)]
HOURS = [dt.timedelta(hours=hours) for hours in (-7, -1, 0, 11)]
MOMENTS = [dt.datetime.combine(day, dt.time(18, 30), dt.UTC) + hours for day in DAYS for hours in HOURS]
POOLS: dict[str, list[Any]] = {
    **dict.fromkeys(TEXT, WORDS),
    "country": ["", "TH", "CN", "TW"],
    "currency": ["", "THB", "USD"],
    "integer": [-5, 0, 1, 2, 30, 100],
    "decimal": [Decimal(text) for text in ("-1", "0", "0.0001", "1.5", "2", "1000.25")],
    "money": [Decimal(text) for text in ("-1", "0", "0.01", "1.5", "2", "1000.25")],
    "percent": [Decimal(text) for text in ("0", "12.5", "50", "100")],
    "date": DAYS,
    "moment": MOMENTS,
    "boolean": [True, False],
    "tags": [[], ["vip"], ["VIP", "ใหม่"], ["vip", "ใหม่", "冷"]],
    "ids": [{}],
    "json": [[], {}],
    "custom": [{}, {"budget": "1"}],
}
TAGS = ["vip", "VIP", "ใหม่", "冷", "none"]
SPANS = ["1 day", "7 days", "30 days", "1 week", "2 weeks", "1 month", "3 months", "1 quarter", "1 year"]


def pool(spec: FieldSpec) -> list[Any]:
    """Values that a field may hold."""
    if spec.kind == "choice":
        return [value for value, _label in spec.choices]
    values = POOLS.get(spec.kind, [])
    if spec.kind == "decimal" and spec.field is not None:
        return [value for value in values if abs(value) < 10 ** (spec.field.max_digits - spec.field.decimal_places)]
    if spec.kind == "pick":
        return [*values, *(value for value, _label in spec.choices)]
    return values


class World:
    """Records of every type, some of them deleted."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.records: dict[str, list[Any]] = defaultdict(list)
        for kind in in_order_of_need([kind for kind in registry.all() if not kind.acted]):
            for _number in range(PER_TYPE):
                self.add(kind)
        for kind in registry.all():
            for record in self.records[kind.slug]:
                self.tie(kind, record)
        for kind in registry.all():
            if any(spec.kind == "abouts" for spec in kind.fields.values()):
                for activity in self.records[kind.slug]:
                    About.replace(kind.slug, activity, self.random.sample(self.everything, self.random.randint(0, 3)))
        self.admin, self.rep = self.people()
        self.living = {kind.slug: list(kind.model.objects.live()) for kind in registry.all()}

    @property
    def everything(self) -> list[Any]:
        """All records of all types."""
        return [record for records in self.records.values() for record in records]

    def people(self) -> list[Any]:
        """Someone who sees everything, and someone who sees little."""
        people = [user for user in self.records["users"] if user.deleted_at is None and user.team_id][:2]
        for user, level in zip(people, ("all", "own"), strict=True):
            user.roles, user.active = [Role.objects.create(name=level, rights={"*": {"view": level}}).pk], True
            user.save()
        return people

    def add(self, kind: RecordType) -> None:
        """Store one record; values that the database refuses are drawn again."""
        for _attempt in range(20):
            record = kind.model(**self.values(kind.fields.values()))
            record.created_at, record.updated_at = self.random.choice(MOMENTS), self.random.choice(MOMENTS)
            record.deleted_at = NOW if self.random.random() < 0.15 else None
            if self.stored(record):
                self.records[kind.slug].append(record)
                self.fill(kind, record)
                return
        raise AssertionError(f"No values do for {kind.slug}.")

    def fill(self, kind: RecordType, record: Any) -> None:
        """Give a document rows."""
        for rows in kind.collections.values():
            for position in range(self.random.randint(0, 3)):
                row = rows.model(position=position, **self.values(rows.fields.values()), **{rows.parent: record})
                self.stored(row)

    def tie(self, kind: RecordType, record: Any) -> None:
        """Set links that may be empty, now that all records are there; those that the database refuses stay empty."""
        specs = [spec for spec in kind.fields.values() if spec.kind == "links" or (spec.kind == "link" and spec.nullable)]
        before = {spec.field.attname: getattr(record, spec.field.attname) for spec in specs}
        for values in ({spec.field.attname: self.linked(spec) for spec in specs}, before):
            for name, value in values.items():
                setattr(record, name, value)
            if self.stored(record):
                return

    def linked(self, spec: FieldSpec) -> Any:
        """Ids for a link; often none."""
        keys = [record.pk for record in self.records[spec.target or ""]]
        if spec.kind == "links":
            return self.random.sample(keys, min(len(keys), self.random.randint(0, 2)))
        return self.random.choice([None, *keys, *keys])

    def values(self, specs: Iterable[FieldSpec]) -> dict[str, Any]:
        """Random values for columns, required links among them."""
        found: dict[str, Any] = {}
        for spec in specs:
            if spec.kind == "link" and not spec.nullable:
                found[spec.field.attname] = self.random.choice(self.records[spec.target or ""]).pk
            elif spec.field is not None and (choices := pool(spec)):
                empty = spec.nullable and self.random.random() < 0.3
                found[spec.column] = None if empty else self.random.choice(choices)
        return found

    def stored(self, record: Any) -> bool:
        """Store, unless the database refuses."""
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            return False
        return True


def in_order_of_need(kinds: list[RecordType]) -> list[RecordType]:
    """Types after those that they cannot be without."""
    ordered: list[RecordType] = []

    def visit(kind: RecordType, above: tuple[str, ...] = ()) -> None:
        if kind in ordered or kind.slug in above:
            return
        specs = [*kind.fields.values(), *(spec for rows in kind.collections.values() for spec in rows.fields.values())]
        for spec in specs:
            if spec.kind == "link" and not spec.nullable:
                visit(registry[str(spec.target)], (*above, kind.slug))
        ordered.append(kind)

    for kind in kinds:
        visit(kind)
    return ordered


def as_json(value: Any) -> Any:
    """A value as a tree of criteria holds it."""
    if isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)


def literals(spec: FieldSpec, world: World) -> st.SearchStrategy[Any]:
    """Values that may stand beside a field."""
    if spec.kind in {"link", "links"}:
        found = [str(record.pk) for record in world.records[spec.target or ""]]
    elif spec.kind in {"id", "abouts"}:
        found = [str(record.pk) for record in world.everything[::5]]
    elif spec.kind == "tags":
        found = list(TAGS)
    elif spec.kind == "choices":
        found = [value for value, _label in spec.choices]
    else:
        found = [as_json(value) for value in pool(spec) if value not in ("", " ")]
    if spec.kind == "moment":
        found += [day.isoformat() for day in DAYS]
    return st.sampled_from([*found, *({"var": name} for name in variables(spec)), *([str(NOBODY)] if not found else [])])


@st.composite
def parts(draw: st.DrawFn, spec: FieldSpec) -> str:
    """A piece of some text."""
    text = draw(st.sampled_from([word for word in WORDS if word.strip()]))
    start = draw(st.integers(0, len(text) - 1))
    return text[start : start + draw(st.integers(1, 4))] if start else text[: draw(st.integers(1, len(text)))]


def operands(spec: FieldSpec, op: str, world: World) -> st.SearchStrategy[Any]:
    """Values that go with an operator."""
    one = literals(spec, world)
    if op in {"is_set", "is_empty"}:
        return st.just(None)
    if op == "within":
        windows = st.tuples(st.sampled_from(["last", "next"]), st.sampled_from(SPANS))
        this = st.tuples(st.just("this"), st.sampled_from(["day", "week", "month", "quarter", "year"]))
        return (windows | this).map(lambda pair: dict([pair]))
    if op == "between":
        return st.lists(one, min_size=2, max_size=2)
    if op in {"in", "not_in"}:
        return st.lists(one, max_size=4)
    if op in {"contains", "starts_with"} and spec.kind in TEXT:
        return parts(spec)
    return one | st.none() if op in {"eq", "ne"} else one


@st.composite
def leaves(draw: st.DrawFn, kind: Any, world: World, depth: int, prefix: str = "") -> dict[str, Any]:
    """A condition, perhaps over links or related rows."""
    specs, manies = fields_of(kind, None), manies_of(kind, None)
    links = [spec for spec in specs.values() if spec.kind == "link" and prefix.count(".") < 2]
    how = draw(st.integers(0, 9))
    if how < 2 and links:
        link = draw(st.sampled_from(links))
        return draw(leaves(registry[str(link.target)], world, depth, f"{prefix}{link.name}."))
    if how < 4 and manies and depth:
        return draw(related(manies[draw(st.sampled_from(sorted(manies)))], world, depth - 1, prefix))
    spec = specs[draw(st.sampled_from(sorted(specs)))]
    op = draw(st.sampled_from(OPERATORS[spec.kind]))
    return {"field": prefix + spec.name, "op": op, "value": draw(operands(spec, op, world))}


@st.composite
def related(draw: st.DrawFn, many: Any, world: World, depth: int, prefix: str) -> dict[str, Any]:
    """A condition over related rows."""
    where = draw(st.none() | trees(many.kind, world, depth))
    leaf: dict[str, Any] = {"field": prefix + many.name}
    if draw(st.booleans()):
        return leaf | {"op": draw(st.sampled_from(["any", "none"])), "value": where}
    sums = sorted(name for name, spec in fields_of(many.kind, None).items() if spec.kind in NUMBER)
    leaf |= {"sum": draw(st.sampled_from(sums))} if sums and draw(st.booleans()) else {"count": True}
    op = draw(st.sampled_from(AGGREGATE_OPERATORS))
    values = st.sampled_from([0, 1, 2, "1.5", "100"])
    return leaf | {"op": op, "where": where, "value": draw(st.lists(values, min_size=2, max_size=2) if op == "between" else values)}


@st.composite
def trees(draw: st.DrawFn, kind: Any, world: World, depth: int = 2) -> dict[str, Any]:
    """Criteria about a type."""
    how = draw(st.integers(0, 5)) if depth else 5
    if how == 0:
        return {"not": draw(trees(kind, world, depth - 1))}
    if how <= 2:
        return {draw(st.sampled_from(["and", "or"])): draw(st.lists(trees(kind, world, depth - 1), max_size=3))}
    return draw(leaves(kind, world, depth))
