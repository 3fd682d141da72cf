"""Fields that a person does not see on some rows of a type, though they see the rows.

A way in says which (``Way.hides``). Whoever has no other way to a row then reads another table: each statement that names it is sent with
a common table expression of the same name, in which those fields of those rows are empty. So lists, filters, sorts, groups, sums, charts,
search and whatever comes later neither show nor match what is hidden, and none of them knows of it. What locks rows reads them as they are,
since they are written back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.backends.signals import connection_created
from django.db.models import Exists, OuterRef, Q

from renmai.kernel.access.reading import reads, seeing_all
from renmai.kernel.records.custom import PREFIX
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.access.visible import Way

NAMED = re.compile(r"\w+")
TABLE = re.compile(r'(FROM|JOIN) "')
BEGINNING = re.compile(r"\s*(?:EXPLAIN(?:\s*\([^)]*\)|\s+ANALYZE|\s+VERBOSE)*\s*)?(WITH\s+(?:RECURSIVE\s+)?)?", re.IGNORECASE)
READS = re.compile(r"\s*(?:SELECT|EXPLAIN|WITH|TABLE|\()", re.IGNORECASE)
WRITES = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b")
SHORTEST_SECRET = 3
LOCKS = (" FOR UPDATE", " FOR NO KEY UPDATE", " FOR SHARE")


class Masked:
    """A type as one person sees it.

    Args:
        masks: the ways in that hide fields; their conditions are about columns of the row itself.
        seen: conditions that open a row in full.
    """

    def __init__(self, kind: RecordType, masks: Sequence[Way], seen: Iterable[Q]) -> None:
        self.kind, self.masks = kind, masks
        opened = any_of(seen)
        rows: Any = kind.model._base_manager
        self._others = ~Q(Exists(rows.filter(pk=OuterRef("pk")).filter(opened).order_by().values("pk"))) if opened else Q()

    @property
    def table(self) -> str:
        """Name of its table."""
        return str(self.kind.model._meta.db_table)

    @cached_property
    def names(self) -> set[str]:
        """Every field that is hidden on some row."""
        return {name for mask in self.masks for name in mask.hides}

    def of(self, keys: Iterable[Any]) -> dict[Any, frozenset[str]]:
        """What is hidden of some records, by id; one query, which reads the present."""
        flags = {
            f"mask_{place}": models.Case(
                models.When(mask.rows & self._others, then=True), default=False, output_field=models.BooleanField()
            )
            for place, mask in enumerate(self.masks)
        }
        rows: Any = self.kind.model._base_manager.filter(pk__in=list(keys))
        found = {}
        with seeing_all():
            for key, *hidden in rows.annotate(**flags).values_list("pk", *flags):
                names = frozenset().union(*(mask.hides for mask, is_hidden in zip(self.masks, hidden, strict=True) if is_hidden))
                if names:
                    found[key] = names
        return found

    def over(self, source: str, *, of_past: bool = False) -> str:
        """The table as the person sees it.

        Args:
            source: what stands in its place else: its name, or a query.
            of_past: the source is the past; who may see what is a matter of the present.
        """
        table = quoted(self.table)
        columns = [self._column(field, of_past=of_past) for field in self.kind.model._meta.concrete_fields]
        return f"SELECT {', '.join(columns)} FROM {source} AS {table}"  # noqa: S608 - names and conditions of our own

    def _column(self, field: Any, *, of_past: bool) -> str:
        column = f"{quoted(self.table)}.{quoted(field.column)}"
        hidden = self._hidden({name for name in self.names if _column_of(self.kind, name) == field.column}, of_past=of_past)
        own = {name.removeprefix(PREFIX) for name in self.names if name.startswith(PREFIX)} if field.column == "custom" else set()
        if own:
            value = column
            for key in sorted(own):
                value = f"CASE WHEN {self._hidden({PREFIX + key}, of_past=of_past)} THEN {value} - '{key}' ELSE {value} END"
            return f"{value} AS {quoted(field.column)}"
        return f"CASE WHEN {hidden} THEN {_empty(field)} ELSE {column} END AS {quoted(field.column)}" if hidden else column

    def _hidden(self, names: set[str], *, of_past: bool) -> str:
        """The condition of the rows of which one of some fields is hidden, as SQL; empty where there are none."""
        rows = [mask.rows for mask in self.masks if mask.hides & names]
        if not rows:
            return ""
        told = _where(self.kind.model, any_of(rows) & self._others)
        if not of_past:
            return told
        table = quoted(self.table)
        return f'{table}."id" IN (SELECT {table}."id" FROM {located(self.table)} AS {table} WHERE {told})'  # noqa: S608 - as above


def _column_of(kind: RecordType, name: str) -> str:
    spec = kind.fields.get(name)
    return str(spec.field.column) if spec is not None and spec.field is not None and not name.startswith(PREFIX) else ""


def _empty(field: Any) -> str:
    """How a column reads that holds nothing."""
    if isinstance(field, models.JSONField):
        return "'{}'::jsonb" if field.default is dict else "'[]'::jsonb"
    if isinstance(field, ArrayField):
        return "'{}'"
    return "''" if isinstance(field, models.TextField) else "NULL"


def _where(model: Any, condition: Q) -> str:
    """A condition as SQL over the table by its own name, with its values in it."""
    database: Any = connection
    query = model._base_manager.filter(condition).order_by().query
    sql, params = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.where)
    return TABLE.sub(rf'\1 {_schema()}"', str(database.ops.compose_sql(sql, params)))


def any_of(conditions: Iterable[Q]) -> Q:
    """The condition that holds where one of some holds."""
    return reduce(or_, conditions, Q())


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return str(connection.ops.quote_name(name))


def located(table: str) -> str:
    """A table where it stands, which no common table expression of its name hides."""
    return f"{_schema()}{quoted(table)}"


def _schema() -> str:
    from renmai.kernel.history.past import schema

    return f'"{schema()}".'


def masks_of(user: User) -> dict[str, Masked]:
    """The types of which a person does not see every field of every row, by their tables."""
    from renmai.kernel.access.visible import ways

    found = {}
    for table, kind in masking().items():
        opened = ways(user, kind.model)
        if masks := [way for way in opened if way.hides]:
            found[table] = Masked(kind, masks, [way.rows for way in opened if not way.hides])
    return found


@lru_cache(maxsize=1)
def masking() -> dict[str, RecordType]:
    """The types that open ways of their own, which may hide fields, by their tables."""
    return {kind.model._meta.db_table: kind for kind in registry.coded() if type(kind).further_ways is not RecordType.further_ways}


def masked(kind: RecordType, keys: Sequence[Any], by: User | None) -> dict[Any, frozenset[str]]:
    """The names of the fields that a person does not see of some records, by their ids; empty where they see all of all."""
    found = by.access.masks.get(kind.model._meta.db_table) if by is not None else None
    return found.of(keys) if found is not None and keys else {}


def hidden_of(kind: RecordType, key: Any, by: User) -> set[str]:
    """The names of all fields that a person does not see of one record, by their role or by a mask."""
    return by.access.hidden(kind) | masked(kind, [key], by).get(key, frozenset())


def secrets_of(kind: RecordType, key: Any, names: Iterable[str]) -> list[str]:
    """What some fields of a record hold, as texts, so that it can be left out where it was copied to."""
    with seeing_all():
        record = kind.model._base_manager.filter(pk=key).first()
    values = [kind.fields[name].read(record) for name in names if name in kind.fields] if record is not None else []
    return [text for value in values if len(text := str(value or "")) >= SHORTEST_SECRET]


def present() -> dict[str, Masked]:
    """What whoever reads now does not see, by table."""
    by = reads()
    if by is None:
        return {}
    with seeing_all():
        return by.access.masks


def _mask(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Send a statement with the tables as they are seen; one of the past gets them from there."""
    if reads() is None or not isinstance(sql, str) or not _only_reads(sql):
        return execute(sql, params, many, context)
    from renmai.kernel.history.past import moment

    if moment() is not None or not any(name in sql for name in masking()):
        return execute(sql, params, many, context)
    found, named = present(), dict.fromkeys(NAMED.findall(sql))
    tables = [f"{quoted(name)} AS NOT MATERIALIZED ({found[name].over(located(name))})" for name in named if name in found]
    return execute(_with(sql, ", ".join(tables), params) if tables else sql, params, many, context)


def _only_reads(sql: str) -> bool:
    """Whether a statement, in whatever way it was written, neither writes nor locks rows in order to."""
    return bool(READS.match(sql)) and not any(lock in sql for lock in LOCKS) and not WRITES.search(sql)


def _with(sql: str, tables: str, params: Any) -> str:
    """A statement with further tables in front of its own."""
    if params is not None:
        tables = tables.replace("%", "%%")
    beginning: Any = BEGINNING.match(sql)
    place = beginning.end()
    return f"{sql[:place]}{tables}, {sql[place:]}" if beginning[1] else f"{sql[:place]}WITH {tables} {sql[place:]}"


def _wear(connection: Any, **_rest: Any) -> None:
    """Every connection reads through the masks."""
    if _mask not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _mask)


connection_created.connect(_wear)
