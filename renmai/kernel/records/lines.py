"""Rows as the lines of text that PostgreSQL's COPY takes, with all that depends on the column alone decided once per table.

See docs/decisions/0122-rows-are-written-as-lines.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renmai.kernel.records.blank import same_for_all
from renmai.kernel.search.field import SearchField

Write = Callable[[Any], str]
Lines = dict[type[models.Model], list[str]]
Fields = Sequence["models.Field[Any, Any]"]
NULL = r"\N"
EMPTY: dict[type, str] = {dict: "{}", list: "[]"}
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
QUOTED = str.maketrans({"\\": r"\\", '"': r"\""})


class Column(NamedTuple):
    """One column of a table.

    Attributes:
        usual: the value that most rows hold, which is the very object of the model's default.
        said: that value as text.
        write: any other value but None as text.
    """

    usual: Any
    said: str
    write: Write


def lines(model: type[models.Model], rows: Iterable[models.Model], *, with_identity: bool = False) -> list[str]:
    """A line for each of some unsaved rows, in the order of ``columns``.

    Args:
        with_identity: the rows bring their own identities.
    """
    read, columns = _table(model, with_identity)
    return [_line(read(row), columns) for row in rows]


def _line(values: Sequence[Any], columns: list[Column]) -> str:
    told = [
        said if value is usual else NULL if value is None else write(value)
        for value, (usual, said, write) in zip(values, columns, strict=True)
    ]
    return "\t".join(told) + "\n"


def lines_of(fields: Fields, rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A line for the clean values of each of some rows."""
    writes = [writer(field) for field in fields]
    for values in rows:
        yield "\t".join([NULL if value is None else write(value) for value, write in zip(values, writes, strict=True)]) + "\n"


def columns_of(model: type[models.Model], *, with_identity: bool = False) -> list[models.Field[Any, Any]]:
    """The columns that a row brings itself: the database fills identities and what has a default there."""
    return [field for field in model._meta.concrete_fields if not _is_filled(field, with_identity)]


def tsvector(lexemes: Iterable[str]) -> str:
    """Lexemes as the text of a ``tsvector``."""
    joined = "\n".join(lexemes)
    if "'" in joined or "\\" in joined:
        joined = joined.replace("\\", "\\\\").replace("'", "''")
    return "'" + joined.replace("\n", "' '") + "'" if joined else ""


def writer(field: models.Field[Any, Any]) -> Write:
    """What writes a value of a column, escaped as a line wants it."""
    write = text_of(field)
    return write if write in PLAIN else _text if write is str else partial(_escaped, write)


@lru_cache(maxsize=256)
def _table(model: type[models.Model], with_identity: bool) -> tuple[Callable[[Any], Sequence[Any]], list[Column]]:
    fields = columns_of(model, with_identity=with_identity)
    usual, writes = same_for_all(model), [writer(field) for field in fields]
    held = [usual.get(field.attname) for field in fields]
    said = [NULL if value is None else write(value) for value, write in zip(held, writes, strict=True)]
    return attrgetter(*(field.attname for field in fields)), list(map(Column, held, said, writes))


def _is_filled(field: models.Field[Any, Any], with_identity: bool) -> bool:
    return (isinstance(field, models.AutoField | models.BigAutoField) and not with_identity) or field.has_db_default()


def text_of(field: models.Field[Any, Any]) -> Write:
    """What turns a value into the text that PostgreSQL reads as one of the column."""
    field = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(field, SearchField):
        return tsvector
    if isinstance(field, models.JSONField):
        return partial(_json, (field.encoder or json.JSONEncoder)().encode)
    if isinstance(field, ArrayField):
        return partial(_array, text_of(field.base_field))
    return next((write for kind, write in WRITERS if isinstance(field, kind)), str)


def _text(value: Any) -> str:
    """Most texts hold nothing that is to be escaped."""
    text = value if isinstance(value, str) else str(value)
    return text.translate(ESCAPED) if "\\" in text or not text.isprintable() else text


def _escaped(write: Write, value: Any) -> str:
    return _text(write(value))


def _json(encode: Write, value: Any) -> str:
    """Most rows have no own fields, ids elsewhere or addresses."""
    return EMPTY[type(value)] if type(value) in EMPTY and not value else encode(value)


def _array(write: Write, values: Iterable[Any]) -> str:
    return "{" + ",".join(["NULL" if value is None else _quoted(write(value)) for value in values]) + "}"


def _quoted(text: str) -> str:
    kept = text.translate(QUOTED) if "\\" in text or '"' in text else text
    return f'"{kept}"'


def _bytes(value: Any) -> str:
    return r"\\x" + bytes(value).hex()


def _yes(value: Any) -> str:
    return "t" if value else "f"


@lru_cache(maxsize=16)
def _moment(value: Any) -> str:
    """Facts of many records are of one moment."""
    return str(value)


_id: Write = attrgetter("hex")
WRITERS: list[tuple[type[models.Field[Any, Any]], Write]] = [
    (models.UUIDField, _id),
    (models.BinaryField, _bytes),
    (models.BooleanField, _yes),
    (models.DateField, _moment),
]
PLAIN = (_id, _yes, _bytes, _moment)  # what these write is escaped, or need not be
