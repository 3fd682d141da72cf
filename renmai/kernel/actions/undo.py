"""Taking a change set back, an import or work in bulk: what still stands as it was left goes back, later edits are kept and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from renmai.kernel.actions.back import Back
from renmai.kernel.actions.bulk import Begin, Walk, go_through, queue
from renmai.kernel.actions.errors import Forbidden, Missing, Refused
from renmai.kernel.actions.many import AT_ONCE, Verb
from renmai.kernel.actions.unmake import Unmaking
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ChangeSetState, RowAction

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

ENDED = {ChangeSetState.DONE, ChangeSetState.STOPPED, ChangeSetState.FAILED}
DID = [RowAction.CREATED, RowAction.UPDATED, RowAction.ALSO_MADE]
TOLD = 100


def is_undoable(change_set: ChangeSet) -> bool:
    """Whether something was done that can be put back."""
    return change_set.state in ENDED and _only_sets(change_set) and change_set.rows_of_file.filter(action__in=DID).exists()


def _only_sets(change_set: ChangeSet) -> bool:
    """An import, or work in bulk that does no more to each record than to set fields; an undo is not undone."""
    name, kind = change_set.map.get("action"), registry.get(change_set.target)
    if kind is None or name in {None, "update", "delete", "tidy"}:
        return kind is not None
    found = kind.action(name)
    return found is not None and found.sets is not None


def is_own(change_set: ChangeSet, by: User) -> bool:
    """Whether it is this person's to undo: whoever did it, and administrators."""
    return bool(change_set.created_by_id == by.pk or by.access.is_admin)


def undo(key: Any, by: User | None, ids: Iterable[Any] | None = None, begin: Begin = later) -> Job:
    """Queue the undoing of a change set.

    Args:
        by: who undoes; None for the system.
        ids: only what was done to these records.

    Raises:
        Missing: there is none for this person.
        Forbidden: somebody else did it.
        Refused: it runs, is being undone or undone already, or did nothing that can be put back.
    """
    rows = ChangeSet.objects.visible_to(by) if by is not None else ChangeSet.objects.live()
    with transaction.atomic():
        found = rows.select_for_update(of=("self",)).filter(pk=key).first()
        if found is None:
            raise Missing(_("There is no such change set."))
        if by is not None and not is_own(found, by):
            raise Forbidden(_("Only whoever made these changes, or an administrator, can undo them."))
        if not is_undoable(found):
            raise Refused(_("There is nothing here that can be undone."))
        if is_under_way(found):
            raise Refused(_("It is being undone already."))
        back = back_of(found, ids)
        if begin is later:
            return queue("undo", back, by)
    return queue("undo", back, by, begin)


def back_of(change_set: ChangeSet, ids: Iterable[Any] | None = None) -> ChangeSet:
    """The change set, not yet stored, that takes another one back."""
    asked: dict[str, Any] = {
        "action": "undo",
        "arguments": {},
        "undoes": str(change_set.pk),
        "ids": [str(one) for one in ids] if ids is not None else None,
    }
    return ChangeSet(name=_("Undo: %(what)s") % {"what": change_set.name}, target=change_set.target, map=asked)


def undoings(change_set: ChangeSet) -> QuerySet[ChangeSet]:
    """The change sets that took it back, wholly or in part."""
    return ChangeSet.objects.filter(map__undoes=str(change_set.pk))  # type: ignore[no-any-return]


def is_under_way(change_set: ChangeSet) -> bool:
    """Whether somebody is taking it back at this moment."""
    backs = [str(key) for key in undoings(change_set).values_list("pk", flat=True)]
    running = Job.objects.filter(kind="undo", state__in=[JobState.QUEUED, JobState.WORKING], arguments__change_set__in=backs)
    return bool(backs) and running.exists()


@work("undo")
def do_undo(job: Job, *, change_set: str) -> None:
    """The background's way in."""
    take_back(job, ChangeSet.objects.get(pk=change_set))


def take_back(job: Job, back: ChangeSet, tell: Callable[[int, int], None] | None = None) -> None:
    """Put back one portion after the other.

    Args:
        tell: see ``go_through``.
    """
    undone = ChangeSet.objects.get(pk=back.map["undoes"])
    chosen = back.map.get("ids")
    try:
        go_through(job, back, lambda: plan(undone, job.by, None if chosen is None else {UUID(key) for key in chosen}), tell)
    finally:
        kept = back.rows_of_file.exclude(reason="").exclude(action=RowAction.FAILED).order_by("number")[:TOLD]
        job.result |= {"kept": [{"id": str(row.record_id), "type": row.type, "detail": row.reason} for row in kept]}
    if chosen is None:
        ChangeSet.objects.filter(pk=undone.pk).update(state=ChangeSetState.UNDONE)


def plan(undone: ChangeSet, by: User | None, chosen: set[UUID] | None) -> tuple[Verb, Walk]:
    """How to put records back, and which: what was made at last, those that it was made for before."""
    rows = rows_to_undo(undone)
    unmaking = Unmaking(undone, rows.filter(action__in=[RowAction.CREATED, RowAction.ALSO_MADE]), by, chosen)
    told = rows.exclude(action=RowAction.ALSO_MADE)
    told = told if chosen is None else told.filter(record_id__in=chosen)
    also = unmaking.along().exclude(record_id__in=told.order_by().values("record_id"))
    return Verb(Back(undone, by, unmaking).put, AT_ONCE), Walk([told, also])


def rows_to_undo(undone: ChangeSet) -> QuerySet[ChangeSetRow]:
    """What a change set did, without what went back already."""
    gone = ChangeSetRow.objects.filter(change_set__in=undoings(undone), action=RowAction.UPDATED, reason="")
    return undone.rows_of_file.filter(action__in=DID, record_id__isnull=False).exclude(record_id__in=gone.values("record_id"))
