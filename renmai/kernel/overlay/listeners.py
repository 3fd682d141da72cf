"""What follows from a change of the overlay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refusal, Refused
from renmai.kernel.facts import Fact, listens
from renmai.kernel.facts.say import listens_where
from renmai.kernel.overlay import erase, indexes, version
from renmai.kernel.overlay.computed import work
from renmai.kernel.overlay.computed.install import drop, install
from renmai.kernel.overlay.computed.marks import is_followed, take_some
from renmai.kernel.overlay.computed.plan import Plan, plans, users_of
from renmai.kernel.overlay.field import CustomField, computed_fields
from renmai.kernel.records.guards import guards
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType

CHANGED = ("custom-field.created", "custom-field.updated", "custom-field.deleted", "custom-field.restored")


@listens(*CHANGED)
def keep_indexes(facts: list[Fact]) -> None:
    """A filterable field gets its index, one that is so no more loses it."""
    changed = {subject.pk: fact.by for fact in facts for subject in fact.subjects[:1]}  # type: ignore[attr-defined]
    for field in CustomField.objects.filter(pk__in=changed):
        indexes.ask(field, changed[field.pk])


@listens(*CHANGED)
def keep_computed(facts: list[Fact]) -> None:
    """What follows from other fields is worked out by the database, from now on and for what is there already."""
    changed = {subject.pk: fact.by for fact in facts for subject in fact.subjects[:1]}  # type: ignore[attr-defined]
    made = [field for field in CustomField.objects.filter(pk__in=changed) if field.is_computed()]
    if not made:
        return
    version.refresh()
    install()
    for plan in plans(field for field in made if field.deleted_at is None):
        work.fill(plan, changed[plan.made.pk])


@listens_where(is_followed)
def keep_search(_facts: list[Fact]) -> None:
    """Records are found by the texts that the database has worked out for them."""
    take_some()


@guards
def keep_what_others_use(kind: RecordType, records: Sequence[Record], verb: str, by: User | None) -> dict[Any, Refusal]:
    """A field that a formula or a roll-up looks at stays."""
    fields = [record for record in records if isinstance(record, CustomField)] if verb == "delete" else []
    computed = plans(computed_fields()) if fields else []
    return {field.pk: _used_by(users) for field in fields if (users := users_of(field, computed))}


def _used_by(users: Sequence[Plan]) -> Refused:
    labels = ", ".join(one.made.label for one in users)
    return Refused(_("These fields look at it: %(fields)s. Change or remove them first.") % {"fields": labels})


@listens("custom-field.purged")
def erase_values(facts: list[Fact]) -> None:
    """The values of a field that is gone for good go too."""
    gone = {subject.pk: fact.by for fact in facts for subject in fact.subjects[:1]}  # type: ignore[attr-defined]
    for field in CustomField.objects.filter(pk__in=gone):
        erase.ask(field, gone[field.pk])
        if field.is_computed():
            drop(field)
