"""Removing the sample company, and leaving one's own records."""

from __future__ import annotations

from django.db import connection, models, transaction

from renmai.kernel.access.user import User
from renmai.kernel.history.acting import act_as
from renmai.kernel.history.model import ExternalId
from renmai.kernel.overlay.company import Company, change_company
from renmai.kernel.records.types import RecordType, registry

# What goes: the ids of sample records, and the facts that happened to them.
GATHER = """
DROP TABLE IF EXISTS sample_gone, sample_fact;
CREATE TEMP TABLE sample_gone ON COMMIT DROP AS SELECT type, record_id FROM kernel_externalid WHERE source = 'sample';
CREATE TEMP TABLE sample_fact ON COMMIT DROP AS
  SELECT a.fact_id FROM kernel_factabout a JOIN sample_gone g USING (record_id) WHERE a.position = 0;
ANALYZE sample_gone, sample_fact;
"""
FORGET = """
DELETE FROM kernel_notification WHERE fact_id IN (SELECT fact_id FROM sample_fact);
DELETE FROM kernel_reaction WHERE comment_id IN
  (SELECT c.id FROM kernel_comment c JOIN sample_gone g ON g.record_id IN (c.record_id, c.by_id));
DELETE FROM kernel_comment WHERE record_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_attachment WHERE record_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_follow WHERE record_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_favourite WHERE record_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_seen WHERE record_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_factabout WHERE fact_id IN (SELECT fact_id FROM sample_fact);
DELETE FROM kernel_factabout WHERE record_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_fact WHERE seq IN (SELECT fact_id FROM sample_fact);
DELETE FROM kernel_about WHERE source_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_about WHERE target_id IN (SELECT record_id FROM sample_gone);
DELETE FROM sales_scorechange WHERE lead_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_share WHERE record_id IN (SELECT record_id FROM sample_gone);
"""
FORGET_TRACES = """
DELETE FROM kernel_history WHERE record_id IN (SELECT record_id FROM sample_gone);
DELETE FROM kernel_externalid WHERE record_id IN (SELECT record_id FROM sample_gone);
"""


@transaction.atomic
def remove() -> int:
    """Remove every sample record for good, with what happened to it; links of one's own records to them are emptied.

    A sample person who has done something to one's own records stays, without a sign-in.

    Returns:
        How many records are gone.
    """
    act_as(None)
    _run(GATHER)
    _run(FORGET)
    _keep_doers()
    for kind in registry.all():
        _empty_links(kind)
    removed = sum(_delete(kind) for kind in registry.all())
    _run(FORGET_TRACES)
    _settle_company()
    return removed


def _run(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)


def _keep_doers() -> None:
    """Keep those by whom facts remain: as people who no longer work here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM sample_gone WHERE type = 'users' AND record_id IN (SELECT by_id FROM kernel_fact) RETURNING record_id",
        )
        kept = [row[0] for row in cursor.fetchall()]
    User.objects.filter(pk__in=kept).update(active=False, email="", password="", external_ids={})
    ExternalId.objects.filter(record_id__in=kept).delete()


def _empty_links(kind: RecordType) -> None:
    """Empty one's own records' links to sample records; where a row cannot be without its link, the row goes."""
    for relation in kind.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            _empty_link(kind, relation.field)


def _empty_link(kind: RecordType, field: models.Field[object, object]) -> None:
    quote = connection.ops.quote_name
    table, column = quote(field.model._meta.db_table), quote(str(field.column))
    gone = "SELECT record_id FROM sample_gone WHERE type = %s"
    with connection.cursor() as cursor:
        if not field.null:
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({gone})", [kind.slug])  # noqa: S608
            return
        own = "id NOT IN (SELECT record_id FROM sample_gone)" if hasattr(field.model, "external_ids") else "true"
        cursor.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} IN ({gone}) AND {own}", [kind.slug])  # noqa: S608


def _delete(kind: RecordType) -> int:
    table = connection.ops.quote_name(kind.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id IN (SELECT record_id FROM sample_gone WHERE type = %s)", [kind.slug])  # noqa: S608
        return int(cursor.rowcount)


def _settle_company() -> None:
    """A company that nobody has set up has no name again."""
    plain = Company()
    same = ("name", "language", "country", "currency", "time_zone")
    blank = {} if Company.objects.filter(set_up_at__isnull=False).exists() else {name: getattr(plain, name) for name in same}
    change_company(sample_at=None, **blank)
