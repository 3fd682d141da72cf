"""The indexes of filterable fields: built and dropped beside everybody's work, by a job, with their state shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from procrastinate.contrib.django import app

from renmai.kernel.jobs import later, work
from renmai.kernel.locale.sorting import company_order
from renmai.kernel.locale.sorting_sql import function as in_order
from renmai.kernel.overlay.field import CustomField, IndexState, spec_of
from renmai.kernel.overlay.type import CustomRecord
from renmai.kernel.records.custom import STORED_AS, TEXTS
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.jobs.model import Job
    from renmai.kernel.records.types import RecordType

WORK = "custom-index"


def ask(field: CustomField, by: User | None) -> None:
    """Queue the building, or the dropping, of what a field has come to need."""
    if wanted(field) and field.index_state not in {IndexState.WAITING, IndexState.READY}:
        _note(field, IndexState.WAITING)
        later(WORK, by=by, field=str(field.pk))
    elif not wanted(field) and field.index_state != IndexState.NONE:
        _note(field, IndexState.NONE)
        later(WORK, by=by, field=str(field.pk))


def wanted(field: CustomField) -> bool:
    """Whether the field should have an index."""
    return field.filterable and field.deleted_at is None


def _note(field: CustomField, state: IndexState) -> None:
    field.index_state = state
    CustomField.objects.filter(pk=field.pk).update(index_state=state)


@work(WORK)
def keep(job: Job, *, field: str) -> None:
    """Build or drop the indexes of one field."""
    made = CustomField.objects.filter(pk=field).first()
    if made is None:
        return
    if not wanted(made):
        drop(made)
        return
    try:
        build(made)
    except Exception:
        _note(made, IndexState.FAILED)
        raise
    _note(made, IndexState.READY)


def build(field: CustomField) -> None:
    """Build the indexes without keeping anybody from writing; one that an earlier try left unfinished goes first.

    The planner then learns how the values are spread.
    """
    kind, wanted_indexes = registry[field.type], definitions(field)
    if not wanted_indexes:
        return
    with connection.cursor() as cursor:
        for name, is_valid in standing(field).items():
            if not is_valid or name not in wanted_indexes:
                cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
        for name, body in wanted_indexes.items():
            cursor.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {kind.model._meta.db_table} {body} WHERE {rows_of(kind)}")
        # Measured: without them a rare value of a million rows is looked for along created_at, 83 000 pages instead of a few.
        cursor.execute(f"CREATE STATISTICS IF NOT EXISTS custom_{field.pk.hex}_v ON ({value_sql(field)}) FROM {kind.model._meta.db_table}")
        cursor.execute(f"ANALYZE {kind.model._meta.db_table}")


def rows_of(kind: RecordType) -> str:
    """The rows that an index holds: the living ones; of the table that own types share only those of the type."""
    shared = f" AND of = '{kind.slug}'" if kind.model._meta.db_table == CustomRecord._meta.db_table else ""
    return f"deleted_at IS NULL{shared}"


def drop(field: CustomField) -> None:
    """Drop the indexes of a field that needs none any more."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP STATISTICS IF EXISTS custom_{field.pk.hex}_v")
        for name in standing(field):
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def standing(field: CustomField) -> dict[str, bool]:
    """The indexes of a field that there are, and whether each was built to its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE starts_with(c.relname, %s)",
            [f"custom_{field.pk.hex}_"],
        )
        return dict(cursor.fetchall())


@app.periodic(cron="23 3 * * *")
@app.task(name="renmai.own-indexes", queueing_lock="renmai.own-indexes")
def build_missing(timestamp: int) -> None:
    """Every night: an upgrade, or another language of the company, may want other indexes than there are."""
    for field in CustomField.objects.live().filter(filterable=True, index_state=IndexState.READY):
        if registry.get(field.type) is not None and standing(field) != dict.fromkeys(definitions(field), True):
            _note(field, IndexState.WAITING)
            later(WORK, by=None, field=str(field.pk))


def value_sql(field: CustomField) -> str:
    """The value as the database reads it."""
    spec = spec_of(field, registry[field.type])
    return f"renmai_{STORED_AS[spec.kind]}(custom, '{spec.key}')" if spec is not None else "custom"


def definitions(field: CustomField) -> dict[str, str]:
    """Name and columns of each index: one that sorts, and for words that are compared folded one that finds them."""
    spec = spec_of(field, registry[field.type])
    if spec is None:
        return {}
    value = value_sql(field)
    name = f"custom_{field.pk.hex}"
    if spec.kind == "choices":
        return {f"{name}_s": f"USING gin ({value})"}
    if spec.kind == "text":
        found = {f"{name}_{company_order()}": f"({in_order()}({value}), id)"}
    else:
        found = {f"{name}_s": f"({value}, id)"}
    if spec.kind in TEXTS - {"choice", "country", "currency"}:
        found[f"{name}_f"] = f"(renmai_fold({value}) text_pattern_ops, id)"
    return found
