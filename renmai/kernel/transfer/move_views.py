"""A move from another system in the browser: its files looked at together, started, and watched."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.undo import is_own
from renmai.kernel.jobs.model import Job
from renmai.kernel.records.pages.door import go, page
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet, ChangeSetState
from renmai.kernel.transfer.moving import OPEN, prepare_move, sets_of, start_move
from renmai.kernel.transfer.read import WORKBOOKS
from renmai.kernel.transfer.unmoving import can_go_back, is_going_back, undo_move
from renmai.kernel.transfer.wizard import Wizard

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from renmai.kernel.access.user import User


@dataclass(frozen=True)
class Step:
    """A file of a move.

    Attributes:
        left: columns that hold something and are left out.
    """

    change_set: ChangeSet
    kind: RecordType
    left: list[str]
    state: Any


def is_move(sent: Sequence[UploadedFile[Any]]) -> bool:
    """Several files, or an archive, which begins as workbooks do but is not called like one."""
    if len(sent) != 1:
        return len(sent) > 1
    head = sent[0].read(4)
    sent[0].seek(0)
    return head == b"PK\x03\x04" and Path(sent[0].name or "").suffix.lower() not in WORKBOOKS | {".ods"}


def begin_move(request: HttpRequest, sent: Sequence[UploadedFile[Any]], by: User) -> str:
    """Prepare a move of files that were sent.

    Returns:
        Where it is looked at.

    Raises:
        Invalid, Unreadable, Forbidden: see ``prepare_move``.
    """
    with tempfile.TemporaryDirectory() as folder:
        for one in sent:
            with (Path(folder) / Path(one.name or "file").name).open("wb") as file:
                file.writelines(one.chunks())
        path = Path(folder) if len(sent) > 1 else next(Path(folder).iterdir())
        key, move = prepare_move(path, by=by)
    if move.unknown:
        messages.warning(request, _("Not recognised, and left out: %(files)s.") % {"files": ", ".join(move.unknown)})
    return f"/imports/moves/{key}/"


@page
def move(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What the files become; started by sending the form, then how far each has come."""
    sets = sets_of(key, by)
    if request.method == "POST":
        try:
            start_move(key, by=by)
        except Refused as refused:
            messages.error(request, str(refused))
        return go(request, f"/imports/moves/{key}/")
    jobs = Job.objects.filter(pk__in={one.job for one in sets if one.job})
    going_back = is_going_back(key)
    states = dict(ChangeSetState.choices)
    steps = [Step(one, registry[one.target], _left(one, by), states[one.state]) for one in sets]
    running = any(not job.is_over for job in jobs)
    shown = {"key": key, "steps": steps, "running": running, "open": any(one.state in OPEN for one in sets) and not running}
    shown |= {"going_back": going_back, "undone": all(one.state == ChangeSetState.UNDONE for one in sets)}
    shown |= {"undoable": not running and not going_back and all(is_own(one, by) for one in sets) and can_go_back(sets)}
    return render(request, "kernel/transfer/pages/move.jinja", shown)


@page
def take_back(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Undo all of it, and go to where the work is watched."""
    if request.method != "POST":
        return go(request, f"/imports/moves/{key}/")
    try:
        return go(request, f"/jobs/{undo_move(key, by=by).pk}/")
    except Refused as refused:
        messages.error(request, str(refused))
        return go(request, f"/imports/moves/{key}/")


def _left(change_set: ChangeSet, by: User) -> list[str]:
    """Columns that hold something and that no field takes; looked at while that can still be changed."""
    if change_set.state != ChangeSetState.DRAFT:
        return []
    wizard = Wizard(change_set, by)
    return [column.header for column in wizard.proposal.columns if column.filled and column.header not in wizard.plan.columns]
