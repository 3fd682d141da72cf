"""How the tables of an export come into this version: columns that came since get their defaults, and what is gone is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Refused
from renmai.kernel.archive.tables import Column, Table, tables, told_models
from renmai.kernel.archive.write import SCHEMA


@dataclass(frozen=True)
class Taking:
    """One exported table on its way in.

    Attributes:
        name: of its file.
        columns: those that both have.
        given: what every row holds in columns that came since and that must hold something, with their types.
    """

    name: str
    table: Table
    columns: tuple[str, ...]
    given: dict[Column, Any] = field(default_factory=dict)

    @property
    def insert(self) -> str:
        """Takes rows in, given as one JSON list before what ``given`` holds."""
        names = ", ".join(f'"{name}"' for name in (*(one.name for one in self.given), *self.columns))
        values = ", ".join((*(f"%s::{one.kind}" for one in self.given), *(f'"{name}"' for name in self.columns)))
        return (
            f'INSERT INTO "{self.table.table}" ({names}) SELECT {values} FROM json_populate_recordset(NULL::"{self.table.table}", %s::json)'  # noqa: S608
        )


def takings(folder: Path, manifest: dict[str, Any]) -> list[Taking]:
    """The exported tables, as they come in here.

    Raises:
        Refused: a table or column that holds something is not here, or of another type, or one that must hold something came since.
    """
    ours, fields = {table.table: table for table in tables()}, _fields()
    found = []
    for told in _schema(folder):
        is_filled = bool(manifest["rows"].get(told["name"]))
        if told["table"] in ours:
            _require_columns(told, ours[told["table"]], manifest, is_filled=is_filled)
            found.append(_taking(told, ours[told["table"]], fields[told["table"]], manifest))
        elif is_filled:
            raise _strange(manifest, told["name"])
    return found


def _schema(folder: Path) -> list[dict[str, Any]]:
    try:
        return list(json.loads((folder / SCHEMA).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        raise Refused(_("This folder holds no whole export: %(name)s is missing.") % {"name": SCHEMA}) from None


def _fields() -> dict[str, dict[str, models.Field[Any, Any]]]:
    """Table → column → field."""
    return {model._meta.db_table: {str(one.column): one for one in model._meta.concrete_fields} for model in told_models()}


def _require_columns(told: dict[str, Any], table: Table, manifest: dict[str, Any], *, is_filled: bool) -> None:
    """Each exported column is here; a renamed one cannot be told from one that is gone."""
    kinds = {one.name: _family(one.kind) for one in table.columns}
    for column in told["columns"] if is_filled else ():
        if kinds.get(column["name"]) != _family(column["type"]):
            raise _strange(manifest, f"{told['name']}.{column['name']}")


def _family(kind: str) -> str:
    """A number with other places is the same."""
    return kind.partition("(")[0]


def _taking(told: dict[str, Any], table: Table, fields: dict[str, models.Field[Any, Any]], manifest: dict[str, Any]) -> Taking:
    names = {column["name"] for column in told["columns"]}
    since = [(one, fields[one.name]) for one in table.columns if one.name not in names and one.name in fields]
    given = {}
    for column, one in since:
        if one.null or one.has_db_default() or isinstance(one, models.AutoField):
            continue
        value = one.get_default()
        if value is None or one.unique:
            raise _strange(manifest, f"{told['name']}.{column.name}")
        given[column] = one.get_db_prep_save(value, connection)
    return Taking(told["name"], table, tuple(one.name for one in table.columns if one.name in names), given)


def _strange(manifest: dict[str, Any], what: str) -> Refused:
    words = {"version": manifest.get("renmai", "?"), "what": what}
    return Refused(
        _("This export was made by Renmai %(version)s, where “%(what)s” is otherwise: import it with that one, then bring it up to date.")
        % words
    )
