"""What a verb does to many records: in one go where it only sets fields, else one after the other; a refusal stops nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.action import Action
from renmai.kernel.actions.errors import Missing, Refusal, Refused
from renmai.kernel.actions.run import run, told
from renmai.kernel.records.change_many import Change, change_many, is_plain, lock_many, tell_many
from renmai.kernel.records.clean import clean
from renmai.kernel.records.guards import gate
from renmai.kernel.records.refusals import sentence
from renmai.kernel.records.store import lock_all, remove, update
from renmai.kernel.records.types import RecordType
from renmai.kernel.transfer.model import RowAction

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

AT_ONCE = 2_000
ONE_BY_ONE = 100


@dataclass(frozen=True)
class Done:
    """What became of one record.

    Attributes:
        action: changed, left alone or refused.
        version: the record's version after it.
        reason: why it was refused or left alone, all or a part of it.
        type: its type, where that is not the one that the work is about.
    """

    key: UUID
    action: RowAction
    version: int | None = None
    reason: str = ""
    type: str = ""


@dataclass(frozen=True)
class Verb:
    """A verb with its arguments, ready to be done by a person to records of a type.

    Attributes:
        do: takes ids, does it in the running transaction.
        size: how many of them it takes at a time.
        on_deleted: it is done to records in the recycle bin.
        side_by_side: what it does to one portion does not hang on what it does to another.
    """

    do: Callable[[Sequence[UUID]], list[Done]]
    size: int
    on_deleted: bool = False
    side_by_side: bool = False


def verb(kind: RecordType, name: str, arguments: Mapping[str, Any], by: User) -> Verb:
    """What ``update`` (the arguments are field values), ``delete`` or an action of the type does.

    Raises:
        Missing: there is no such action.
        Invalid, Forbidden: the arguments do not do, whatever the record.
    """
    if name == "delete":
        return deleting(kind, by)
    if name == "update":
        return _updating(kind, arguments, by)
    action = kind.action(name)
    if action is None:
        raise Missing(_("There is no such action."))
    return _acting(kind, action, arguments, by)


def deleting(kind: RecordType, by: User | None, told: Mapping[str, Any] = MappingProxyType({})) -> Verb:
    """Moving to the recycle bin.

    Args:
        by: who does it; None for the system.
        told: what each fact says besides the title, where records go by themselves.
    """
    if kind.takes:
        return Verb(lambda keys: [_one(kind, key, lambda key: remove(kind, key, by)) for key in keys], ONE_BY_ONE)
    return Verb(lambda keys: _deleted(kind, keys, by, told), AT_ONCE, side_by_side=True)


def _updating(kind: RecordType, arguments: Mapping[str, Any], by: User) -> Verb:
    values = clean(kind, arguments, by, kind.model()).columns
    if is_plain(kind, arguments) and not kind.arranged(by).conditions:
        return Verb(lambda keys: _updated(kind, keys, values, by), AT_ONCE, side_by_side=True)

    def change(key: UUID) -> Record:
        return update(kind, key, arguments, by)

    return Verb(lambda keys: [_one(kind, key, change) for key in keys], ONE_BY_ONE)


def _acting(kind: RecordType, action: Action, arguments: Mapping[str, Any], by: User) -> Verb:
    values = action.clean(dict(arguments), by)
    if action.sets is not None:
        return Verb(lambda keys: _acted(kind, action, keys, values, by), AT_ONCE, action.on_deleted, side_by_side=True)

    def act(key: UUID) -> Record:
        return run(kind, action.name, key, by=by, arguments=arguments).item

    def act_all(keys: Sequence[UUID]) -> list[Done]:
        lock_all(kind, keys, by)
        return [_one(kind, key, act) for key in keys]

    return Verb(act_all, ONE_BY_ONE, action.on_deleted)


def _updated(kind: RecordType, keys: Sequence[UUID], values: dict[str, Any], by: User) -> list[Done]:
    found, refused = lock_many(kind, keys, by, "edit")
    changes = [Change(record, values) for record in found]

    require_free = gate(kind, found, "edit", by)

    def allow(record: Record) -> None:
        require_free(record)
        kind.require_editable(record, values)

    stored = change_many(kind, changes, by, allow=allow)
    tell_many(kind, "updated", stored, by, lambda change: {"fields": sorted(change.before)})
    return done(changes, refused)


def _acted(kind: RecordType, action: Action, keys: Sequence[UUID], arguments: dict[str, Any], by: User) -> list[Done]:
    assert action.sets is not None
    found, refused = lock_many(kind, keys, by, action.may, deleted=action.on_deleted)
    values = action.sets(**arguments)
    changes = [Change(record, values) for record in found]
    require_free, said = gate(kind, found, action.name, by), told(arguments)
    require_allowed = action.gate(by, arguments)

    def allow(record: Record) -> None:
        require_allowed(record)
        require_free(record)

    stored = change_many(kind, changes, by, allow=allow)
    tell_many(kind, action.fact, stored, by, lambda change: said)
    return done(changes, refused)


def _deleted(kind: RecordType, keys: Sequence[UUID], by: User | None, told: Mapping[str, Any]) -> list[Done]:
    found, refused = lock_many(kind, keys, by, "delete")
    changes = [Change(record, {"deleted_at": timezone.now(), "deleted_by": by}) for record in found]

    require_free = gate(kind, found, "delete", by)

    def allow(record: Record) -> None:
        require_free(record)
        require_another(record, by)

    stored = change_many(kind, changes, by, allow=allow, settles=False)
    tell_many(kind, "deleted", stored, by, lambda change: {"title": change.record.title, **told})
    return done(changes, refused)


def require_another(record: Record, by: User | None) -> None:
    """Refuse to let somebody delete themselves."""
    if by is not None and record.pk == by.pk:
        raise Refused(_("You cannot delete yourself."))


def done(changes: Sequence[Change], refused: Mapping[UUID, str]) -> list[Done]:
    """What became of records that changed at once.

    Args:
        refused: sentences by id of those that did not come so far.
    """
    made = [Done(key, RowAction.FAILED, reason=why) for key, why in refused.items()]
    return made + [_done(change) for change in changes]


def _done(change: Change) -> Done:
    if change.problem:
        return Done(change.record.pk, RowAction.FAILED, reason=change.problem)
    if not change.before:
        return Done(change.record.pk, RowAction.SKIPPED, change.record.version, reason=_("It was so already."))
    return Done(change.record.pk, RowAction.UPDATED, change.record.version)


def _one(kind: RecordType, key: UUID, do: Callable[[UUID], Record]) -> Done:
    """Do it to one record."""
    try:
        with transaction.atomic():
            return Done(key, RowAction.UPDATED, do(key).version)
    except Refusal as refusal:
        return Done(key, RowAction.FAILED, reason=sentence(kind, refusal))
