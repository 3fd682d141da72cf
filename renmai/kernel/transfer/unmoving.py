"""Taking a move back as one: its files in turn, the last first, so that what refers to something goes before that."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.actions.bulk import Begin, queue
from renmai.kernel.actions.errors import Forbidden, Refused
from renmai.kernel.actions.undo import TOLD, back_of, is_own, is_under_way, is_undoable, rows_to_undo, take_back, undoings
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.jobs.work import later, step, work
from renmai.kernel.transfer.model import ChangeSet, ChangeSetState
from renmai.kernel.transfer.moving import sets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from renmai.kernel.access.user import User

COUNTED = ("done", "unchanged")
LISTED = ("refused", "kept")
BROKEN_OFF = [ChangeSetState.WAITING, ChangeSetState.WORKING, ChangeSetState.FAILED]


def undo_move(key: Any, *, by: User | None, begin: Begin = later) -> Job:
    """Queue the undoing of everything that a move did.

    Args:
        key: the id of the move.
        by: who undoes; None for the system.

    Raises:
        Missing: there is none for this person.
        Forbidden: somebody else did it.
        Refused: it runs, is being undone, or did nothing that can be put back.
    """
    with transaction.atomic():
        sets = sets_of(key, by)
        list(ChangeSet.objects.select_for_update(of=("self",)).filter(move=str(key)).order_by("pk"))
        if by is not None and not all(is_own(one, by) for one in sets):
            raise Forbidden(_("Only whoever made these changes, or an administrator, can undo them."))
        if is_going_back(key) or any(is_under_way(one) for one in sets):
            raise Refused(_("It is being undone already."))
        if not can_go_back(sets):
            raise Refused(_("There is nothing here that can be undone."))
        if begin is later:
            return begin("undo_move", by=by, move=str(key))
    return begin("undo_move", by=by, move=str(key))


def can_go_back(sets: Sequence[ChangeSet]) -> bool:
    """Nothing of the move is under way, and something that it did can be put back."""
    running = {ChangeSetState.WAITING, ChangeSetState.WORKING}
    return not any(one.state in running for one in sets) and any(is_undoable(one) for one in sets)


def is_going_back(key: Any) -> bool:
    """Whether somebody is taking the move back at this moment."""
    return Job.objects.filter(kind="undo_move", state__in=[JobState.QUEUED, JobState.WORKING], arguments__move=str(key)).exists()


@work("undo_move")
def undo_move_job(job: Job, *, move: str) -> None:
    """The background's way in; what went back already is left alone."""
    sets = [one for one in reversed(sets_of(move, job.by)) if is_undoable(one)]
    total, before = sum(rows_to_undo(one).values("record_id").distinct().count() for one in sets), 0
    told: list[dict[str, Any]] = []
    for one in sets:
        back = _back_of(one, job)
        take_back(job, back, partial(_tell, job, before, total))
        before += back.done_rows
        told.append({"file": one.name, "type": one.target, **job.result})
        job.result = {}
    job.result = summed(told)


def _back_of(one: ChangeSet, job: Job) -> ChangeSet:
    """What takes a file back: that which this job was at when it broke off, or a new one."""
    found = undoings(one).filter(job=str(job.pk), state__in=BROKEN_OFF).first()
    if found is None:
        queue("undo", found := back_of(one), job.by, lambda _name, **_rest: job)
    return found


def _tell(job: Job, before: int, total: int, done: int, _of: int) -> None:
    step(job, before + done, max(total, before + done))


def summed(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What came of all files: the sums, the first of what stayed, and each file."""
    counts = {name: sum(one[name] for one in told) for name in COUNTED}
    return {**counts, **{name: [line for one in told for line in one[name]][:TOLD] for name in LISTED}, "files": list(told)}
