"""Merge and unmerge on every type, and what becomes of merges whose records are deleted for good."""

from __future__ import annotations

from renmai.kernel.facts import Fact
from renmai.kernel.facts.say import listens_where
from renmai.kernel.history.purge import purge
from renmai.kernel.merging.actions import merge, recompute, unmerge
from renmai.kernel.merging.model import Merge
from renmai.kernel.records.types import EVERY, registry

registry.contribute(EVERY, merge)
registry.contribute(EVERY, unmerge)
registry.contribute(EVERY, recompute)


@listens_where(lambda kind: kind.endswith(".purged"))
def absorbed_go_along(facts: list[Fact]) -> None:
    """What was merged into a record is deleted for good with it, and nothing of the merge is kept."""
    keys = [record.pk for fact in facts for record in fact.subjects]  # type: ignore[attr-defined]
    Merge.objects.filter(absorbed_id__in=keys).delete()
    for made in Merge.objects.filter(survivor_id__in=keys):
        kind = registry.get(made.type)
        made.delete()
        if made.undone_at is None and kind is not None:
            purge(kind, made.absorbed_id, None)
