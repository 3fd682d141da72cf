"""The functions and triggers that keep computed fields right, written anew whenever one of the fields changes.

For each table whose records have computed fields ``renmai_compute_<table>`` runs before a row is written: it puts back what only the
database may write, and works out the formulas in the order in which they look at each other. For each table whose rows others
follow ``renmai_dependents_<table>`` runs after a statement: it finds the records that follow from the changed rows and works their
fields out. What that changes sets off the same for the next table. No value of a person makes a row impossible to store: a formula
that cannot be worked out is empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from renmai.kernel.overlay.computed.encode import helpers
from renmai.kernel.overlay.computed.plan import Dependency, Plan, plans, quoted
from renmai.kernel.overlay.computed.rollup import COUNT
from renmai.kernel.overlay.field import CustomField, computed_fields
from renmai.kernel.records.indexed import FOUND_BY

TASK = "renmai.recompute"
AT_ONCE = 1_000
LOCK = 0x52454E4D
TRUSTED = "coalesce(current_setting('renmai.computing', true), '') = 'on'"
FAILS = "data_exception OR undefined_column OR undefined_table OR undefined_function OR datatype_mismatch OR invalid_parameter_value"

COMPUTE = """
DECLARE r record; v jsonb;
BEGIN
{blocks}
  IF TG_OP = 'UPDATE' AND {trusted} AND NEW.custom IS NOT DISTINCT FROM OLD.custom THEN RETURN NULL; END IF;
  RETURN NEW;
END"""
OF_TYPE = """  IF {is_of} THEN
    IF TG_OP = 'INSERT' THEN NEW.custom := (NEW.custom - {rolled}::text[]) || '{zeros}'::jsonb;
    ELSIF NOT {trusted} THEN NEW.custom := (NEW.custom - {rolled}::text[]) || renmai_kept(OLD.custom, {rolled}); END IF;
    r := NEW;
{formulas}{mark}
  END IF;"""
MARK = """
    IF TG_OP = 'INSERT' THEN
      IF NEW.custom ?| {texts} THEN INSERT INTO kernel_unindexed (type, record_id) VALUES ('{slug}', NEW.id); END IF;
    ELSIF renmai_kept(NEW.custom, {texts}) IS DISTINCT FROM renmai_kept(OLD.custom, {texts}) THEN
      INSERT INTO kernel_unindexed (type, record_id) VALUES ('{slug}', NEW.id);
    END IF;"""
FORMULA = """    BEGIN v := {value}; EXCEPTION WHEN {fails} THEN v := NULL; END;
    NEW.custom := renmai_put(NEW.custom, '{key}', v); r := NEW;"""

ROLLED = """
BEGIN
  -- Locked first, so that the values are worked out of what whoever held the lock has written.
  PERFORM 1 FROM {table} WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
  PERFORM set_config('renmai.computing', 'on', true);
  UPDATE {table} r SET custom = renmai_put(r.custom, '{key}', n.v) FROM ({values}) n
  WHERE r.id = n.id AND {is_of} AND renmai_put(r.custom, '{key}', n.v) IS DISTINCT FROM r.custom;
  PERFORM set_config('renmai.computing', '', true);
END"""
WORKED_OUT = """
BEGIN
  PERFORM 1 FROM {table} WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
  PERFORM set_config('renmai.computing', 'on', true);
  UPDATE {table} r SET custom = r.custom WHERE r.id = ANY(ids) AND {is_of};
  PERFORM set_config('renmai.computing', '', true);
END"""

DEPENDENTS = """
DECLARE ids uuid[];
BEGIN
{blocks}
  RETURN NULL;
END"""
FOLLOWS = """  IF TG_OP = 'UPDATE' THEN
    ids := ARRAY(SELECT DISTINCT q.t FROM ({updated}) q(t) WHERE q.t IS NOT NULL);
  ELSIF TG_OP = 'DELETE' THEN
    ids := ARRAY(SELECT DISTINCT q.t FROM ({deleted}) q(t) WHERE q.t IS NOT NULL);
  ELSE
    ids := {inserted};
  END IF;
  IF cardinality(ids) > {at_once} THEN PERFORM renmai_recompute_later('{field}');
  ELSIF cardinality(ids) > 0 THEN PERFORM {function}(ids); END IF;"""
CHANGED = (
    "(WITH m AS (SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE ROW({new}) IS DISTINCT FROM ROW({old}))"
    " SELECT n.* FROM new_rows n JOIN m ON m.id = n.id UNION ALL SELECT o.* FROM old_rows o JOIN m ON m.id = o.id)"
)
EVENTS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
}


def install(**_rest: Any) -> None:
    """Write every function anew, and add the triggers that are missing; runs with each change of a computed field and each migration."""
    found = plans(computed_fields())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(helpers(TASK))
        for plan in found:
            cursor.execute(_function(f"{plan.function}(ids uuid[])", "void", _recompute(plan)))
        for table, of_table in _by_table(cursor, "renmai_compute", found).items():
            cursor.execute(_function(f"renmai_compute_{table}()", "trigger", _compute(of_table)))
            _add_trigger(cursor, table, "renmai_compute", f"BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW", "compute")
        for table, followed in _followed(cursor, found).items():
            cursor.execute(_function(f"renmai_dependents_{table}()", "trigger", _dependents(followed)))
            for event, when in EVENTS.items():
                _add_trigger(cursor, table, f"renmai_dependents_{event}", f"{when.format(table=table)} FOR EACH STATEMENT", "dependents")


def drop(made: CustomField) -> None:
    """Take away the function of a field that is gone for good."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP FUNCTION IF EXISTS renmai_recompute_{made.pk.hex}(uuid[])")


def recompute(plan: Plan, ids: Iterable[Any]) -> None:
    """Work a field out anew for some records, in the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {plan.function}(%s::uuid[])", [list(ids)])


def _function(signature: str, returns: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE plpgsql AS {quoted(body)}"


def _recompute(plan: Plan) -> str:
    template = WORKED_OUT if plan.roll is None else ROLLED
    values = plan.roll.values_sql("ids") if plan.roll is not None else ""
    return template.format(table=plan.table, key=plan.made.key, values=values, is_of=plan.is_of("r"))


def _compute(found: list[Plan]) -> str:
    by_type: dict[str, list[Plan]] = defaultdict(list)
    for plan in found:
        by_type[plan.kind.slug].append(plan)
    return COMPUTE.format(blocks="\n".join(_of_type(of_type) for of_type in by_type.values()), trusted=TRUSTED)


def _of_type(found: list[Plan]) -> str:
    rolled = [plan.made.key for plan in found if plan.roll is not None]
    counts = [plan.made.key for plan in found if plan.roll is not None and plan.roll.how == COUNT]
    zeros = ", ".join(f'"{key}": "0"' for key in counts)
    formulas = [FORMULA.format(value=plan.value(), key=plan.made.key, fails=FAILS) for plan in found if plan.formula is not None]
    texts = [plan.made.key for plan in found if plan.made.result in FOUND_BY]
    mark = MARK.format(texts=_array(texts), slug=found[0].kind.slug) if texts else ""
    told = {"rolled": _array(rolled), "zeros": f"{{{zeros}}}", "formulas": "\n".join(formulas), "mark": mark}
    return OF_TYPE.format(is_of=found[0].is_of("NEW"), trusted=TRUSTED, **told)


def _array(keys: list[str]) -> str:
    return f"ARRAY[{', '.join(repr(key) for key in keys)}]::text[]"


def _dependents(followed: list[tuple[Plan, Dependency]]) -> str:
    return DEPENDENTS.format(blocks="\n".join(_follows(plan, dependency) for plan, dependency in followed))


def _follows(plan: Plan, one: Dependency) -> str:
    new, old = (", ".join(value.replace("{x}", row) for value in one.watched) for row in "no")
    inserted = f"ARRAY(SELECT DISTINCT q.t FROM ({one.targets.format(rows='new_rows')}) q(t) WHERE q.t IS NOT NULL)"
    return FOLLOWS.format(
        updated=one.targets.format(rows=CHANGED.format(new=new, old=old)),
        deleted=one.targets.format(rows="old_rows"),
        inserted=inserted if one.is_of_insert else "'{}'",
        at_once=AT_ONCE,
        field=plan.made.pk,
        function=plan.function,
    )


def _by_table(cursor: Any, trigger: str, found: list[Plan]) -> dict[str, list[Plan]]:
    """The fields of each table, and none for one that had some."""
    by_table: dict[str, list[Plan]] = {table: [] for table in _with_trigger(cursor, trigger)}
    for plan in found:
        by_table.setdefault(plan.table, []).append(plan)
    return by_table


def _followed(cursor: Any, found: list[Plan]) -> dict[str, list[tuple[Plan, Dependency]]]:
    """The fields that follow the rows of each table, in the order in which they look at each other."""
    by_table: dict[str, list[tuple[Plan, Dependency]]] = {table: [] for table in _with_trigger(cursor, "renmai_dependents_update")}
    for plan in found:
        for dependency in dict.fromkeys(plan.dependencies()):
            by_table.setdefault(dependency.table, []).append((plan, dependency))
    return by_table


def _with_trigger(cursor: Any, name: str) -> list[str]:
    cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [name])
    return [row[0] for row in cursor.fetchall()]


def _add_trigger(cursor: Any, table: str, name: str, when: str, function: str) -> None:
    """Add a trigger that is not there. One that is stays: taking it away would wait for everyone who reads the table."""
    cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass", [name, table])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION renmai_{function}_{table}()")
