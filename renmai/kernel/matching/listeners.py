"""What follows from a change of a rule: every record of its type gets the keys that the rule asks for now."""

from __future__ import annotations

from renmai.kernel.facts import Fact, listens
from renmai.kernel.matching.model import DuplicateRule
from renmai.kernel.matching.work import find_all
from renmai.kernel.overlay import version
from renmai.kernel.overlay.computed.marks import mark_all, take_some
from renmai.kernel.records.types import registry

__all__ = ["find_all", "renew_keys"]


@listens("duplicate-rule.created", "duplicate-rule.updated", "duplicate-rule.deleted", "duplicate-rule.restored")
def renew_keys(facts: list[Fact]) -> None:
    """At once for a thousand records, by a job for the rest."""
    changed = {subject.pk for fact in facts for subject in fact.subjects[:1]}  # type: ignore[attr-defined]
    version.refresh()
    for slug in DuplicateRule.objects.filter(pk__in=changed).values_list("record_type", flat=True):
        kind = registry.get(slug)
        if kind is not None:
            mark_all(kind)
    take_some()
