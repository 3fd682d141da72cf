"""Carrying out a move: each file of an export a change set of its own, one after the other in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Missing, Refused
from renmai.kernel.files.store import keep_copy
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import later, work
from renmai.kernel.records.record import uuid7
from renmai.kernel.transfer.foresee import forget
from renmai.kernel.transfer.model import ChangeSet, ChangeSetState
from renmai.kernel.transfer.moves import Move, opened, recognise, systems
from renmai.kernel.transfer.run import COUNTED, prepare, run, summary

if TYPE_CHECKING:
    from uuid import UUID

    from renmai.kernel.access.user import User

OPEN = {ChangeSetState.DRAFT, ChangeSetState.WAITING, ChangeSetState.WORKING, ChangeSetState.STOPPED, ChangeSetState.FAILED}


def recognised(paths: Iterable[Path]) -> Move:
    """The move that files are.

    Raises:
        Invalid: they are of no system that is known.
        Unreadable: one is no table.
    """
    move = recognise(paths)
    if move is None:
        known = ", ".join(system.title for system in systems().values())
        raise Invalid(
            {"file": [_("These files are no export that is recognised as a whole (%(known)s); import them one by one.") % {"known": known}]}
        )
    return move


def prepare_move(path: Path, *, by: User | None) -> tuple[UUID, Move]:
    """Keep the files of a folder or an archive, each with its map.

    Returns:
        The id of the move, under which its change sets are found.

    Raises:
        Invalid, Unreadable: see ``recognised``.
        Forbidden: the person may not make what one of the files brings.
    """
    with opened(path) as paths, transaction.atomic():
        move, key = recognised(paths), uuid7()
        kept = {part.path: keep_copy(part.path, by=by) for part in move.parts}
        for at, part in enumerate(move.parts):
            change_set = prepare(part.kind, kept[part.path], part.plan, part.found.layout, by=by)
            change_set.move, change_set.step = str(key), at
            change_set.save(update_fields=["move", "step"])
    return key, move


def sets_of(key: Any, by: User | None) -> list[ChangeSet]:
    """The change sets of a move, in their order.

    Raises:
        Missing: there is none for this person.
    """
    rows = ChangeSet.objects.visible_to(by) if by is not None else ChangeSet.objects.live()
    found = list(rows.filter(move=str(key)).order_by("step"))
    if not found:
        raise Missing(_("There is no such import."))
    return found


def start_move(key: Any, *, by: User | None) -> Job:
    """Queue a move that is prepared, or what is left of it.

    Raises:
        Missing: there is none for this person.
        Refused: nothing of it is left, or it is under way.
    """
    with transaction.atomic():
        waiting = [one for one in sets_of(key, by) if one.state in OPEN]
        jobs = Job.objects.filter(pk__in=[one.job for one in waiting if one.job])
        if not waiting or any(not job.is_over for job in jobs):
            raise Refused(_("This import is under way or done already."))
        job = later("move", by=by, move=str(key))
        for one in waiting:
            forget(one)
            one.job, one.state = str(job.pk), ChangeSetState.WAITING
            one.save(update_fields=["job", "state"])
    return job


@work("move")
def move_job(job: Job, *, move: str) -> None:
    """The background's way in; what is done already is not done again."""
    job.result = {}
    for change_set in sets_of(move, job.by):
        if change_set.state in OPEN:
            run(change_set, by=job.by, job=job)
    job.result = told(sets_of(move, job.by))


def told(sets: Iterable[ChangeSet]) -> dict[str, Any]:
    """What came of a move: all counts, and those of each file."""
    files = [{"file": one.name, "type": one.target, **summary(one)} for one in sets]
    return {**{name: sum(file[name] for file in files) for name in COUNTED.values()}, "files": files}


def move_at_once(path: Path, *, by: User | None, dry_run: bool = False) -> dict[str, Any]:
    """Carry out a move here and now.

    Args:
        dry_run: take all of it back, and tell what would have come of it.
    """
    with transaction.atomic() if dry_run else nullcontext():
        key, move = prepare_move(path, by=by)
        for change_set in sets_of(key, by):
            run(change_set, by=by)
        result = told(sets_of(key, by))
        if dry_run:
            transaction.set_rollback(True)
    return {"system": move.system.name, "move": str(key), **result, "unknown": move.unknown, **({"dry_run": True} if dry_run else {})}
