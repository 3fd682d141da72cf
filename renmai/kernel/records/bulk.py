"""Writing many rows at once by PostgreSQL's COPY, which takes a tenth of the time of INSERT with values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from renmai.kernel.search.field import SearchField

Prepare = Callable[[Any], Any]
Prepares = list[tuple[int, Prepare]]
NOTHING: dict[type, str] = {dict: "{}", list: "[]"}


def copy_in(model: type[models.Model], rows: Iterable[models.Model], *, with_identity: bool = False) -> None:
    """Insert unsaved rows in the running transaction.

    Columns that the database fills itself (identities, ``db_default``) are left to it and not read back.

    Args:
        model: their table.
        with_identity: the rows bring their own identities (see ``take_numbers``).
        rows: instances; nothing of ``save`` is called, as with ``bulk_create``.

    Raises:
        DatabaseError: a rule of the table is broken; nothing is inserted.
    """
    rows = list(rows)
    if not rows:
        return
    sql, read, prepares = _statement(model, with_identity)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.cursor.copy(sql) as copy:
        write = copy.write_row
        for row in rows:
            write(_prepared(prepares, read(row)))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def copy_values(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of which nobody needs an instance, in the running transaction.

    Args:
        names: attributes in the order of the values (``fact_id``, not ``fact``).
        rows: clean values; columns that are not named get the database's default.
    """
    fields = [next(field for field in model._meta.concrete_fields if field.attname == name) for name in names]
    prepares = _preparations(fields)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.cursor.copy(_copy_sql(model, fields)) as copy:
        for values in rows:
            copy.write_row(_prepared(prepares, values))


def move_forward(model: type[models.Model], name: str, moments: Mapping[Any, dt.datetime]) -> None:
    """Move a moment of stored rows forward, each to its own and none back, in one statement.

    Args:
        name: the field that holds the moment.
        moments: key → moment.
    """
    quote = connection.ops.quote_name
    table, column = quote(model._meta.db_table), quote(str(model._meta.get_field(name).column))  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} old SET {column} = new.at FROM unnest(%s::uuid[], %s::timestamptz[]) new (id, at)"  # noqa: S608
            f" WHERE old.id = new.id AND (old.{column} IS NULL OR old.{column} < new.at)",
            [list(moments.keys()), list(moments.values())],
        )


def rewrite(model: type[models.Model], rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write columns of stored rows, each of which goes one version on, in the running transaction.

    What is the same in all rows stands in the statement; the rest is laid down beside the table first.

    Args:
        names: attributes that may differ from what is stored (``owner_id``, not ``owner``).
    """
    fields = [field for field in model._meta.concrete_fields if field.attname in set(names)]
    fixed = {field: getattr(rows[0], field.attname) for field in fields}
    varied = [field for field in fields if any(getattr(row, field.attname) != fixed[field] for row in rows)]
    quote = connection.ops.quote_name
    table, one = quote(model._meta.db_table), {field: fixed[field] for field in fields if field not in varied}
    sets = ["version = old.version + 1"]
    sets += [f"{quote(str(field.column))} = %s::{field.db_type(connection)}" for field in one]
    sets += [f"{quote(str(field.column))} = new.{quote(str(field.column))}" for field in varied]
    values = _prepared(_preparations(one), list(one.values()))
    keys = [row.pk for row in rows]
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if not varied:
            cursor.execute(f"UPDATE {table} old SET {', '.join(sets)} WHERE id = ANY(%s)", [*values, keys])  # noqa: S608
            return
        _lay_down(cursor, model, rows, varied)
        cursor.execute(f"UPDATE {table} old SET {', '.join(sets)} FROM renmai_new new WHERE new.id = old.id", values)  # noqa: S608
        cursor.execute("DROP TABLE renmai_new")


def _lay_down(cursor: Any, model: type[models.Model], rows: Sequence[models.Model], fields: Sequence[models.Field[Any, Any]]) -> None:
    """Copy what rows shall hold into a table of this transaction."""
    given = [model._meta.pk, *fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in given)
    cursor.execute(f"CREATE TEMP TABLE renmai_new ON COMMIT DROP AS SELECT {columns} FROM {quote(model._meta.db_table)} LIMIT 0")  # noqa: S608
    prepares = _preparations(given)
    with cursor.cursor.copy(f"COPY renmai_new ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(_prepared(prepares, [getattr(row, field.attname) for field in given]))


def take_numbers(sequence_of: type[models.Model], count: int) -> list[int]:
    """The next values of the identity of a table, for rows whose key others need before they are written."""
    table = sequence_of._meta.db_table
    column = sequence_of._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count])
        return [row[0] for row in cursor.fetchall()]


@lru_cache(maxsize=256)
def _statement(model: type[models.Model], with_identity: bool) -> tuple[str, Callable[[Any], Sequence[Any]], Prepares]:
    fields: list[models.Field[Any, Any]] = [field for field in model._meta.concrete_fields if not _is_filled(field, with_identity)]
    return _copy_sql(model, fields), attrgetter(*(field.attname for field in fields)), _preparations(fields)


def _copy_sql(model: type[models.Model], fields: Sequence[models.Field[Any, Any]]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"


def _prepared(prepares: Prepares, values: Sequence[Any]) -> list[Any]:
    row = list(values)
    for place, prepare in prepares:
        value = row[place]
        if value is not None:
            row[place] = prepare(value)
    return row


def _preparations(fields: Iterable[models.Field[Any, Any]]) -> Prepares:
    """The places of values that need one, with it."""
    found = ((place, _preparation(field)) for place, field in enumerate(fields))
    return [(place, prepare) for place, prepare in found if prepare is not None]


def _is_filled(field: models.Field[Any, Any], with_identity: bool) -> bool:
    """The database fills it."""
    return (isinstance(field, models.AutoField | models.BigAutoField) and not with_identity) or field.has_db_default()


def _preparation(field: models.Field[Any, Any]) -> Prepare | None:
    """What turns a Python value into one that psycopg sends; None where it needs nothing."""
    if isinstance(field, SearchField):
        return tsvector
    if isinstance(field, models.JSONField):
        return partial(_as_json, (field.encoder or json.JSONEncoder)().encode)
    if isinstance(field, ArrayField):
        return list
    if isinstance(field.target_field if isinstance(field, models.ForeignKey) else field, models.UUIDField):
        return attrgetter("hex")  # psycopg writes an id in Python, which costs half of the time of a row
    return None


def _as_json(encode: Callable[[Any], str], value: Any) -> str:
    """Most rows have no own fields, ids elsewhere or addresses."""
    return NOTHING[type(value)] if type(value) in NOTHING and not value else encode(value)


def tsvector(lexemes: Iterable[str]) -> str:
    """Lexemes as the text of a ``tsvector``; such a text stays as it is."""
    if isinstance(lexemes, str):
        return lexemes
    joined = "\n".join(lexemes)
    if "'" in joined or "\\" in joined:
        joined = joined.replace("\\", "\\\\").replace("'", "''")
    return "'" + joined.replace("\n", "' '") + "'" if joined else ""
