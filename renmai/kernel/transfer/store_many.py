"""Many new records at once: the same end state, history and facts as one by one, in a handful of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, transaction

from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.facts import say_many
from renmai.kernel.facts.say import UNSET, Ref
from renmai.kernel.records.about import About
from renmai.kernel.records.clean import clean
from renmai.kernel.records.numbers import number_missing
from renmai.kernel.records.store import build, insert, require_valid
from renmai.kernel.records.types import registry

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
        record: the stored record.
        problem: why there is none.
    """

    values: Mapping[str, Any]
    past: Mapping[str, Any] = field(default_factory=dict)
    about: list[Record] = field(default_factory=list)
    record: Record | None = None
    problem: str = ""


def create_many(rt: RecordType, news: Iterable[New], by: User | None) -> list[Record]:
    """Make the records that can be made, in the caller's transaction; the others keep their ``problem``.

    Args:
        by: who makes them; None for the system.
    """
    ready = [new for new in news if _prepare(rt, new, by)]
    number_missing(rt, [new.record for new in ready if new.record])
    try:
        with transaction.atomic():
            _insert_all(rt, [new.record for new in ready if new.record])
    except DatabaseError:
        ready = [new for new in ready if _insert_one(rt, new)]
    _link_abouts(rt, ready)
    _tell(rt, ready, by)
    return [new.record for new in ready if new.record]


def _prepare(rt: RecordType, new: New, by: User | None) -> bool:
    """Clean and settle one record."""
    try:
        cleaned = clean(rt, new.values, by)
        past = {name: rt.fields[name].clean(value) for name, value in new.past.items() if name != "created_by"}
        cleaned.columns |= past
        new.record = build(rt, cleaned, by)
    except (Refusal, ValueError) as problem:
        new.problem = sentence(rt, problem)
        return False
    if "created_by" in new.past:
        new.record.created_by = new.past["created_by"]
    return True


def sentence(rt: RecordType, problem: Exception) -> str:
    """Why something could not be stored, with the labels of the fields."""
    if not isinstance(problem, Invalid):
        return str(problem)
    parts = [(rt.fields[name].label if name in rt.fields else name, text) for name, texts in problem.errors.items() for text in texts]
    return " ".join(f"{label}: {text}" if label else str(text) for label, text in parts)


def _insert_all(rt: RecordType, records: list[Record]) -> None:
    rt.model._default_manager.bulk_create(records)
    for name, rows in rt.collections.items():
        rows.model._default_manager.bulk_create([row for record in records for row in record.__dict__.get("_staged", {}).get(name, [])])


def _insert_one(rt: RecordType, new: New) -> bool:
    """The slow way, which knows which record breaks which rule."""
    if new.record is None:
        return False
    try:
        with transaction.atomic():
            require_valid(new.record)
            insert(rt, new.record)
    except (Refusal, DatabaseError) as problem:
        new.problem, new.record = sentence(rt, problem), None
        return False
    return True


def _link_abouts(rt: RecordType, news: list[New]) -> None:
    About.objects.bulk_create(
        About(source_type=rt.slug, source_id=new.record.pk, target_type=registry.of(target).slug, target_id=target.pk, position=position)
        for new in news
        if new.record is not None
        for position, target in enumerate({target.pk: target for target in new.about}.values())
    )


def _tell(rt: RecordType, news: list[New], by: User | None) -> None:
    """One fact per record, with the date that the file gives; where the file gives dates but not this one, it is unknown."""
    happened = [(_subjects(rt, new), {"title": new.record.title, "via": "import"}, _when(new)) for new in news if new.record is not None]
    if happened:
        say_many(f"{rt.noun}.created", happened, by=by)


def _when(new: New) -> dt.datetime | None:
    if "created_at" not in new.past:
        return UNSET  # type: ignore[no-any-return]
    return new.record.created_at if new.record else None


def _subjects(rt: RecordType, new: New) -> list[Any]:
    assert new.record is not None
    found: list[Any] = [new.record, *new.about]
    for name in rt.tells:
        key = getattr(new.record, rt.fields[name].field.attname)
        if key:
            found.append(Ref(str(rt.fields[name].target), key))
    return found
