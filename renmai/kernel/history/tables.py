"""How a table looked at a moment, as SQL: what has not changed since then as it stands, and what has, taken back.

A table of the past is two disjoint sets of rows. *Same* are those of which the history tells nothing after the moment: they are
read from the table itself, along its indexes. *Changed* are the few others, put together from what stands there now and the old
side of the first change after the moment of each column. ``{at}`` is the moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from renmai.kernel.access.user import Share
from renmai.kernel.history.triggers import Kept, is_silent, kept
from renmai.kernel.overlay.type import CustomRecord
from renmai.kernel.records.types import registry
from renmai.kernel.search.field import SearchField

LATER = "kernel_history h WHERE h.type = ANY ('{{{types}}}') AND h.part = '{part}' AND h.at > {{at}}"
"""All that was written after the moment; ``operation`` is named too where its index is to be used."""

SAME = (
    "SELECT {columns} FROM {table} live WHERE {{entered}}NOT EXISTS"
    " (SELECT FROM {later} AND h.operation = ANY ('{{I,U,D}}') AND h.{key} = live.id)"
)
CHANGED = (
    "SELECT {columns} FROM (SELECT h.{key}, h.record_id AS whole_id, h.type AS whole_type,"
    " renmai_earliest(h.changes ORDER BY h.at DESC, h.id DESC) AS was"
    " FROM {later} AND h.operation = ANY ('{{U,D}}') GROUP BY h.{key}, h.record_id, h.type) d"
    " {join} JOIN {table} live ON live.id = d.{key}"
    " WHERE (SELECT h.operation FROM kernel_history h WHERE h.{key} = d.{key} AND h.part = '{part}' AND h.at > {{at}}"
    " ORDER BY h.at, h.id LIMIT 1) <> 'I'"
)
PREPARE = """
CREATE OR REPLACE AGGREGATE renmai_earliest(jsonb) (SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}');
CREATE OR REPLACE FUNCTION renmai_custom_then(custom jsonb, was jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT (coalesce(custom, '{}') || coalesce(jsonb_object_agg(name, old) FILTER (WHERE old <> 'null'), '{}'))
         - coalesce(array_agg(name) FILTER (WHERE old = 'null'), '{}')
  FROM (SELECT substr(key, 8) AS name, value->0 AS old FROM jsonb_each(was) WHERE key LIKE 'custom.%') changed
$$;
"""


@dataclass(frozen=True)
class Past:
    """One table as it was."""

    kept: Kept
    types: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the history knows a row by."""
        return "row_id" if self.kept.part else "record_id"

    @cached_property
    def same(self) -> str:
        """The rows that are as they were. A record was not made after it entered: that bound lets an index begin there."""
        columns = ", ".join(_unknown(field) or f"live.{_quoted(field)}" for field in self._columns)
        entered = "" if self.kept.part else "live.created_at <= {at} AND "
        return self._fill(SAME, columns=columns).replace("{entered}", entered)

    @cached_property
    def changed(self) -> str:
        """The rows that were otherwise. A record that is gone for good stays gone; the rows of one come back."""
        columns = ", ".join(_unknown(field) or f"{self._then(field)} AS {_quoted(field)}" for field in self._columns)
        return self._fill(CHANGED, columns=columns, join="LEFT" if self.kept.part else "")

    @property
    def whole(self) -> str:
        """Both."""
        return f"{self.same} UNION ALL {self.changed}"

    @property
    def _columns(self) -> Any:
        return self.kept.model._meta.concrete_fields

    def _fill(self, template: str, **words: str) -> str:
        part = self.kept.part
        later = LATER.format(types=",".join(self.types), part=part)
        return template.format(table=self.kept.table, later=later, key=self.key, part=part, **words)

    def _then(self, field: Any) -> str:
        """The value of a column at the moment."""
        live = f"live.{_quoted(field)}"
        if field.primary_key:
            return f"d.{self.key}"
        if field.name in self.kept.whole:
            return f"d.{self.kept.whole[field.name]}"
        if is_silent(field):
            return live
        if field.name == "custom":
            return f"renmai_custom_then({live}, d.was)"
        return f"CASE WHEN d.was ? '{field.name}' THEN {_stored(field)} ELSE {live} END"


def _quoted(field: Any) -> str:
    return str(connection.ops.quote_name(field.column))


def _unknown(field: Any) -> str:
    """The search text of the past is not kept, nor what no history tells of."""
    if isinstance(field, SearchField) or getattr(field, "unkept", False):
        return f"NULL::{field.db_type(connection)} AS {_quoted(field)}"
    return ""


def _stored(field: Any) -> str:
    """The old side of a column's change as a value of the column's type."""
    old, column_type = f"d.was->'{field.name}'->0", field.db_type(connection)
    if isinstance(field, models.JSONField):
        return f"({old})"
    if isinstance(field, ArrayField):
        return f"ARRAY(SELECT jsonb_array_elements_text({old}))::{column_type}"
    return f"(d.was->'{field.name}'->>0)::{column_type}"


def pasts() -> Iterator[tuple[str, Past]]:
    """Every table that has a past, by its name. Who shares what is a matter of today."""
    abouts = tuple(kind.slug for kind in registry.all() if kind.of_kind("abouts"))
    own = tuple({kind.slug for kind in registry.all()} - {kind.slug for kind in registry.coded()})
    for table in kept():
        if table.model is not Share and (own or table.model is not CustomRecord):
            yield table.table, Past(table, (table.slug,) if table.slug else own if table.model is CustomRecord else abouts)


def prepare(**_rest: Any) -> None:
    """Make the two functions that the past needs; runs after each migration."""
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)
