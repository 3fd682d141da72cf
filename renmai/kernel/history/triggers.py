"""The triggers that keep history and ids elsewhere: generated per table, so that no column is compared by name at run time."""

from __future__ import annotations

from typing import Any

from django.db import connection

from renmai.kernel.records.types import RecordType, registry

SILENT = {
    "id",
    "search",
    "sort_key",
    "version",
    "updated_at",
    "updated_by",
    "created_at",
    "created_by",
    "title",
    "password",
    "last_login",
    "preferences",
}

COMPARE = """IF NEW.{column} IS DISTINCT FROM OLD.{column} THEN
      d := d || jsonb_build_object('{name}', jsonb_build_array(OLD.{column}, NEW.{column}));
    END IF;"""

HISTORY = """
CREATE OR REPLACE FUNCTION renmai_history_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb := '{{}}';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    {compare}
    IF d = '{{}}' THEN RETURN NULL; END IF;
  ELSE
    d := NULL;
  END IF;
  INSERT INTO kernel_history (type, record_id, operation, by_id, reason, version, changes)
  VALUES ('{slug}', COALESCE(NEW.id, OLD.id), left(TG_OP, 1), nullif(current_setting('renmai.by', true), '')::uuid,
          nullif(current_setting('renmai.reason', true), ''), COALESCE(NEW.version, OLD.version), d);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renmai_history AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION renmai_history_{table}();
"""

EXTERNAL = """
CREATE OR REPLACE FUNCTION renmai_external_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM kernel_externalid WHERE record_id = NEW.id;
  INSERT INTO kernel_externalid (type, source, value, record_id)
  SELECT '{slug}', key, value, NEW.id FROM jsonb_each_text(NEW.external_ids);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renmai_external_insert AFTER INSERT ON {table}
FOR EACH ROW WHEN (NEW.external_ids <> '{{}}') EXECUTE FUNCTION renmai_external_{table}();
CREATE OR REPLACE TRIGGER renmai_external_update AFTER UPDATE OF external_ids ON {table}
FOR EACH ROW WHEN (NEW.external_ids IS DISTINCT FROM OLD.external_ids) EXECUTE FUNCTION renmai_external_{table}();
"""


def trigger_sql(kind: RecordType) -> str:
    """The statements that keep one type's history and ids elsewhere."""
    columns = [field for field in kind.model._meta.local_concrete_fields if field.name not in SILENT]
    compare = "\n    ".join(COMPARE.format(column=connection.ops.quote_name(str(field.column)), name=field.name) for field in columns)
    return (HISTORY + EXTERNAL).format(table=kind.model._meta.db_table, slug=kind.slug, compare=compare)


def install(**_rest: Any) -> None:
    """Make the triggers of every type anew; runs after each migration."""
    with connection.cursor() as cursor:
        for kind in registry.all():
            cursor.execute(trigger_sql(kind))
