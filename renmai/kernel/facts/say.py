"""Saying that something happened, and reacting to it in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from renmai.kernel.access.reading import seeing_all
from renmai.kernel.facts.model import Fact, FactAbout
from renmai.kernel.facts.telling import is_told
from renmai.kernel.records.bulk import copy_in, copy_values, take_numbers
from renmai.kernel.records.record import uuid7
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

Listener = Callable[[list[Fact]], None]
_listeners: dict[str, list[Listener]] = defaultdict(list)
_wide: list[tuple[Callable[[str], bool], Listener]] = []
_single: list[Callable[[Fact], None]] = []
UNSET: Any = object()
MANY = 50


@dataclass(frozen=True)
class Ref:
    """A record that is known only by its type and id."""

    type: str
    pk: Any
    version: int | None = None


def listens(*kinds: str) -> Callable[[Listener], Listener]:
    """Call the function with each batch of facts of these kinds, in the transaction that says them."""

    def keep(listener: Listener) -> Listener:
        for kind in kinds:
            _listeners[kind].append(listener)
        return listener

    return keep


def listens_where(hears: Callable[[str], bool]) -> Callable[[Listener], Listener]:
    """Call the function with each batch of facts of a kind that it wants to hear of when the batch is said."""

    def keep(listener: Listener) -> Listener:
        _wide.append((hears, listener))
        return listener

    return keep


def hears_each(hear: Callable[[Fact], None]) -> Callable[[Fact], None]:
    """Call the function with each fact of which people are to be told: see ``telling``."""
    _single.append(hear)
    return hear


def _listening(kind: str) -> list[Listener]:
    return [*_listeners.get(kind, []), *(listener for hears, listener in _wide if hears(kind))]


def say(
    kind: str, *, about: Iterable[Record | Ref], by: User | None, data: dict[str, Any] | None = None, at: dt.datetime | None = UNSET
) -> Fact:
    """Write one fact.

    Args:
        kind: noun and verb, ``"lead.claimed"``.
        about: on whose timelines it stands; the first is the one it happened to.
        by: who did it; None for the system.
        data: JSON.
        at: when it happened; now if not given; None where that is unknown.
    """
    fact = _fact(kind, list(about), data or {}, timezone.now() if at is UNSET else at, by)
    _store([fact])
    _tell(_listening(kind), [fact])
    _tell_each([fact], together=False)
    return fact


@dataclass(slots=True)
class Happening:
    """Something that happened, not yet written.

    Attributes:
        kind: noun and verb.
        about: on whose timelines it stands; the first is the one it happened to.
        at: when; None where that is unknown.
        by: who did it; None for the system.
    """

    kind: str
    about: list[Any]
    data: dict[str, Any]
    at: dt.datetime | None
    by: User | None


def say_many(kind: str, happened: list[tuple[list[Any], dict[str, Any], dt.datetime | None]], *, by: User | None) -> None:
    """Write many facts of one kind in two statements; listeners get them as one batch.

    Args:
        happened: per fact the records it is about, its data and its time.
    """
    now = timezone.now()
    dated = [(about, data, now if at is UNSET else at) for about, data, at in happened]
    listening = _listening(kind)
    if listening or is_told(together=True):
        facts = [_fact(kind, about, data, at, by) for about, data, at in dated]
        _store(facts)
        _tell(listening, facts)
        _tell_each(facts, together=True)
    else:
        record_past(Happening(kind, about, data, at, by) for about, data, at in dated)


def _tell_each(facts: list[Fact], *, together: bool) -> None:
    if is_told(together=together):
        for fact in facts:
            for hear in _single:
                hear(fact)


def _tell(listening: list[Listener], facts: list[Fact]) -> None:
    with seeing_all():
        for listener in listening:
            listener(facts)


def _store(facts: list[Fact]) -> None:
    if len(facts) > MANY:
        for fact, seq in zip(facts, take_numbers(Fact, len(facts)), strict=True):
            fact.seq = seq
        copy_in(Fact, facts, with_identity=True)
    else:
        Fact.objects.bulk_create(facts)
    marks = _marks((fact.seq, fact.at, fact.subjects) for fact in facts)  # type: ignore[attr-defined]
    if len(facts) > MANY:
        copy_values(FactAbout, MARK, marks)
    else:
        FactAbout.objects.bulk_create(FactAbout(**dict(zip(MARK, mark, strict=True))) for mark in marks)


def _fact(kind: str, about: list[Any], data: dict[str, Any], at: dt.datetime | None, by: User | None) -> Fact:
    """A fact that is not stored yet, and remembers the records that it is about."""
    fact = Fact(kind=kind, at=at, by=by, data=data)
    fact.subjects = _once(about)  # type: ignore[attr-defined]
    return fact


def record_past(happenings: Iterable[Happening]) -> None:
    """Write what happened before we knew of it, in two statements: nobody is told, and nothing follows from it."""
    given = list(happenings)
    numbers = take_numbers(Fact, len(given))
    facts = ((seq, uuid7(), one.kind, one.at, one.by.pk if one.by else None, one.data) for seq, one in zip(numbers, given, strict=True))
    copy_values(Fact, ("seq", "id", "kind", "at", "by_id", "data"), facts)
    copy_values(FactAbout, MARK, _marks((seq, one.at, _once(one.about)) for seq, one in zip(numbers, given, strict=True)))


def _once(records: Iterable[Any]) -> list[Any]:
    return list({record.pk: record for record in records}.values())


MARK = ("fact_id", "type", "record_id", "at", "version", "position")


def _marks(facts: Iterable[tuple[int, dt.datetime | None, list[Any]]]) -> Iterator[tuple[Any, ...]]:
    """That facts stand on the timelines of their records, as values of ``MARK``."""
    for seq, at, subjects in facts:
        for position, record in enumerate(subjects):
            slug = record.type if isinstance(record, Ref) else registry.of(record).slug
            yield seq, slug, record.pk, at, record.version, position
