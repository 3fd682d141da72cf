"""Queries whose SQL is made once.

Django makes the SQL of a query anew each time it is asked, and tells each row of its neighbours, which together cost more than the
asking (measured: 1.3 ms against 0.3 ms for a person, 3 ms against 1 ms for a list). What every request reads is read here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BinaryField, Field, ForeignKey, Lookup, Model, Q, QuerySet
from django.db.models.base import ModelState
from psycopg.abc import Loader
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.string import TextLoader

Row = TypeVar("Row", bound=Model)
KNOWN = 1024
# psycopg's own are made in C: an id as an object, or a moment by the loader that Django puts in their place, takes ten times as long.
QUICK = {"timestamptz": TimestamptzLoader}
AS_TEXT = {**QUICK, "uuid": TextLoader}


class Place:
    """Stands in a query for a value that is given when it is sent."""


GIVEN: Any = Place()


@Field.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):
    """``pk__among=GIVEN``: the row is one of those whose keys are given when the query is sent."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """One parameter however many keys there are, so that the text of the query stays the same."""
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s::{self.lhs.output_field.db_type(connection)}[])", (*params, self.rhs)


@BinaryField.register_lookup
class Between(Lookup):
    """``key__between=(FIRST, END)``: the key is the first or comes after it, and stands before the end; both are given later."""

    lookup_name = "between"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Two parameters."""
        sql, params = self.process_lhs(compiler, connection)
        first, end = self.rhs
        return f"({sql} >= %s AND {sql} < %s)", (*params, first, *params, end)


@dataclass(frozen=True)
class Plan:
    """How many rows the planner believes that a query finds, and what reading all of them costs in its units."""

    rows: int
    cost: float


class Prepared(Generic[Row]):
    """A query as it is sent, again and again."""

    def __init__(self, rows: QuerySet[Row, Any]) -> None:
        """``rows`` may ask for ``pk__among=GIVEN``, or by another lookup that takes what is given.

        What it holds otherwise stays as it is. It joins nothing to its rows.
        """
        self._model: type[Any] = rows.model
        self._compiler = compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.sql: str = ""
        self.params: tuple[Any, ...] = ()
        try:
            self.sql, self.params = compiler.as_sql()
        except EmptyResultSet:
            return
        self._converters = compiler.get_converters([column[0] for column in compiler.select])

    @cached_property
    def _names(self) -> list[str]:
        """What each column is on a row."""
        annotated = {place: name for name, place in self._compiler.annotation_col_map.items()}
        return [annotated.get(place) or column[0].target.attname for place, column in enumerate(self._compiler.select)]

    def sent(self, given: Any) -> list[Any]:
        """The parameters of the query.

        Args:
            given: what stands in its only place, GIVEN; or by place, where it has several.
        """
        by_place = given if isinstance(given, dict) else {GIVEN: given}
        return [by_place[param] if isinstance(param, Place) else param for param in self.params]

    def converted(self, found: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """Rows of the database with the values that the fields make of theirs."""
        return list(self._compiler.apply_converters(found, self._converters)) if self._converters else found

    def values(self, given: Any = None) -> list[Sequence[Any]]:
        """The values of each row, as its fields make them; one query."""
        return together([(self, given)])

    def columns(self) -> list[Sequence[Any]]:
        """The values of all rows, column by column, with ids as text; one query. Equal values may be one object.

        Returns:
            As many columns as are asked for, none where nothing is found.
        """
        if not self.sql:
            return []
        columns: list[Sequence[Any]] = list(zip(*_fetched(self.sql, self.params, AS_TEXT), strict=True))
        for place, (converters, expression) in self._converters.items() if columns else ():
            columns[place] = _converted(columns[place], converters, expression)
        return columns

    def rows(self, given: Any = None) -> list[Row]:
        """The rows, with what is annotated to them; one query. Nobody is told of a row (``pre_init``, ``post_init``)."""
        return [self._row(values) for values in self.values(given)]

    def count(self, most: int) -> int:
        """How many rows there are, counted up to ``most``; one query."""
        return int(self._alone(f"SELECT count(*) FROM ({self.sql} LIMIT {most}) AS counted") or 0)  # noqa: S608 - made by Django

    def plan(self) -> Plan:
        """What the planner believes of it; one query, which reads no rows."""
        told = self._alone(f"EXPLAIN (FORMAT JSON) {self.sql}")
        if not told:
            return Plan(0, 0.0)
        plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
        return Plan(int(plan["Plan Rows"]), float(plan["Total Cost"]))

    def _alone(self, sql: str) -> Any:
        if not self.sql:
            return None
        with connection.cursor() as cursor:
            cursor.execute(sql, self.params)
            return cursor.fetchone()[0]

    def _row(self, values: Sequence[Any]) -> Row:
        row: Any = object.__new__(self._model)
        row.__dict__.update(zip(self._names, values, strict=True))
        row._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        return row  # type: ignore[no-any-return]


def _converted(column: Sequence[Any], converters: Iterable[Callable[..., Any]], expression: Any) -> list[Any]:
    """A column as its field makes it; a text that comes again, such as that of no own fields, is read once."""
    known: dict[str, Any] = {}

    def convert(value: Any) -> Any:
        for converter in converters:
            value = converter(value, expression, connection)
        return value

    for value in column:
        if isinstance(value, str) and value not in known:
            known[value] = convert(value)
    return [known[value] if isinstance(value, str) else convert(value) for value in column]


def together(asked: Iterable[tuple[Prepared[Any], Any]], loaders: Mapping[str, type[Loader]] = QUICK) -> list[Sequence[Any]]:
    """What several queries for the same columns find, each with what it is given; one query, or none where nothing can be found.

    Args:
        loaders: what reads values of some types; ``AS_TEXT`` leaves ids as text.
    """
    parts = [(query, query.sent(given)) for query, given in asked if query.sql]
    if not parts:
        return []
    sql = parts[0][0].sql if len(parts) == 1 else " UNION ALL ".join(f"({query.sql})" for query, _params in parts)
    return parts[0][0].converted(_fetched(sql, [param for _query, params in parts for param in params], loaders))


def _fetched(sql: str, params: Sequence[Any], loaders: Mapping[str, type[Loader]]) -> list[Sequence[Any]]:
    """The rows of a query, with values of some types read by loaders other than Django's."""
    with connection.cursor() as cursor:
        for name, loader in loaders.items():
            cursor.cursor.adapters.register_loader(name, loader)
        cursor.execute(sql, params)
        return cursor.fetchall()  # type: ignore[no-any-return]


_known: dict[Hashable, Any] = {}


def prepared(mark: Hashable, make: Callable[[], Any]) -> Any:
    """What is made of queries, kept for the next time.

    Args:
        mark: all that the result depends on, values included; None: it is not kept.
        make: gives the result.
    """
    if mark is None:
        return make()
    found = _known.get(mark)
    if found is None:
        if len(_known) >= KNOWN:  # all at once: what is often asked is soon there again
            _known.clear()
        found = _known[mark] = make()
    return found


def is_constant(*conditions: Q | None) -> bool:
    """Whether conditions hold nothing but values, so that equal ones make equal SQL: two queries inside them are never equal."""
    return all(
        isinstance(part, Q) or not hasattr(part, "resolve_expression")
        for condition in conditions
        if condition is not None
        for part in condition.flatten()
    )


class ByKey(Generic[Row]):
    """One table, whose rows are found by their primary keys, or by another column whose values are unique."""

    def __init__(self, rows: Callable[[], QuerySet[Row, Any]], column: str = "pk") -> None:
        """``rows`` gives all rows of the table, with what is annotated to them; it is called when first needed."""
        self._rows, self._column = rows, column

    def of(self, keys: Iterable[Any]) -> list[Row]:
        """The rows that there are of these keys, in no order; one query."""
        found: Prepared[Row] = prepared(self, lambda: Prepared(self._rows().filter(**{f"{self._column}__among": GIVEN})))
        return found.rows(list(keys))
