"""The wrapper round every verb: allowed, possible, locked, atomic, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.actions.action import Action
from renmai.kernel.actions.errors import Missing
from renmai.kernel.facts import say
from renmai.kernel.history.acting import acting
from renmai.kernel.records.guards import require_free
from renmai.kernel.records.store import conflict, lock_all, locked, refs
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@dataclass
class Outcome:
    """What an action came to.

    Attributes:
        item: the record it was done to.
        made: records that it made.
        data: what its fact shall say.
        about: further records on whose timelines the fact stands.
    """

    item: Record
    made: list[Record] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    about: list[Any] = field(default_factory=list)


_running: ContextVar[Outcome | None] = ContextVar("running", default=None)


def made(record: Record) -> Record:
    """Tell the running action that it made a record."""
    outcome = _running.get()
    if outcome is not None:
        outcome.made.append(record)
        outcome.about.append(record)
    return record


def becomes(record: Record) -> Record:
    """Tell the running action which record its own has become."""
    outcome = _running.get()
    if outcome is not None:
        outcome.item = record
    return record


def concerns(record: Record) -> None:
    """Tell the running action that its fact is about a further record, too."""
    outcome = _running.get()
    if outcome is not None:
        outcome.about.append(record)


def note(**data: Any) -> None:
    """Add to what the running action's fact will say."""
    outcome = _running.get()
    if outcome is not None:
        outcome.data |= data


def run(
    kind: RecordType,
    name: str,
    key: Any,
    *,
    by: User,
    arguments: Mapping[str, Any] | None = None,
    version: int | None = None,
    reason: str = "",
) -> Outcome:
    """Do an action to one record.

    Args:
        name: the action's, in kebab case.
        key: the record's id.
        arguments: raw, cleaned here.
        version: the version that the person saw, if it matters to them.

    Raises:
        Missing, Forbidden: the record or the action is not open to the person.
        Invalid: the arguments do not do.
        Refused: the record is in no state for it; nothing has changed.
        Conflict: somebody else has saved since ``version``.
    """
    verb = kind.action(name)
    if verb is None:
        raise Missing(_("There is no such action."))
    with transaction.atomic(), acting(by, reason):
        if verb.holds is not None:
            lock_all(kind, [key, *verb.holds(arguments or {})], by)
        record = locked(kind, key, by, verb.may, deleted=verb.on_deleted)
        if version is not None and version != record.version:
            raise conflict(kind, record, {}, version, by)
        return perform(kind, verb, record, by, verb.clean(dict(arguments or {}), by))


def perform(kind: RecordType, verb: Action, record: Record, by: User, arguments: dict[str, Any]) -> Outcome:
    """Do an action to a record that is locked, with clean arguments, and say so."""
    verb.gate(by, arguments)(record)
    require_free(kind, record, verb.name, by)
    outcome = Outcome(record)
    token = _running.set(outcome)
    try:
        verb.function(record, by=by, **arguments)
    finally:
        _running.reset(token)
    if verb.fact:
        say(f"{kind.noun}.{verb.fact}", about=[*refs(kind, record), *outcome.about], by=by, data=told(arguments) | outcome.data)
    return outcome


def told(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as a fact keeps them: records by id and title."""
    return {name: _told(value) for name, value in arguments.items() if value not in (None, "", [])}


def _told(value: Any) -> Any:
    if hasattr(value, "heading"):
        return {"id": str(value.pk), "type": registry.of(value).slug, "title": value.title}
    return value
