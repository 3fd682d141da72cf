"""A verb done to many records as work in the background, of any number, that can be watched, stopped and undone."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.many import Done, Verb, verb
from renmai.kernel.criteria import condition
from renmai.kernel.facts.telling import telling
from renmai.kernel.files.store import close, make
from renmai.kernel.history.acting import acting
from renmai.kernel.jobs import Stopped, later, work
from renmai.kernel.jobs.abreast import abreast
from renmai.kernel.jobs.work import step
from renmai.kernel.records.bulk import copy_values
from renmai.kernel.records.clean import identity
from renmai.kernel.records.listing import Question
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.guard import guarded
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ChangeSetState, Mode, RowAction
from renmai.kernel.transfer.run import keep_set, uncollected

if TYPE_CHECKING:
    from renmai.kernel.files.model import StoredFile
    from renmai.kernel.jobs.model import Job

T = TypeVar("T")
Begin = Callable[..., "Job"]
TOLD = 100
BOM = "\ufeff"
KEPT = ("change_set_id", "number", "action", "type", "record_id", "version", "reason")
COUNTED = {RowAction.UPDATED: "updated", RowAction.SKIPPED: "skipped", RowAction.FAILED: "failed"}


def in_bulk(
    kind: RecordType,
    action: str,
    by: User,
    *,
    ids: list[Any] | None = None,
    tree: Any = None,
    words: str = "",
    arguments: dict[str, Any] | None = None,
    notify: bool = False,
    begin: Begin = later,
) -> Job:
    """Queue an action on many records.

    Args:
        action: an action's name, or ``update`` (the arguments are field values) or ``delete``.
        ids: the records; or
        tree: the criteria that find them when the work begins, within those that answer to
        words: free text.
        notify: tell the people whom it concerns of each record.
        begin: ``at_once`` for few records.

    Raises:
        Invalid, Forbidden: neither ids nor criteria, or such that do not do; arguments that do not do.
        Missing: there is no such action.
    """
    verb(kind, action, arguments or {}, by)
    if (ids is None) == (tree is None):
        raise Invalid({"ids": [_("Name the records by “ids” or by “filter”, not both.")]})
    if tree is not None:
        condition(tree, kind, by)
    asked = {"action": action, "arguments": arguments or {}, "notify": notify}
    which = {"ids": None if ids is None else keys_of(ids), "tree": tree, "words": words}
    return queue("bulk", ChangeSet(name=in_words(kind, action, arguments or {}), target=kind.slug, map=asked), by, begin, **which)


def queue(name: str, change_set: ChangeSet, by: User | None, begin: Begin = later, **arguments: Any) -> Job:
    """Begin work that a change set records."""
    change_set.mode, change_set.state = Mode.UPDATE, ChangeSetState.WAITING
    with transaction.atomic():
        keep_set(change_set, by)
        if begin is later:
            job = begin(name, by=by, change_set=str(change_set.pk), **arguments)
            ChangeSet.objects.filter(pk=change_set.pk).update(job=str(job.pk))
            return job
    return begin(name, by=by, change_set=str(change_set.pk), **arguments)


def in_words(kind: RecordType, action: str, arguments: Mapping[str, Any]) -> str:
    """What is done, for people."""
    if action == "delete":
        return _("Delete")
    if action == "update":
        labels = ", ".join(str(kind.fields[name].label) for name in arguments if name in kind.fields)
        return _("Change: %(fields)s") % {"fields": labels}
    found = kind.action(action)
    return str(found.label) if found else action


def keys_of(ids: Any) -> list[str]:
    """Ids of a request, checked.

    Raises:
        Invalid: something else.
    """
    try:
        return [str(key) for given in ids if (key := identity(given)) is not None]
    except (ValueError, TypeError):
        raise Invalid({"ids": [_("A list of ids is expected here.")]}) from None


@work("bulk")
def do_in_bulk(job: Job, *, change_set: str, ids: list[str] | None, tree: Any, words: str = "") -> None:
    """Do it to one portion after the other."""
    found, by = ChangeSet.objects.get(pk=change_set), whose(job)
    kind, asked = registry[found.target], found.map

    def plan() -> tuple[Verb, list[UUID]]:
        does = verb(kind, asked["action"], asked["arguments"], by)
        if ids is not None:
            return does, [UUID(key) for key in dict.fromkeys(ids)]
        return does, matching(kind, by, tree, words, deleted=does.on_deleted)

    go_through(job, found, plan)


def matching(kind: RecordType, by: User, tree: Any, words: str, *, deleted: bool) -> list[UUID]:
    """Ids of everything that answers to criteria and words."""
    asked = Question(kind, by, condition(tree, kind, by), words, deleted=deleted)
    return list(asked.rows().order_by("pk").values_list("pk", flat=True))


def whose(job: Job) -> User:
    """In whose name the work is done.

    Raises:
        Invalid: in nobody's.
    """
    if not isinstance(job.by, User):
        raise Invalid({"": [_("Work in bulk is done in somebody's name.")]})
    return job.by


@dataclass(frozen=True)
class Walk:
    """The records of rows of a change set, read while they are worked through: there may be more than memory holds.

    Attributes:
        parts: rows, one part after the other; within each, records come in the order of their first row.
    """

    parts: Sequence[QuerySet[ChangeSetRow]]

    def without(self, dealt_with: QuerySet[Any]) -> Walk:
        """The records that are not among some ids."""
        return Walk([rows.exclude(record_id__in=dealt_with) for rows in self.parts])

    def __len__(self) -> int:
        return sum(rows.order_by().values("record_id").distinct().count() for rows in self.parts)

    def __iter__(self) -> Iterator[UUID]:
        for rows in self.parts:
            firsts = rows.order_by().values("record_id").annotate(first=Min("number")).order_by("first", "record_id")
            yield from filter(None, firsts.values_list("record_id", flat=True).iterator())


def go_through(
    job: Job, change_set: ChangeSet, plan: Callable[[], tuple[Verb, Sequence[UUID] | Walk]], tell: Callable[[int, int], None] | None = None
) -> None:
    """Do a verb to all records, a portion in each transaction together with what is noted about it, so that a crash does nothing twice.

    Args:
        plan: tells verb and ids.
        tell: notes how many of how many are done, where the job is about more than these; it may raise ``Stopped``.
    """
    tell = tell or partial(step, job)
    kind, state = registry[change_set.target], ChangeSetState.FAILED
    change_set.job = str(job.pk)
    try:
        does, keys = plan()
        left = _begin(change_set, keys)
        tell(change_set.done_rows, change_set.total_rows)
        work_on = abreast if does.side_by_side else map
        for done in work_on(partial(_do, change_set, does, job.by), portions(left, does.size)):
            change_set.done_rows += done
            tell(change_set.done_rows, change_set.total_rows)
        state = ChangeSetState.DONE
    except Stopped:
        state = ChangeSetState.STOPPED
        raise
    finally:
        _end(job, change_set, kind, state)


def _begin(change_set: ChangeSet, keys: Sequence[UUID] | Walk) -> Sequence[UUID] | Walk:
    """The ids that are not dealt with yet."""
    left = _left(change_set, keys) if change_set.done_rows else keys
    change_set.state, change_set.total_rows = ChangeSetState.WORKING, len(left) + change_set.done_rows
    change_set.save(update_fields=["state", "total_rows", "job"])
    return left


def _left(change_set: ChangeSet, keys: Sequence[UUID] | Walk) -> Sequence[UUID] | Walk:
    dealt_with = change_set.rows_of_file.filter(record_id__isnull=False).values_list("record_id", flat=True)
    if isinstance(keys, Walk):
        return keys.without(dealt_with)
    found = set(dealt_with)
    return [key for key in keys if key not in found]


def portions(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Things, so many at a time."""
    rest = iter(things)
    while portion := list(islice(rest, size)):
        yield portion


def _do(change_set: ChangeSet, does: Verb, by: User | None, portion: Sequence[UUID]) -> int:
    """Do the verb to a portion and keep what became of each record, both or neither.

    Returns:
        To how many records.
    """
    notify = bool(change_set.map.get("notify"))
    with uncollected(), transaction.atomic(), acting(by, change_set.name, change_set.pk), telling(notify):
        results = does.do(portion)
        _note(change_set, results)
    return len(results)


def _note(change_set: ChangeSet, results: Sequence[Done]) -> None:
    """Keep what became of each record; the database counts, since portions may be done side by side."""
    same, counted = ChangeSet.objects.filter(pk=change_set.pk), Counter(one.action for one in results)
    same.update(done_rows=F("done_rows") + len(results), **{name: F(name) + counted[action] for action, name in COUNTED.items()})
    first = same.values_list("done_rows", flat=True).get() - len(results) + 1
    rows = (
        (change_set.pk, first + at, str(one.action), one.type or change_set.target, one.key, one.version, one.reason)
        for at, one in enumerate(results)
    )
    copy_values(ChangeSetRow, KEPT, rows)


def _end(job: Job, change_set: ChangeSet, kind: RecordType, state: ChangeSetState) -> None:
    change_set.refresh_from_db(fields=[*COUNTED.values(), "done_rows"])
    change_set.state, change_set.ended_at = state, timezone.now()
    if change_set.failed:
        change_set.errors_file = str(write_refused(change_set, kind, job.by).pk)
    change_set.save(update_fields=["state", "ended_at", "errors_file"])
    refused = change_set.rows_of_file.filter(action=RowAction.FAILED).order_by("number")[:TOLD]
    job.errors_file = change_set.errors_file or None
    job.result = {
        "done": change_set.updated,
        "unchanged": change_set.skipped,
        "refused": [{"id": str(row.record_id), "detail": row.reason} for row in refused],
        "change_set": str(change_set.pk),
    }


def write_refused(change_set: ChangeSet, kind: RecordType, by: User | None) -> StoredFile:
    """The records that refused, with the reason, as a CSV."""
    stored = make(f"{kind.slug}-errors.csv", by=by, media_type="text/csv")
    rows = change_set.rows_of_file.filter(action=RowAction.FAILED).order_by("number").values_list("record_id", "reason")
    with stored.path.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM)
        writer = csv.writer(file)
        writer.writerow(["id", _("Title"), _("Reason")])
        for portion in portions(rows.iterator(chunk_size=TOLD), TOLD):
            titles = titles_of({kind.slug: {key for key, _reason in portion}}, by).get(kind.slug, {})
            writer.writerows([key, guarded(titles.get(key, "")), reason] for key, reason in portion)
    return close(stored)
