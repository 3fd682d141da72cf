"""What belongs to a company's data: which tables, which columns, and how each column is told outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from renmai.kernel.records.types import registry

OURS = "renmai."
# Keys, secrets and what is worth nothing elsewhere, by model name.
LEFT_OUT = {
    "Attempt": "sign-ins",
    "ForeseenRow": "dry runs of imports",
    "IdempotentAnswer": "answers that are kept for a day",
    "InboundKey": "secrets of inbound webhooks",
    "Job": "work in the background",
    "OverlayVersion": "a number of this database",
    "Provider": "secrets of sign-in with the company's account",
    "PushSubscription": "keys of browsers",
    "RequestCount": "requests of this minute",
    "Sending": "secrets of webhooks",
    "Session": "who is signed in",
    "Token": "keys of programs",
    "Unindexed": "what is to be indexed",
}
BLANKED = {"User": {"password": "''"}}
OF_THE_DATABASE = ("xid8",)
DERIVED = ("search", "sort_key")
OUTSIDE = {
    "uuid": "UUID",
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "timestamptz": "TIMESTAMPTZ",
    "int2": "SMALLINT",
    "int4": "INTEGER",
    "int8": "BIGINT",
    "float8": "DOUBLE",
    "jsonb": "JSON",
    "_uuid": "UUID[]",
    "_text": "VARCHAR[]",
}


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in PostgreSQL, its type in Parquet, and the table that it links to."""

    name: str
    kind: str
    outside: str
    links: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the company's data.

    Attributes:
        name: of the file: the slug of a type of record, else the table's.
        table: of the database.
        key: the column by which its rows are ordered.
        columns: those that are told.
        blanks: column → what stands for its value.
    """

    name: str
    table: str
    key: str
    columns: tuple[Column, ...]
    blanks: dict[str, str]
    label: str

    @property
    def query(self) -> str:
        """Its rows as JSON, one a line, in an order that is always the same."""
        told = ", ".join(f'{self.blanks[one.name]} AS "{one.name}"' if one.name in self.blanks else f'"{one.name}"' for one in self.columns)
        return f'SELECT row_to_json(told)::text FROM (SELECT {told} FROM "{self.table}" ORDER BY "{self.key}") told'  # noqa: S608

    def as_json(self) -> dict[str, Any]:
        """As ``schema.json`` tells it."""
        columns = [
            {"name": one.name, "type": one.kind, "parquet": one.outside or None, **({"links": one.links} if one.links else {})}
            for one in self.columns
        ]
        return {"name": self.name, "label": self.label, "table": self.table, "key": self.key, "columns": columns}


def tables() -> list[Table]:
    """Every table of the company's data, by name."""
    kinds = _kinds()
    found = [_table(model, kinds[model._meta.db_table]) for model in told_models() if model._meta.db_table in kinds]
    return sorted(found, key=lambda table: table.name)


def told_models() -> Iterator[type[models.Model]]:
    """The models whose rows are told; all of ours but those that are left out."""
    for config in apps.get_app_configs():
        if config.name.startswith(OURS):
            for model in config.get_models(include_auto_created=True):
                if model._meta.managed and not model._meta.proxy and model.__name__ not in LEFT_OUT:
                    yield model


def _kinds() -> dict[str, dict[str, str]]:
    """Table → column → type, as PostgreSQL calls it; numbers with their places."""
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, udt_name, numeric_precision, numeric_scale FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position"
        )
        for table, column, kind, precision, scale in cursor.fetchall():
            found.setdefault(table, {})[column] = f"numeric({precision},{scale})" if kind == "numeric" and precision else kind
    return found


def _table(model: type[models.Model], kinds: dict[str, str]) -> Table:
    meta = model._meta
    slugs = {kind.model._meta.db_table: kind.slug for kind in registry.all() if not kind.model._meta.proxy}
    links = {
        field.column: field.related_model._meta.db_table for field in meta.concrete_fields if field.many_to_one and field.related_model
    }
    columns = tuple(
        Column(name, kind, outside(name, kind), links.get(name, "")) for name, kind in kinds.items() if kind not in OF_THE_DATABASE
    )
    key = str(meta.pk.column) if meta.pk is not None else columns[0].name
    label = str(meta.verbose_name_plural)
    return Table(slugs.get(meta.db_table, meta.db_table), meta.db_table, key, columns, BLANKED.get(model.__name__, {}), label)


def outside(name: str, kind: str) -> str:
    """The type of a column in Parquet; empty where it says nothing outside of this program."""
    if name in DERIVED or kind in {"bytea", "tsvector"}:
        return ""
    if found := re.fullmatch(r"numeric\((\d+),(\d+)\)", kind):
        return f"DECIMAL({min(int(found[1]), 38)},{found[2]})"
    return OUTSIDE.get(kind, "VARCHAR")
