"""Taking back what was done to many records: what still stands as it was left goes back, what somebody has changed since is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from renmai.kernel.actions.bulk import go_through, queue, whose
from renmai.kernel.actions.errors import Missing, Refusal, Refused
from renmai.kernel.actions.many import AT_ONCE, Done, Verb, done
from renmai.kernel.actions.run import run
from renmai.kernel.jobs import work
from renmai.kernel.records.change_many import Change, change_many, lock_many, tell_many
from renmai.kernel.records.guards import require_free
from renmai.kernel.records.refusals import sentence
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ChangeSetState, RowAction

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.jobs.model import Job
    from renmai.kernel.records.record import Record

ENDED = {ChangeSetState.DONE, ChangeSetState.STOPPED, ChangeSetState.FAILED}


def is_undoable(change_set: ChangeSet) -> bool:
    """Whether something was done that can be put back."""
    recorded = change_set.rows_of_file.filter(action=RowAction.UPDATED, after__isnull=False)
    return change_set.state in ENDED and "undoes" not in change_set.map and recorded.exists()


def undo(key: Any, by: User) -> Job:
    """Queue the undoing of a change set.

    Raises:
        Missing: there is none for this person.
        Refused: it runs, is undone already, or did nothing that can be put back.
    """
    with transaction.atomic():
        found = ChangeSet.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=key).first()
        if found is None:
            raise Missing(_("There is no such change set."))
        if found.created_by_id != by.pk and not by.may("edit", found):
            raise Missing(_("There is no such change set."))
        if not is_undoable(found):
            raise Refused(_("There is nothing here that can be undone."))
        state, found.state = found.state, ChangeSetState.UNDONE
        found.save(update_fields=["state"])
        asked = {"action": "undo", "arguments": {}, "undoes": str(found.pk), "was": state}
        return queue("undo", ChangeSet(name=_("Undo: %(what)s") % {"what": found.name}, target=found.target, map=asked), by)


@work("undo")
def do_undo(job: Job, *, change_set: str) -> None:
    """Put back one portion after the other."""
    found, by = ChangeSet.objects.get(pk=change_set), whose(job)
    rows = ChangeSetRow.objects.filter(change_set=found.map["undoes"], action=RowAction.UPDATED, after__isnull=False)
    back = Back(registry[found.target], by, rows, found.map["undoes"])
    go_through(
        job, found, lambda: (Verb(back.put, AT_ONCE), [row.record_id for row in rows.only("record_id").order_by("number") if row.record_id])
    )


@dataclass(frozen=True)
class Back:
    """The way back from a change set.

    Attributes:
        rows: what it did, record by record.
        undoes: its id, for the facts.
    """

    kind: RecordType
    by: User
    rows: QuerySet[ChangeSetRow]
    undoes: str

    def put(self, keys: Sequence[UUID]) -> list[Done]:
        """Put some of the records back: those that were deleted out of the recycle bin, fields of the others to what they held."""
        recorded = {row.record_id: row for row in self.rows.filter(record_id__in=keys)}
        binned = [key for key, row in recorded.items() if "deleted_at" in (row.before or {})]
        living = [key for key, row in recorded.items() if "deleted_at" not in (row.before or {})]
        return self._restored(binned, recorded) + self._changed(living, recorded)

    def _restored(self, keys: list[Any], recorded: dict[Any, ChangeSetRow]) -> list[Done]:
        if self.kind.takes:
            return [self._unburied(key, recorded[key]) for key in keys]
        found, refused = lock_many(self.kind, keys, self.by, "delete", deleted=True)
        empty = {"deleted_at": None, "deleted_by": None}
        changes = [Change(record, empty if _stands(self.kind, record, recorded[record.pk], "deleted_at") else {}) for record in found]
        stored = change_many(self.kind, changes, self.by, allow=lambda record: None, settles=False)
        tell_many(self.kind, "restored", stored, self.by, lambda change: {"undoes": self.undoes})
        return _results(self.kind, changes, refused, recorded)

    def _unburied(self, key: Any, row: ChangeSetRow) -> Done:
        """Bring one record back, with those that went along with it."""
        record = self.kind.model.objects.visible_to(self.by, "delete", deleted=True).filter(pk=key).first()
        if record is None or not _stands(self.kind, record, row, "deleted_at"):
            return Done(key, RowAction.SKIPPED, reason=_why_kept(self.kind, ["deleted_at"]))
        try:
            with transaction.atomic():
                return Done(key, RowAction.UPDATED, run(self.kind, "restore", key, by=self.by).item.version)
        except Refusal as refusal:
            return Done(key, RowAction.FAILED, reason=sentence(self.kind, refusal))

    def _changed(self, keys: list[Any], recorded: dict[Any, ChangeSetRow]) -> list[Done]:
        found, refused = lock_many(self.kind, keys, self.by, "edit")
        links = _links(self.kind, [recorded[record.pk] for record in found])
        changes = [Change(record, _held(self.kind, record, recorded[record.pk], links)) for record in found]
        values = {change.record.pk: dict(change.values) for change in changes}
        allow = partial(_require_editable, self.kind, values, self.by)
        stored = change_many(self.kind, changes, self.by, allow=allow)
        tell_many(self.kind, "updated", stored, self.by, lambda change: {"fields": sorted(change.before), "undoes": self.undoes})
        return _results(self.kind, changes, refused, recorded)


def _require_editable(kind: RecordType, values: dict[Any, dict[str, Any]], by: User, record: Record) -> None:
    require_free(kind, record, "edit", by)
    kind.require_editable(record, values[record.pk])


def _stands(kind: RecordType, record: Record, row: ChangeSetRow, name: str) -> bool:
    """Whether a field still holds what it was left with."""
    spec = kind.fields[name]
    left = (row.after or {})[name]
    if spec.kind == "link":
        return str(getattr(record, spec.field.attname) or "") == str(left or "")
    return bool(getattr(record, name) == spec.clean(left))


def _held(kind: RecordType, record: Record, row: ChangeSetRow, links: dict[str, dict[Any, Any]]) -> dict[str, Any]:
    """What goes back, by field."""
    values: dict[str, Any] = {}
    for name, raw in (row.before or {}).items():
        if _stands(kind, record, row, name):
            is_link = kind.fields[name].kind == "link"
            values[name] = (links[name].get(UUID(raw)) if raw else None) if is_link else kind.fields[name].clean(raw)
    return values


def _links(kind: RecordType, rows: list[ChangeSetRow]) -> dict[str, dict[Any, Any]]:
    """Per link the records that it led to before, by id."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for row in rows:
        for name, raw in (row.before or {}).items():
            if kind.fields[name].kind == "link" and raw:
                wanted[name].add(UUID(raw))
    return {name: kind.fields[name].target_model.objects.in_bulk(keys) for name, keys in wanted.items()}


def _results(kind: RecordType, changes: list[Change], refused: dict[Any, str], recorded: dict[Any, ChangeSetRow]) -> list[Done]:
    """What became of each, naming the fields that were kept."""
    kept = {change.record.pk: sorted((recorded[change.record.pk].before or {}).keys() - change.values.keys()) for change in changes}
    return [replace(one, reason=_why_kept(kind, kept[one.key])) if kept.get(one.key) else one for one in done(changes, refused)]


def _why_kept(kind: RecordType, names: list[str]) -> str:
    labels = ", ".join(str(kind.fields[name].label) for name in names)
    return _("Kept, since somebody has changed it: %(fields)s.") % {"fields": labels}
