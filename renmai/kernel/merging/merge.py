"""Merging: of several records of a type one survives, the others lead to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.facts.say import UNSET, Ref, say, say_many
from renmai.kernel.history.acting import acting
from renmai.kernel.history.model import ExternalId
from renmai.kernel.merging.cells import cells_of, newest
from renmai.kernel.merging.fields import Fields, Giving
from renmai.kernel.merging.golden import proposed
from renmai.kernel.merging.model import Merge
from renmai.kernel.merging.noting import one_change_set
from renmai.kernel.merging.places import Mover
from renmai.kernel.records.guards import require_free
from renmai.kernel.records.store import conflict, locked, touch
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

MOST = 10
AT_ONCE = 2_000


@dataclass(frozen=True)
class Asked:
    """A merge that somebody wants.

    Attributes:
        survivor: the record that stays.
        absorbed: those that are merged into it.
        choices: field → the record whose value is taken; what is not named is as proposed.
        versions: the versions that the person saw, where it matters to them.
    """

    survivor: UUID
    absorbed: Sequence[UUID]
    choices: Mapping[str, UUID] = field(default_factory=dict)
    versions: Mapping[UUID, int] = field(default_factory=dict)

    def require_whole(self) -> None:
        """Raise ``Invalid`` where it makes no sense, whatever the records."""
        keys = [self.survivor, *self.absorbed]
        if len(set(keys)) != len(keys):
            raise Invalid({"into": [_("A record cannot be merged into itself.")]})
        if not 2 <= len(keys) <= MOST:
            raise Invalid({"also": [_("From 2 to %(most)s records can be merged at a time.") % {"most": MOST}]})
        if not set(self.choices.values()) | self.versions.keys() <= set(keys):
            raise Invalid({"choices": [_("A value can only be chosen from one of the records that are merged.")]})


def merge(kind: RecordType, asked: Asked, by: User | None, *, reason: str = "") -> Record:
    """Merge records. Every link to the absorbed ones leads to the survivor; what they held stays with them, to be told apart again.

    Args:
        by: who merges; None for the system.
        reason: kept in the history.

    Returns:
        The survivor.

    Raises:
        Missing, Forbidden: one of them is not open to the person; the absorbed ones they must be allowed to delete.
        Invalid: see ``Asked.require_whole``; a field that is not theirs to choose, or a value that the survivor cannot have.
        Refused: one of them is held by something, an approval for one.
        Conflict: one of them was changed since the person looked.
    """
    asked.require_whole()
    with transaction.atomic(), acting(by, reason):
        records = lock(kind, asked, by)
        survivor, *others = records
        fields = Fields(kind, by, tuple(records))
        choices = choose(fields, asked.choices)
        name = _("Merged into “%(title)s”: %(others)s") % {"title": survivor.title, "others": ", ".join(other.title for other in others)}
        with one_change_set(kind, "merge", name, records, by) as change_set:
            for other in others:
                taken = [field for field, key in choices.items() if key == other.pk]
                _absorb(fields, survivor, other, taken, by, change_set)
    return survivor


def lock(kind: RecordType, asked: Asked, by: User | None) -> list[Record]:
    """The records, the survivor first, locked in one order for everybody; see ``merge`` for what is raised."""
    found = {}
    for key in sorted([asked.survivor, *asked.absorbed]):
        record = found[key] = locked(kind, key, by, "edit")
        if key != asked.survivor:
            locked(kind, key, by, "delete")
        if asked.versions.get(key, record.version) != record.version:
            raise conflict(kind, record, {}, asked.versions[key], by)
        require_free(kind, record, "edit" if key == asked.survivor else "delete", by)
    return [found[key] for key in (asked.survivor, *asked.absorbed)]


def choose(fields: Fields, choices: Mapping[str, UUID]) -> dict[str, UUID]:
    """Per field the record whose value the survivor gets.

    Raises:
        Invalid: a field that cannot be chosen.
    """
    strange = choices.keys() - fields.chosen.keys()
    if strange:
        sentence = _("This field cannot be chosen. Fields: %(valid)s.") % {"valid": ", ".join(sorted(fields.chosen))}
        raise Invalid({name: [sentence] for name in sorted(strange)})
    return proposed(fields) | dict(choices)


def _absorb(fields: Fields, survivor: Record, other: Record, taken: Collection[str], by: User | None, change_set: UUID) -> None:
    kind, before = fields.kind, newest(survivor.pk)
    made = Merge(type=kind.slug, survivor_id=survivor.pk, absorbed_id=other.pk, title=other.title, change_set=change_set, by=by)
    made.save(force_insert=True)
    other.deleted_at, other.deleted_by = made.at, by
    touch(other, by)
    ExternalId.objects.filter(record_id=other.pk).delete()
    Giving(fields, survivor, other, taken, by).do()
    alias(kind, survivor, other)
    mover = Mover(kind, made, by)
    mover.away()
    tell_moved(mover, by)
    data = {"title": survivor.title, "other": other.title, "merge": str(made.pk)}
    say(f"{kind.noun}.merged", about=[survivor, Ref(kind.slug, other.pk)], by=by, data=data)
    made.cells = cells_of(kind, survivor.pk, change_set, before)
    made.save(update_fields=["cells"])


def alias(kind: RecordType, survivor: Record, other: Record) -> None:
    """Let the survivor be found by those ids elsewhere, too, for which it has others of its own."""
    theirs = {source: value for source, value in other.external_ids.items() if survivor.external_ids.get(source) != value}
    ExternalId.objects.bulk_create(
        ExternalId(type=kind.slug, source=source, value=value, record_id=survivor.pk) for source, value in theirs.items()
    )


def tell_moved(mover: Mover, by: User | None) -> None:
    """Say of each record whose link moved that it was changed, on its own timeline alone."""
    for slug, found in mover.touched.items():
        kind, keys = registry[slug], list(found)
        for start in range(0, len(keys), AT_ONCE):
            records = kind.model.objects.filter(pk__in=keys[start : start + AT_ONCE])
            say_many(f"{kind.noun}.updated", [([one], {"fields": sorted(found[one.pk])}, UNSET) for one in records], by=by)
