"""Many new records at once: the same end state, history and facts as one by one, in a handful of statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, transaction
from django.utils import timezone

from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.facts import say_many
from renmai.kernel.facts.say import UNSET, Ref
from renmai.kernel.history.model import ExternalId
from renmai.kernel.records.about import About
from renmai.kernel.records.bulk import copy_lines, copy_values
from renmai.kernel.records.clean import clean
from renmai.kernel.records.duplicates import ID_TAKEN
from renmai.kernel.records.lines import Lines, lines
from renmai.kernel.records.numbers import number_fields, number_missing
from renmai.kernel.records.record import uuid7
from renmai.kernel.records.refusals import refusal_of, sentence
from renmai.kernel.records.store import build
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.ahead import portions

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType


@dataclass
class New:
    """A record to be made.

    Attributes:
        values: field → raw value, links as records, as ``create`` takes them.
        past: fields that only derivations write and an imported record brings along: dates, and who made it.
        about: what an activity is about, the main one first.
        dated: fields that have a column in the file, whether it says something here or not.
        record: the stored record.
        problem: why there is none.
        lines: its rows as they are written, once nothing more is set in them.
        repeats: the stored record that it is the same as, which is to be changed instead.
        joins: the stored record, of whatever type, that it is the same as and that stays as it is.
        differing: what it has of another value than that.
    """

    values: Mapping[str, Any]
    past: Mapping[str, Any] = field(default_factory=dict)
    about: list[Record] = field(default_factory=list)
    dated: frozenset[str] = frozenset()
    record: Record | None = None
    problem: str = ""
    lines: Lines | None = None
    repeats: Record | None = None
    joins: Record | None = None
    differing: dict[str, Any] = field(default_factory=dict)


def create_many(rt: RecordType, news: Iterable[New], by: User | None, keep: Callable[[list[New]], list[New]] = list) -> list[Record]:
    """Make the records that can be made, in the caller's transaction; the others keep their ``problem``.

    Args:
        by: who makes them; None for the system.
        keep: chooses, of those that are settled, whom to store; it leaves the others without a record.
    """
    return [record for portion in portions(list(news), partial(_prepare, rt, by), [by]) for record in _store(rt, portion, by, keep)]


def _store(rt: RecordType, news: Iterable[New], by: User | None, keep: Callable[[list[New]], list[New]]) -> list[Record]:
    """Write those that are settled and tell of them."""
    ready = keep([new for new in news if new.record is not None])
    number_missing(rt, [new.record for new in ready if new.record])
    stored = _insert(rt, _with_free_ids(rt, ready))
    link_abouts(rt, [(new.record, new.about) for new in stored if new.record])
    _tell(rt, stored, by)
    return [new.record for new in stored if new.record]


def _prepare(rt: RecordType, by: User | None, new: New) -> None:
    """Clean and settle one record."""
    values = dict(new.values)
    rt.recall(values)
    try:
        cleaned = clean(rt, values, by)
        past = {name: rt.fields[name].clean(value) for name, value in new.past.items() if name != "created_by"}
        cleaned.columns |= past
        new.record = build(rt, cleaned, by)
        rt.require_fit(new.record, by)
    except (Refusal, ValueError) as problem:
        new.record, new.problem = None, sentence(rt, problem)
        return
    if "created_by" in new.past:
        new.record.created_by = new.past["created_by"]
    if not number_fields(rt):
        new.lines = _written(rt, new.record)


def _with_free_ids(rt: RecordType, news: list[New]) -> list[New]:
    """Those whose ids elsewhere nobody has yet: asked once, since finding them by the database's refusals takes a try for each."""
    wanted = {(source, value) for new in news if new.record for source, value in new.record.external_ids.items()}
    known = ExternalId.objects.filter(type=rt.slug, value__in={value for _source, value in wanted}) if wanted else ExternalId.objects.none()
    taken = set(known.values_list("source", "value"))
    free: list[New] = []
    for new in news:
        ids = set(new.record.external_ids.items()) if new.record else set()
        if ids & taken:
            new.problem, new.record = sentence(rt, Invalid({"external_ids": [ID_TAKEN]})), None
        else:
            free.append(new)
        taken |= ids
    return free


def _insert(rt: RecordType, news: list[New]) -> list[New]:
    """Insert all of them; where the database refuses, halve until those that it refuses stand alone with their sentence."""
    if not news:
        return []
    try:
        with transaction.atomic():
            copy_records(rt, [new.record for new in news if new.record], [new.lines for new in news if new.record])
    except DatabaseError as problem:
        if len(news) > 1:
            half = len(news) // 2
            return _insert(rt, news[:half]) + _insert(rt, news[half:])
        news[0].problem, news[0].record = refusal_of(rt, news[0].record, problem), None  # type: ignore[arg-type]
        return []
    return news


def copy_records(rt: RecordType, records: Sequence[Record], written: Sequence[Lines | None] = ()) -> None:
    """Write new records, settled and numbered, with their rows.

    Args:
        written: of each the lines, where these are there already.
    """
    told = [one or _written(rt, record) for one, record in zip(written or repeat(None), records, strict=False)]
    for model in (rt.model, *(rows.model for rows in rt.collections.values())):
        copy_lines(model, chain.from_iterable(one.get(model, ()) for one in told))
    for record in records:
        record.__dict__.pop("_staged", None)
        record._state.adding, record._state.db = False, DEFAULT_DB_ALIAS


def _written(rt: RecordType, record: Record) -> Lines:
    """A record and its rows as lines."""
    found: Lines = {rt.model: lines(rt.model, [record])}
    for name, rows in record.__dict__.get("_staged", {}).items():
        model = rt.collections[name].model
        found[model] = lines(model, rows)
    return found


def link_abouts(rt: RecordType, pairs: Iterable[tuple[Record, list[Record]]]) -> None:
    """Store what new activities are about."""
    about = (
        (uuid7(), rt.slug, record.pk, registry.of(target).slug, target.pk, position)
        for record, targets in pairs
        for position, target in enumerate({target.pk: target for target in targets}.values())
    )
    copy_values(About, ("id", "source_type", "source_id", "target_type", "target_id", "position"), about)


def _tell(rt: RecordType, news: list[New], by: User | None) -> None:
    """The facts that creating tells, with the dates that the file gives; one statement per kind of fact."""
    happened: dict[str, list[tuple[list[Any], dict[str, Any], Any]]] = defaultdict(list)
    for new in news:
        if new.record is None:
            continue
        subjects = _subjects(rt, new)
        data = {"title": new.record.title, **new.record.told(), "via": "import"}
        happened["created"].append((subjects, data, _began(rt, new)))
        for verb, more, at in new.record.events({}):
            happened[verb].append((subjects, more, at or UNSET))
    for verb, told in happened.items():
        say_many(f"{rt.noun}.{verb}", told, by=by)


def _began(rt: RecordType, new: New) -> Any:
    """When a record's life began by the file; unknown where the file gives that date to others but not to it; now where it gives none."""
    names = (rt.begins, "created_at")
    for name in names:
        is_given = new.past.get(name, new.values.get(name)) is not None
        value = getattr(new.record, name) if is_given else None
        if isinstance(value, dt.datetime):
            return value
        if isinstance(value, dt.date):
            return timezone.make_aware(dt.datetime.combine(value, dt.time()))
    return UNSET if new.dated.isdisjoint(names) else None


def _subjects(rt: RecordType, new: New) -> list[Any]:
    assert new.record is not None
    found: list[Any] = [new.record, *new.about]
    for name in rt.tells:
        key = getattr(new.record, rt.fields[name].field.attname)
        if key:
            found.append(Ref(str(rt.fields[name].target), key))
    return found
