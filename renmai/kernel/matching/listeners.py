"""What follows from a change of a rule: every record of its type gets the keys that the rule asks for now."""

from __future__ import annotations

from django.db import connection

from renmai.kernel.facts import Fact, listens
from renmai.kernel.matching.model import DuplicateRule
from renmai.kernel.matching.work import find_all
from renmai.kernel.overlay import version
from renmai.kernel.overlay.computed.marks import take_some
from renmai.kernel.records.types import registry

__all__ = ["find_all", "renew_keys"]

MARK = "INSERT INTO kernel_unindexed (type, record_id) SELECT %s, rows.pk FROM ({rows}) rows"


@listens("duplicate-rule.created", "duplicate-rule.updated", "duplicate-rule.deleted", "duplicate-rule.restored")
def renew_keys(facts: list[Fact]) -> None:
    """At once for a thousand records, by a job for the rest."""
    changed = {subject.pk for fact in facts for subject in fact.subjects[:1]}  # type: ignore[attr-defined]
    version.refresh()
    for slug in DuplicateRule.objects.filter(pk__in=changed).values_list("record_type", flat=True):
        kind = registry.get(slug)
        if kind is not None:
            rows, params = kind.model._base_manager.order_by().values("pk").query.sql_with_params()
            with connection.cursor() as cursor:
                cursor.execute(MARK.format(rows=rows), [slug, *params])
    take_some()
