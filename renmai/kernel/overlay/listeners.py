"""What follows from a change of the overlay."""

from __future__ import annotations

from renmai.kernel.facts import Fact, listens
from renmai.kernel.overlay import indexes
from renmai.kernel.overlay.field import CustomField


@listens("custom-field.created", "custom-field.updated", "custom-field.deleted", "custom-field.restored")
def keep_indexes(facts: list[Fact]) -> None:
    """A filterable field gets its index, one that is so no more loses it."""
    changed = {subject.pk: fact.by for fact in facts for subject in fact.subjects[:1]}  # type: ignore[attr-defined]
    for field in CustomField.objects.filter(pk__in=changed):
        indexes.ask(field, changed[field.pk])
