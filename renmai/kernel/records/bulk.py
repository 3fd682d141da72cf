"""Writing many rows at once by PostgreSQL's COPY, which takes a tenth of the time of INSERT with values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

from renmai.kernel.records.lines import Fields, columns_of, lines, lines_of, text_of
from renmai.kernel.search.field import SearchField

AT_ONCE = 500  # lines


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
    copy_lines(model, lines(model, rows, with_identity=with_identity), with_identity=with_identity)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def copy_lines(model: type[models.Model], written: Iterable[str], *, with_identity: bool = False) -> None:
    """Insert rows that ``lines`` has written, in the running transaction.

    Raises:
        DatabaseError: a rule of the table is broken; nothing is inserted.
    """
    _copy(model, columns_of(model, with_identity=with_identity), written)


def copy_values(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of which nobody needs an instance, in the running transaction.

    Args:
        names: attributes in the order of the values (``fact_id``, not ``fact``).
        rows: clean values; columns that are not named get the database's default.
    """
    fields = [next(field for field in model._meta.concrete_fields if field.attname == name) for name in names]
    _copy(model, fields, lines_of(fields, rows))


def _copy(model: type[models.Model], fields: Fields, written: Iterable[str]) -> None:
    """Send lines, many at a time; where there is none, nothing is asked of the database."""
    rest = iter(written)
    portion = list(islice(rest, AT_ONCE))
    if not portion:
        return
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.cursor.copy(_copy_sql(model, fields)) as copy:
        while portion:
            copy.write("".join(portion))
            portion = list(islice(rest, AT_ONCE))


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
    values = [_sent(field, value) for field, value in one.items()]
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
    with cursor.cursor.copy(f"COPY renmai_new ({columns}) FROM STDIN") as copy:
        for line in lines_of(given, ([getattr(row, field.attname) for field in given] for row in rows)):
            copy.write(line)


def take_numbers(sequence_of: type[models.Model], count: int) -> list[int]:
    """The next values of the identity of a table, for rows whose key others need before they are written."""
    table = sequence_of._meta.db_table
    column = sequence_of._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count])
        return [row[0] for row in cursor.fetchall()]


def _sent(field: models.Field[Any, Any], value: Any) -> Any:
    """A value of a statement: what psycopg has no way of writing is written here."""
    return text_of(field)(value) if value is not None and isinstance(field, SearchField | models.JSONField) else value


def _copy_sql(model: type[models.Model], fields: Fields) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
