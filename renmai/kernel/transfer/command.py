"""``renmai import``: a file into records, from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.actions import undo as undoing
from renmai.kernel.actions.errors import Invalid, Refusal, Refused
from renmai.kernel.files.store import keep_copy
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.jobs.work import at_once, perform
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer import run
from renmai.kernel.transfer.model import ChangeSet, ChangeSetState, Mode
from renmai.kernel.transfer.moves import is_archive
from renmai.kernel.transfer.moving import move_at_once
from renmai.kernel.transfer.plan import Plan
from renmai.kernel.transfer.propose import Proposal, propose
from renmai.kernel.transfer.read import Found, Unreadable, look
from renmai.kernel.transfer.unmoving import undo_move

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file", nargs="?", type=Path, help="CSV, workbook or vCards; or a folder or archive with the export of another system"
    )
    parser.add_argument("--type", help="what the rows become, such as leads")
    parser.add_argument("--map", type=Path, help="a map.json; without one, columns are recognised by name")
    parser.add_argument("--key", default="", help="fields by which existing records are found, separated by commas")
    parser.add_argument("--mode", choices=Mode.values, help="what rows may do; create if not given, upsert if there is a key")
    parser.add_argument("--pool", default="", help="name of the pool in which the records wait")
    parser.add_argument("--make-missing", default="", help="types of which records are made when a row names one that is not there")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    parser.add_argument("--as", dest="by", default="", metavar="EMAIL", help="the user who imports; the system if not given")
    parser.add_argument("--resume", metavar="ID", help="go on with an import that was interrupted")
    parser.add_argument("--undo", metavar="ID", help="take back what an import, a whole move, or work in bulk did; later edits stay")
    parser.add_argument("--encoding", default="", help="of the text file, where it was found wrong")
    parser.add_argument("--delimiter", default="", help="of the text file, where it was found wrong")
    parser.add_argument("--header-row", type=int, help="number of the row with the names, 0 if there is none")
    parser.add_argument("--sheet", default="", help="of the workbook; the first with content if not given")


def handle(args: argparse.Namespace) -> int:
    """Import, and print the summary as JSON.

    Returns:
        0 when every row is in or went back, 1 when the import is refused, 2 when rows came back or refused to go back.
    """
    try:
        told = undo(args) if args.undo else resume(args) if args.resume else rehearse(args) if args.dry_run else import_file(args)
    except (Refusal, Unreadable) as problem:
        print(f"renmai: {problem}", file=sys.stderr)
        return 1
    print(json.dumps(told, ensure_ascii=False))
    return 2 if told.get("failed") or told.get("refused") else 0


def import_file(args: argparse.Namespace) -> dict[str, Any]:
    """Import a file."""
    by = user(args.by)
    if _is_move(args):
        return move_at_once(args.file, by=by)
    change_set, questions = _prepared(args, by)
    run.run(change_set, by=by)
    return run.summary(change_set) | ({"questions": questions} if questions else {})


def rehearse(args: argparse.Namespace) -> dict[str, Any]:
    """Say what importing a file would do, and change nothing."""
    by = user(args.by)
    if _is_move(args):
        return move_at_once(args.file, by=by, dry_run=True)
    with transaction.atomic():
        change_set, questions = _prepared(args, by)
        told = run.rehearse(change_set, by=by)
        transaction.set_rollback(True)
    return told | {"change_set": None} | ({"questions": questions} if questions else {})


def _is_move(args: argparse.Namespace) -> bool:
    """A folder or an archive, and no type is said that one file of it would become."""
    return args.file is not None and not args.type and (args.file.is_dir() or (args.file.is_file() and is_archive(args.file)))


def resume(args: argparse.Namespace) -> dict[str, Any]:
    """Go on behind the last row that was dealt with."""
    change_set = ChangeSet.objects.select_related("owner").filter(pk=args.resume).first()
    if change_set is None:
        raise Invalid({"resume": [_("There is no such import.")]})
    run.run(change_set, by=change_set.owner)
    return run.summary(change_set)


def undo(args: argparse.Namespace) -> dict[str, Any]:
    """Take an import or a whole move back; one that broke off goes on."""
    key = identity_of(args.undo)
    if ChangeSet.objects.filter(move=str(key)).exists():
        return _told(key, undo_move(key, by=user(args.by), begin=at_once))
    waiting = ChangeSet.objects.filter(map__undoes=str(key), state=ChangeSetState.WORKING).first()
    job = Job.objects.filter(pk=waiting.job, state=JobState.WORKING).first() if waiting is not None else None
    if job is None:
        job = undoing.undo(key, user(args.by), begin=at_once)
    else:
        perform(job)
    return _told(key, job)


def _told(key: UUID, job: Job) -> dict[str, Any]:
    if job.problem:
        raise Refused(job.problem)
    return {"undone": str(key), **job.result}


def identity_of(text: str) -> UUID:
    """An id that was typed.

    Raises:
        Invalid: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"undo": [_("There is no such change set.")]}) from None


def _prepared(args: argparse.Namespace, by: User | None) -> tuple[ChangeSet, dict[str, str]]:
    rt = record_type(args.type)
    if args.file is None or not args.file.is_file():
        raise Invalid({"file": [_("There is no file “%(name)s”.") % {"name": args.file}]})
    found = look(args.file, **_corrected(args))
    proposal = propose(rt, found)
    plan = _plan(args, rt, found, proposal)
    questions = {} if args.map else proposal.questions
    return run.prepare(rt, keep_copy(args.file, by=by), plan, found.layout, by=by), questions


def _corrected(args: argparse.Namespace) -> dict[str, str | int]:
    given = {"encoding": args.encoding, "delimiter": args.delimiter.replace("\\t", "\t"), "sheet": args.sheet}
    return {
        **{name: value for name, value in given.items() if value},
        **({} if args.header_row is None else {"header_row": args.header_row}),
    }


def _plan(args: argparse.Namespace, rt: RecordType, found: Found, proposal: Proposal) -> Plan:
    """The map file with the arguments on top; without a file, what is proposed."""
    given = (
        json.loads(args.map.read_text("utf-8-sig")) if args.map else {"columns": proposal.mapping, "name_template": proposal.name_template}
    )
    plan = Plan.of({"reading": proposal.reading.as_json(), **given})
    key = tuple(filter(None, args.key.split(","))) or plan.key
    mode = args.mode or (plan.mode if args.map and plan.mode != Mode.CREATE else Mode.UPSERT if args.key else Mode.CREATE)
    make = plan.make_missing | set(filter(None, args.make_missing.split(",")))
    defaults = plan.defaults | run.in_pool(args.pool)
    return plan.with_(key=key, mode=mode, make_missing=make, defaults=defaults)


def record_type(slug: str | None) -> RecordType:
    """The type of that name.

    Raises:
        Invalid: there is none; the valid names are listed.
    """
    kind = registry.get(slug or "")
    if kind is None:
        valid = ", ".join(kind.slug for kind in registry.all())
        raise Invalid({"type": [_("Say what the rows become with --type, one of: %(valid)s.") % {"valid": valid}]})
    return kind


def user(email: str) -> User | None:
    """The active user of that address; None for an empty one.

    Raises:
        Invalid: there is none.
    """
    from renmai.kernel.access.user import User

    found = User.objects.live().filter(email=email.lower(), active=True).first() if email else None
    if email and found is None:
        raise Invalid({"as": [_("There is no active user “%(email)s”.") % {"email": email}]})
    return found
