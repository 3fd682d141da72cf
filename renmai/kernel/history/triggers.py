"""The triggers that keep history and ids elsewhere: generated per table, so that no column is compared by name at run time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.utils import timezone

from renmai.kernel.access.user import Share
from renmai.kernel.history.model import KnownField
from renmai.kernel.overlay.type import CustomRecord
from renmai.kernel.records.about import About
from renmai.kernel.records.types import RecordType, registry

SILENT = {
    "id",
    "search",
    "match_keys",
    "password",
    "last_login",
    "preferences",
    "territory",
}  # the last follows from rules with a history of their own

COMPARE = """IF NEW.{column} IS DISTINCT FROM OLD.{column} THEN
      d := d || jsonb_build_object('{name}', jsonb_build_array(OLD.{column}, NEW.{column}));
    END IF;"""

COMPARE_CUSTOM = """IF NEW.{column} IS DISTINCT FROM OLD.{column} THEN
      SELECT d || coalesce(jsonb_object_agg('custom.' || key, jsonb_build_array(OLD.{column}->key, NEW.{column}->key)), '{{}}') INTO d
      FROM (SELECT jsonb_object_keys(OLD.{column}) UNION SELECT jsonb_object_keys(NEW.{column})) AS keys(key)
      WHERE OLD.{column}->key IS DISTINCT FROM NEW.{column}->key;
    END IF;"""

GIVEN = "CASE WHEN made.{column} IS NULL THEN '{{}}' ELSE jsonb_build_object('{name}', jsonb_build_array(NULL, made.{column})) END"

HISTORY = """
CREATE OR REPLACE FUNCTION renmai_history_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  d jsonb := '{{}}';
  actor text := coalesce(current_setting('renmai.by', true), '');
BEGIN
  {compare}
  IF d = '{{}}' THEN RETURN NULL; END IF;
  INSERT INTO kernel_history (type, record_id, part, row_id, operation, at, by_id, by_program, through, reason, change, change_set, version,
    changes)
  VALUES ({type}, {record}, '{part}', {row}, left(TG_OP, 1), clock_timestamp(),
          CASE WHEN actor NOT IN ('', 'renmai') THEN actor::uuid END, actor = 'renmai',
          nullif(current_setting('renmai.through', true), ''), nullif(current_setting('renmai.reason', true), ''),
          coalesce(nullif(current_setting('renmai.change', true), ''), lpad(to_hex(pg_current_xact_id()::text::bigint), 32, '0'))::uuid,
          nullif(current_setting('renmai.change_set', true), '')::uuid, {version}, d);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renmai_history AFTER UPDATE ON {table}
FOR EACH ROW WHEN (ROW({old}) IS DISTINCT FROM ROW({new})) EXECUTE FUNCTION renmai_history_{table}();
CREATE OR REPLACE TRIGGER renmai_history_gone AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION renmai_history_{table}();
"""

MADE = """
CREATE OR REPLACE FUNCTION renmai_made_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  actor text := coalesce(current_setting('renmai.by', true), '');
  author uuid := CASE WHEN actor NOT IN ('', 'renmai') THEN actor::uuid END;
  client text := nullif(current_setting('renmai.through', true), '');
  said text := nullif(current_setting('renmai.reason', true), '');
  batch uuid := nullif(current_setting('renmai.change_set', true), '');
  act uuid := coalesce(nullif(current_setting('renmai.change', true), ''), lpad(to_hex(pg_current_xact_id()::text::bigint), 32, '0'));
BEGIN
  INSERT INTO kernel_history (type, record_id, part, row_id, operation, at, by_id, by_program, through, reason, change, change_set, version,
    changes)
  SELECT {type}, {record}, '{part}', {row}, 'I', clock_timestamp(), author, actor = 'renmai', client, said, act, batch, {version}, {changes}
  FROM made;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renmai_made AFTER INSERT ON {table}
REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION renmai_made_{table}();
"""

EXTERNAL = """
CREATE OR REPLACE FUNCTION renmai_external_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM kernel_externalid USING jsonb_each_text(OLD.external_ids) was
    WHERE record_id = NEW.id AND kernel_externalid.source = was.key AND kernel_externalid.value = was.value;
  END IF;
  INSERT INTO kernel_externalid (type, source, value, record_id)
  SELECT {type}, key, value, NEW.id FROM jsonb_each_text(NEW.external_ids);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renmai_external_insert AFTER INSERT ON {table}
FOR EACH ROW WHEN (NEW.external_ids <> '{{}}') EXECUTE FUNCTION renmai_external_{table}();
CREATE OR REPLACE TRIGGER renmai_external_update AFTER UPDATE OF external_ids ON {table}
FOR EACH ROW WHEN (NEW.external_ids IS DISTINCT FROM OLD.external_ids) EXECUTE FUNCTION renmai_external_{table}();
"""


@dataclass(frozen=True)
class Kept:
    """A table whose changes stand in the history.

    Attributes:
        slug: the type of the records; empty where each row names it.
        part: what of the record its rows are; empty for the records themselves.
        type, record, row: SQL for what the history calls so; ``{}`` is the row.
        whole: fields that name the record itself, and which of its ``whole_type`` and ``whole_id`` they are.
    """

    model: type[models.Model]
    slug: str
    part: str = ""
    type: str = ""
    record: str = "{}.id"
    row: str = ""
    whole: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def fields(self) -> list[Any]:
        """The columns that are compared."""
        return [column for column in self.model._meta.local_concrete_fields if not (is_silent(column) or column.name in self.whole)]

    def sql(self) -> str:
        """The functions and their triggers. What a statement makes is told at once: of records only that they were made."""
        changed = HISTORY.format(
            table=self.table,
            compare="\n    ".join(_compare(column) for column in self.fields),
            old=", ".join(f"OLD.{_quoted(column)}" for column in self.fields),
            new=", ".join(f"NEW.{_quoted(column)}" for column in self.fields),
            type=_either(self.type) if self.type else f"'{self.slug}'",
            record=_either(self.record),
            part=self.part,
            row=_either(self.row) if self.row else "NULL",
            version="NULL" if self.part else _either("{}.version"),
        )
        made = MADE.format(
            table=self.table,
            type=self.type.format("made") if self.type else f"'{self.slug}'",
            record=self.record.format("made"),
            part=self.part,
            row=self.row.format("made") or "NULL",
            version="NULL" if self.part else "made.version",
            changes=" || ".join(map(_given, self.fields)) if self.part else "NULL",
        )
        return changed + made


def is_silent(column: Any) -> bool:
    """Its changes stand in no history."""
    return column.name in SILENT or getattr(column, "unkept", False)


def _quoted(column: Any) -> str:
    return str(connection.ops.quote_name(str(column.column)))


def _either(expression: str) -> str:
    """Of the new row, or of the old one where there is no new one."""
    return f"COALESCE({expression.format('NEW')}, {expression.format('OLD')})"


def _given(column: Any) -> str:
    """What a new row says in a column, as a difference from nothing."""
    return GIVEN.format(column=_quoted(column), name=column.name)


def _compare(column: Any) -> str:
    template = COMPARE_CUSTOM if column.name == "custom" else COMPARE
    return template.format(column=_quoted(column), name=column.name)


def kept() -> Iterator[Kept]:
    """Every table that has a history: the records, their rows, what they are about, and with whom they are shared."""
    for kind in registry.coded():
        yield Kept(kind.model, kind.slug)
        for rows in kind.collections.values():
            yield Kept(rows.model, kind.slug, rows.name, "", f"{{}}.{rows.parent}_id", "{}.id", {rows.parent: "whole_id"})
    yield Kept(CustomRecord, "", type="{}.of")
    yield Kept(About, "", "about", "{}.source_type", "{}.source_id", "{}.id", {"source_type": "whole_type", "source_id": "whole_id"})
    yield Kept(Share, "", "shares", "{}.type", "{}.record_id", "", {"type": "whole_type", "record_id": "whole_id"})


def install(**_rest: Any) -> None:
    """Make the triggers of every table anew, and note which fields are new; runs after each migration."""
    with connection.cursor() as cursor:
        for table in kept():
            cursor.execute(table.sql())
        for kind in registry.coded():
            cursor.execute(EXTERNAL.format(table=kind.model._meta.db_table, type=f"'{kind.slug}'"))
        cursor.execute(EXTERNAL.format(table=CustomRecord._meta.db_table, type="NEW.of"))
    note_fields(registry.coded())


def note_fields(kinds: list[RecordType]) -> None:
    """Keep since when each field is there: those of a type that was unknown were always there."""
    known = set(KnownField.objects.values_list("type", "name"))
    types, now = {slug for slug, _name in known}, timezone.now()
    KnownField.objects.bulk_create(
        KnownField(type=kind.slug, name=name, since=now if kind.slug in types else None)
        for kind in kinds
        for name in kind.fields
        if (kind.slug, name) not in known and not name.startswith("custom.")
    )
