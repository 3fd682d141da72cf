"""Many stored records changed at once: the same end state, history and facts as one by one, in a handful of statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import JSONField, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.facts.say import UNSET, say_many
from renmai.kernel.records.about import about_of, is_about
from renmai.kernel.records.bulk import rewrite
from renmai.kernel.records.indexed import index, indexed_columns
from renmai.kernel.records.prepared import GIVEN, Prepared
from renmai.kernel.records.refusals import refusal_of, sentence
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.store import follow, refs, require_no_circle, store_rows
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

ONE_BY_ONE = {"lines", "abouts", "ids", "custom", "phone"}
Allow = Callable[["Record"], None]


@dataclass
class Change:
    """A locked record that is to be changed.

    Attributes:
        values: clean values by field name.
        before: what the fields that differ held; empty where none does.
        problem: why it stays as it was.
        was: what each attribute that is to be written held.
    """

    record: Record
    values: Mapping[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    was: dict[str, Any] = field(default_factory=dict)


def is_plain(kind: RecordType, names: Iterable[str]) -> bool:
    """Whether fields can be written in many records at once: each is a column of its own, and its value needs no look at the record."""
    return all(name in kind.fields and name not in kind.custom and _is_plain(kind.fields[name]) for name in names)


def _is_plain(spec: FieldSpec) -> bool:
    """What depends on the country of its record, such as a telephone number, is not."""
    return spec.kind not in ONE_BY_ONE and getattr(spec.field, "at_home", None) is None


def lock_many(
    kind: RecordType, keys: Sequence[Any], by: User | None, verb: str, *, deleted: bool = False
) -> tuple[list[Record], dict[Any, str]]:
    """Those of the rows to which the verb is open, locked for this transaction, and a sentence for each of the others."""
    rows = _open_to(kind, by, verb, deleted=deleted).filter(pk__among=GIVEN)
    found = Prepared[Any](rows.select_for_update(of=("self",)).order_by("pk")).rows(list(keys))
    missing = set(keys) - {record.pk for record in found}
    seen = set(_open_to(kind, by, "view", deleted=deleted).filter(pk__in=missing).values_list("pk", flat=True)) if missing else set()
    why = {True: _("You may see this but not change it."), False: _("There is no such record.")}
    return found, {key: why[key in seen] for key in missing}


def _open_to(kind: RecordType, by: User | None, verb: str, *, deleted: bool) -> Any:
    """The rows of a type that somebody may reach; the system reaches all."""
    if by is None:
        return kind.model.objects.filter(deleted_at__isnull=not deleted)
    return kind.model.objects.visible_to(by, verb, deleted=deleted)


def change_many(kind: RecordType, changes: Sequence[Change], by: User | None, *, allow: Allow, settles: bool = True) -> list[Change]:
    """Set clean values of locked records and everything that follows from them; nothing is told.

    Args:
        allow: raises ``Refusal`` for a record in no state for it.
        settles: other fields follow from these.

    Returns:
        Those that changed. The others keep their ``problem``, or had nothing to change.
    """
    if settles:
        _read_at_once(kind, changes)
    indexed = indexed_columns(kind)
    ready = [change for change in changes if _prepare(kind, change, allow, settles=settles, indexed=indexed)]
    now = timezone.now()
    for change in ready:
        _touch(kind, change, by, now)
    _index_alike(kind, [change.record for change in ready])
    return _store(kind, ready)


def _index_alike(kind: RecordType, records: Sequence[Record]) -> None:
    """Where the search text of some is new, make that of all: what is written of one is written of each, and a record is read
    without it."""
    if any("search" in record.__dict__ for record in records):
        for record in records:
            if "search" not in record.__dict__:
                index(kind, record)


def _read_at_once(kind: RecordType, changes: Sequence[Change]) -> None:
    """Read what derivation and comparison look at, in one query each instead of one per record."""
    links = {name for change in changes for name in change.values if kind.fields[name].kind == "link"}
    prefetch_related_objects([change.record for change in changes], *sorted(links), *kind.follows, *kind.collections)


def _prepare(kind: RecordType, change: Change, allow: Allow, *, settles: bool, indexed: Sequence[str]) -> bool:
    """Set what the record shall hold; False where nothing is to be written.

    Args:
        indexed: the attributes of which search text and keys are made.
    """
    record = change.record
    change.was = was = dict(record.__dict__)
    was.update((name, copy(was[name])) for name in _mutable(kind))
    try:
        allow(record)
        _set(change)
        if settles and change.before:
            follow(kind, record, set(change.before))
            _require_sound(record)
            require_no_circle(kind, record, set(change.before))
    except Refusal as refusal:
        change.problem = sentence(kind, refusal)
        return False
    own = "custom" in change.before and kind.custom
    if settles and (record.heading() != record.title or own or _differing(record, was, indexed)):
        index(kind, record)
    return bool(change.before)


def _require_sound(record: Record) -> None:
    """Raise ``Invalid`` with what the record itself says is wrong with it; the database keeps the rest."""
    found: dict[str, list[Any]] = {}
    for name, said in record.problems():
        found.setdefault(name, []).append(said)
    if found:
        raise Invalid(found)


def _touch(kind: RecordType, change: Change, by: User | None, now: dt.datetime) -> None:
    """Take the record one version on, and keep of what it held only what differs now."""
    record, was = change.record, change.was
    record.version += 1
    record.updated_at, record.updated_by = now, by
    change.was = {name: was.get(name) for name in _differing(record, was, _columns(kind))}


def _differing(record: Record, was: dict[str, Any], names: Iterable[str]) -> list[str]:
    """The attributes that were set to something else; identity is asked first, since most were never touched."""
    now, before = record.__dict__.get, was.get
    touched = [name for name in names if now(name) is not before(name)]
    return [name for name in touched if now(name) != before(name)]


@lru_cache(maxsize=256)
def _columns(kind: RecordType) -> list[str]:
    """The attributes that ``rewrite`` writes; it counts versions itself."""
    return [column.attname for column in kind.model._meta.concrete_fields if column.name != "version"]


@lru_cache(maxsize=256)
def _mutable(kind: RecordType) -> list[str]:
    """The attributes whose values could be changed in their place."""
    read = [column for column in kind.model._meta.concrete_fields if column.attname not in kind.model.unread]
    return [column.attname for column in read if isinstance(column, JSONField | ArrayField)]


def _set(change: Change) -> None:
    """Set the values that differ; the team follows the owner."""
    record = change.record
    change.before = {name: getattr(record, name) for name, value in change.values.items() if getattr(record, name) != value}
    if change.before.keys() & {"owner"} and "team" not in change.values and change.values["owner"] is not None:
        record.team = change.values["owner"].team
    for name, value in change.values.items():
        setattr(record, name, value)


def _store(kind: RecordType, changes: list[Change]) -> list[Change]:
    """Write them; where the database refuses, halve until those that it refuses stand alone with their sentence."""
    if not changes:
        return []
    try:
        with transaction.atomic():
            rewrite(kind.model, [change.record for change in changes], set().union(*(change.was for change in changes)))
            for change in changes:
                store_rows(kind, change.record)
    except OperationalError:
        raise  # a deadlock, or no database: no record's fault
    except DatabaseError as problem:
        if len(changes) > 1:
            half = len(changes) // 2
            return _store(kind, changes[:half]) + _store(kind, changes[half:])
        changes[0].problem = refusal_of(kind, changes[0].record, problem)
        return []
    return changes


def tell_many(kind: RecordType, verb: str, changes: Sequence[Change], by: User | None, data: Callable[[Change], dict[str, Any]]) -> None:
    """Say what was done to each record, and what the change means beyond that; one batch per kind of fact."""
    abouts = about_of([change.record for change in changes]) if is_about(kind) else {}
    happened: dict[str, list[tuple[list[Any], dict[str, Any], Any]]] = defaultdict(list)
    for change in changes:
        subjects = refs(kind, change.record, abouts.get(change.record.pk, []))
        if verb:
            happened[verb].append((subjects, data(change), UNSET))
        for other, more, at in change.record.events(change.before):
            happened[other].append((subjects, more, at or UNSET))
    for name, told in happened.items():
        say_many(f"{kind.noun}.{name}", told, by=by)
