"""Removing the sample company, and leaving one's own records."""

from __future__ import annotations

from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

from renmai.demo.story import SOURCE
from renmai.kernel.access.user import Share, User
from renmai.kernel.facts import Fact, FactAbout
from renmai.kernel.history.model import ExternalId, History
from renmai.kernel.overlay.company import Company, change_company
from renmai.kernel.records.about import About
from renmai.kernel.records.store import act_as
from renmai.kernel.records.types import RecordType, registry


@transaction.atomic
def remove() -> int:
    """Remove every sample record for good, with what happened to it; links of one's own records to them are emptied.

    A sample person who has done something to one's own records stays, without a sign-in.

    Returns:
        How many records are gone.
    """
    act_as(None)
    ours = ExternalId.objects.filter(source=SOURCE)
    gone = ours.values("record_id")
    _forget_happenings(gone)
    _keep_doers(gone)
    for kind in registry.all():
        _empty_links(kind)
    removed = sum(_delete(kind) for kind in registry.all())
    _forget_traces(gone)
    ours.delete()
    _settle_company()
    return removed


def _sample(kind: RecordType) -> QuerySet[ExternalId]:
    return ExternalId.objects.filter(source=SOURCE, type=kind.slug).values("record_id")  # type: ignore[return-value]


def _forget_happenings(gone: QuerySet[Any]) -> None:
    """Facts that happened to sample records go; of others only the mark on a sample record's timeline."""
    facts = Fact.objects.filter(about__record_id__in=gone, about__position=0).values("pk")
    FactAbout.objects.filter(Q(record_id__in=gone) | Q(fact_id__in=list(facts.values_list("pk", flat=True)))).delete()
    Fact.objects.filter(about=None).delete()


def _keep_doers(gone: QuerySet[Any]) -> None:
    doers = Fact.objects.filter(by__in=gone).values("by")
    kept = User.objects.filter(pk__in=doers)
    keys = list(kept.values_list("pk", flat=True))
    kept.update(active=False, email="", password="", team=None, external_ids={})
    ExternalId.objects.filter(record_id__in=keys).delete()


def _empty_links(kind: RecordType) -> None:
    """Empty every link to a sample record; where a row cannot be without it, the row goes."""
    for relation in kind.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            model, field = relation.related_model, relation.field
            pointing = model._base_manager.filter(**{f"{field.name}__in": _sample(kind)})
            if field.null:
                pointing.update(**{field.name: None})
            else:
                pointing.delete()


def _delete(kind: RecordType) -> int:
    table = connection.ops.quote_name(kind.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT record_id FROM kernel_externalid WHERE source = %s AND type = %s)",  # noqa: S608
            [SOURCE, kind.slug],
        )
        return int(cursor.rowcount)


def _forget_traces(gone: QuerySet[Any]) -> None:
    About.objects.filter(Q(source_id__in=gone) | Q(target_id__in=gone)).delete()
    Share.objects.filter(record_id__in=gone).delete()
    History.objects.filter(record_id__in=gone).delete()


def _settle_company() -> None:
    """A company that nobody has set up has no name again."""
    if Company.objects.filter(set_up_at=None).exists():
        plain = Company()
        same = ("name", "language", "country", "currency", "time_zone")
        change_company(sample_at=None, **{name: getattr(plain, name) for name in same})
    else:
        change_company(sample_at=None)
