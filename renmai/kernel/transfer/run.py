"""An import from the first row to the last: in batches, each in one transaction with its counts, so that it can go on after a crash."""

from __future__ import annotations

import csv
import gc
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid, Refused
from renmai.kernel.facts.telling import telling
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.store import close, make
from renmai.kernel.history.acting import acting
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import Stopped, heed, later, step, work
from renmai.kernel.records.bulk import copy_values
from renmai.kernel.records.store import settle
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.search.gathering import gathering
from renmai.kernel.transfer.batch import Importer, Result
from renmai.kernel.transfer.drafts import Draft, Drafter
from renmai.kernel.transfer.export import BOM
from renmai.kernel.transfer.foresee import Foresight, forget
from renmai.kernel.transfer.guard import guarded
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ChangeSetState, Mode, RowAction
from renmai.kernel.transfer.plan import Plan, remark_types
from renmai.kernel.transfer.read import Found, Layout, count, look, rows
from renmai.kernel.transfer.values import as_text

if TYPE_CHECKING:
    from pathlib import Path

    from renmai.kernel.access.user import User

BATCH = 4_000
MANY = 1_000
TOLD = 100
COUNTED = {
    RowAction.CREATED: "created",
    RowAction.UPDATED: "updated",
    RowAction.SKIPPED: "skipped",
    RowAction.FAILED: "failed",
}


def in_pool(name: str) -> dict[str, Any]:
    """Defaults of records that wait in a pool: they are in it and nobody's."""
    return {"pool": name, "owner": ""} if name else {}


def prepare(rt: RecordType, stored: StoredFile, plan: Plan, layout: Layout, *, by: User | None) -> ChangeSet:
    """Store what an import is to do.

    Args:
        rt: what the rows become.
        stored: the file.
        by: who imports; None for the system.

    Raises:
        Invalid: the plan does not fit the type.
        Forbidden: the person may not create or edit such records.
    """
    plan.targets(rt)
    if by is not None:
        _require_rights(rt, plan, by)
    change_set = ChangeSet(name=stored.name, target=rt.slug, mode=plan.mode, file=str(stored.pk), layout=asdict(layout), map=plan.as_json())
    return keep_set(change_set, by)


def _require_rights(rt: RecordType, plan: Plan, by: User) -> None:
    verbs = {Mode.CREATE: ["create"], Mode.UPDATE: ["edit"], Mode.UPSERT: ["create", "edit"]}[Mode(plan.mode)]
    if not all(by.may(verb, rt) for verb in ["import", *verbs]):
        raise Forbidden(_("You may not import this."))
    for slug in sorted(plan.make_missing | {name for name in plan.columns.values() if name in remark_types(rt)}):
        if not by.may("create", slug):
            raise Forbidden(_("You may not make %(type)s.") % {"type": registry[slug].label_plural})


def keep_set(change_set: ChangeSet, by: User | None) -> ChangeSet:
    """A change set is made by the house on behalf of a person, whatever records they may create themselves."""
    change_set.owner = change_set.created_by = change_set.updated_by = by
    change_set.team = by.team if by is not None else None
    settle(registry.of(change_set), change_set, set())
    change_set.save(force_insert=True)
    return change_set


def start(change_set: ChangeSet, *, by: User | None) -> Job:
    """Queue an import that is prepared.

    Raises:
        Refused: it runs or has run.
    """
    if change_set.state not in {ChangeSetState.DRAFT, ChangeSetState.STOPPED, ChangeSetState.FAILED}:
        raise Refused(_("This import is under way or done already."))
    with transaction.atomic():
        job = later("import", by=by, total=change_set.total_rows or None, change_set=str(change_set.pk))
        forget(change_set)
        change_set.job, change_set.state = str(job.pk), ChangeSetState.WAITING
        change_set.save(update_fields=["job", "state"])
    return job


def start_rehearsal(change_set: ChangeSet, *, by: User | None) -> Job:
    """Queue a dry run of an import that is prepared; it stays as it is.

    Raises:
        Refused: it runs or has run.
    """
    if change_set.state != ChangeSetState.DRAFT:
        raise Refused(_("This import is under way or done already."))
    with transaction.atomic():
        job = later("rehearse", by=by, change_set=str(change_set.pk))
        change_set.job = str(job.pk)
        change_set.save(update_fields=["job"])
    return job


@work("import")
def run_job(job: Job, *, change_set: str) -> None:
    """The background's way in."""
    found = ChangeSet.objects.get(pk=change_set)
    try:
        run(found, by=job.by, job=job)
    finally:
        job.errors_file = found.errors_file or None
        job.result = summary(found) | {"errors_file": job.as_json()["errors_file"]}


@work("rehearse")
def rehearse_job(job: Job, *, change_set: str) -> None:
    """The background's way into a dry run."""
    job.result = rehearse(ChangeSet.objects.get(pk=change_set), by=job.by, job=job)


def rehearse(change_set: ChangeSet, *, by: User | None, job: Job | None = None) -> dict[str, Any]:
    """Import everything in a transaction that is rolled back, tell what would have come of it, and keep what each row would do.

    Raises:
        Stopped: somebody has asked the job to stop.
    """
    with closing(Foresight()) as foresight:
        told = _rehearsed(change_set, by, job, foresight)
        foresight.keep(change_set)
    return told | {"errors_file": None, "dry_run": True}


def _rehearsed(change_set: ChangeSet, by: User | None, job: Job | None, foresight: Foresight) -> dict[str, Any]:
    with transaction.atomic():
        run(change_set, by=by, job=job, foresight=foresight)
        failed = change_set.rows_of_file.filter(action=RowAction.FAILED).order_by("number")[:TOLD]
        told = summary(change_set) | {"problems": [{"row": row.number, "reason": row.reason} for row in failed]}
        transaction.set_rollback(True)
    return told


def run(change_set: ChangeSet, *, by: User | None, job: Job | None = None, foresight: Foresight | None = None) -> None:
    """Import the rows that are not dealt with yet.

    Args:
        by: whose rights count and who stands in history; None for the system.
        job: told of the progress, asked whether to stop.
        foresight: takes what each row does, in a dry run.

    Raises:
        Stopped: somebody has asked the job to stop; what is done stays.
        Unreadable: the file is broken behind what is done.
    """
    path, layout = file_of(change_set).path, Layout(**change_set.layout)
    importer = importer_of(change_set, look_as(path, layout), by)
    importer.compares = foresight is not None
    change_set.state = ChangeSetState.WORKING
    change_set.total_rows = change_set.total_rows or count(path, layout)
    change_set.save(update_fields=["state", "total_rows"])
    try:
        for drafts in batches(importer, path, layout, change_set.done_rows):
            results = _one_batch(change_set, importer, drafts)
            if foresight is not None:
                foresight.take(results)
            _note(job, change_set, rehearsed=foresight is not None)
        if importer.later:
            for results in _link_to_own_type(change_set, importer, path, layout):
                if foresight is not None:
                    foresight.take_links(results)
    except Stopped:
        _end(change_set, ChangeSetState.STOPPED, path, layout)
        raise
    except Exception:
        _end(change_set, ChangeSetState.FAILED, path, layout)
        raise
    _end(change_set, ChangeSetState.DONE, path, layout)


def _note(job: Job | None, change_set: ChangeSet, *, rehearsed: bool) -> None:
    """How far it has come; the transaction of a dry run tells nobody, and must not hold the job."""
    if job is not None and rehearsed:
        heed(job)
    elif job is not None:
        step(job, dealt_with(change_set), change_set.total_rows)


def dealt_with(change_set: ChangeSet) -> int:
    """How many rows have been dealt with."""
    return sum((change_set.created, change_set.updated, change_set.skipped, change_set.failed))


def file_of(change_set: ChangeSet) -> StoredFile:
    """The file that is imported.

    Raises:
        Invalid: it is gone.
    """
    stored = StoredFile.objects.filter(pk=change_set.file).first()
    if stored is None or not stored.is_here():
        raise Invalid({"file": [_("The file of this import is gone.")]})
    return stored


def look_as(path: Path, layout: Layout) -> Found:
    """Look at a file by a layout that is settled."""
    return look(path, **{name: value for name, value in asdict(layout).items() if value != "" or name in {"quote", "escape"}})


def importer_of(change_set: ChangeSet, found: Found, by: User | None) -> Importer:
    """What turns the rows of a change set into records."""
    rt, plan = registry[change_set.target], Plan.of(change_set.map)
    return Importer(rt, plan, Drafter(rt, plan, found.header, found.columns), by)


def batches(importer: Importer, path: Path, layout: Layout, after: int) -> Iterator[list[Draft]]:
    """Drafts in batches; one ends early where a key comes again, so that the second row finds what the first has made."""
    batch: list[Draft] = []
    seen: set[tuple[str, ...]] = set()
    for number, row in rows(path, layout):
        if number <= after:
            continue
        draft = importer.drafter.draft(number, row)
        key = importer.key_texts(draft)
        if len(batch) == BATCH or (key and key in seen):
            yield batch
            batch, seen = [], set()
        batch.append(draft)
        seen.add(key)
    if batch:
        yield batch


def _one_batch(change_set: ChangeSet, importer: Importer, drafts: list[Draft]) -> list[Result]:
    """Rows, what became of them, and the counts, in one transaction."""
    with uncollected(), transaction.atomic(), acting(importer.by, _why(change_set), change_set.pk), telling(importer.plan.notify):
        with gathering(importer.rt.model) if len(drafts) >= MANY else nullcontext():
            results = importer.process(drafts)
        copy_values(ChangeSetRow, KEPT, (_kept(change_set, result) for result in results))
        for action, name in COUNTED.items():
            setattr(change_set, name, getattr(change_set, name) + sum(result.action == action for result in results))
        change_set.done_rows = drafts[-1].number
        change_set.save(update_fields=[*COUNTED.values(), "done_rows"])
    return results


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: a batch makes none, and to look through its records again and again takes a sixth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _why(change_set: ChangeSet) -> str:
    return _("Import %(name)s") % {"name": change_set.name}


KEPT = ("change_set_id", "number", "action", "type", "record_id", "version", "reason")


def _kept(change_set: ChangeSet, result: Result) -> tuple[Any, ...]:
    record = result.record
    key, version = (record.pk, record.version) if record is not None else (None, None)
    return change_set.pk, result.number, str(result.action), result.type, key, version, result.reason


def _link_to_own_type(change_set: ChangeSet, importer: Importer, path: Path, layout: Layout) -> Iterator[list[Result]]:
    """Set links among the records of this file, such as a parent company that stands in a later row; a second walk over the file."""
    linking: list[Draft] = []
    for number, row in rows(path, layout):
        draft = importer.drafter.draft(number, row)
        if importer.later & draft.links.keys():
            linking.append(draft)
        if len(linking) == BATCH:
            yield _link_batch(change_set, importer, linking)
            linking = []
    yield _link_batch(change_set, importer, linking)


def _link_batch(change_set: ChangeSet, importer: Importer, drafts: list[Draft]) -> list[Result]:
    results = []
    numbers = {draft.number: draft for draft in drafts}
    done = change_set.rows_of_file.filter(number__in=numbers, action__in=[RowAction.CREATED, RowAction.UPDATED])
    with transaction.atomic(), acting(importer.by, _why(change_set), change_set.pk), telling(False):
        rows_by_record = {row.record_id: row for row in done}
        for record in importer.rt.model.objects.live().filter(pk__in=rows_by_record):
            row = rows_by_record[record.pk]
            results.append(importer.link_later(numbers[row.number], record))
            row.reason = results[-1].reason
            row.version = record.version
            row.save(update_fields=["reason", "version"])
    return results


def _end(change_set: ChangeSet, state: ChangeSetState, path: Path, layout: Layout) -> None:
    change_set.state, change_set.ended_at = state, timezone.now()
    if change_set.failed:
        change_set.errors_file = str(write_errors(change_set, path, layout).pk)
    change_set.save(update_fields=["state", "ended_at", "errors_file"])


def write_errors(change_set: ChangeSet, path: Path, layout: Layout) -> StoredFile:
    """The rows that came back as a CSV of the original columns and the reason, to be mended and imported again."""
    failed = change_set.rows_of_file.filter(action=RowAction.FAILED).order_by("number").values_list("number", "reason").iterator()
    found = look_as(path, layout)
    stored = make(f"{path_stem(change_set.name)}-errors.csv", by=change_set.owner, media_type="text/csv")
    stored.types = file_of(change_set).types
    with stored.path.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM)
        writer = csv.writer(file)
        writer.writerow([*found.header, _("Reason")])
        number, reason = next(failed, (0, ""))
        for at, row in rows(path, layout):
            if at == number:
                writer.writerow([*(guarded(as_text(row[column])) if column < len(row) else "" for column in found.columns), reason])
                number, reason = next(failed, (0, ""))
    return close(stored)


def path_stem(name: str) -> str:
    """A file's name without its suffix."""
    return name.rpartition(".")[0] or name


def summary(change_set: ChangeSet) -> dict[str, Any]:
    """What came of an import, as commands and the API tell it."""
    errors = StoredFile.objects.filter(pk=change_set.errors_file).first() if change_set.errors_file else None
    return {
        **{name: getattr(change_set, name) for name in COUNTED.values()},
        "also_made": _made(change_set),
        "errors_file": str(errors.path) if errors else None,
        "change_set": str(change_set.pk),
    }


def _made(change_set: ChangeSet) -> dict[str, int]:
    """Type → how many records were made because rows named them."""
    made = change_set.rows_of_file.filter(action=RowAction.ALSO_MADE).values_list("type").annotate(number=Count("pk"))
    return dict(made.order_by("type"))
