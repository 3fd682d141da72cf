"""The way back for records: fields to what they held before a change set, out of the recycle bin, or into it where it made them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Refusal
from renmai.kernel.actions.many import Done, deleting, done
from renmai.kernel.actions.unmake import Unmaking
from renmai.kernel.history.deeds import BINNED, Deed, as_plain, deeds, stored
from renmai.kernel.history.past import past
from renmai.kernel.history.restore import unbury
from renmai.kernel.records.change_many import Change, change_many, lock_many, tell_many
from renmai.kernel.records.custom import PREFIX
from renmai.kernel.records.guards import gate
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.refusals import sentence
from renmai.kernel.records.store import locked, update
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet, RowAction

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

Found = dict[UUID, Deed]
TICK = dt.timedelta(microseconds=1)
CLOCKS_DIFFER = dt.timedelta(hours=1)  # the change set has the time of the program, the history that of the database


@dataclass(frozen=True)
class Back:
    """The way back from a change set.

    Attributes:
        undone: the change set.
        unmaking: tells which of the records that it made stay.
    """

    undone: ChangeSet
    by: User | None
    unmaking: Unmaking

    def put(self, keys: Sequence[UUID]) -> list[Done]:
        """Put some of the records back."""
        types = {
            key: kind.slug
            for kind in self.unmaking.kinds
            for key in kind.model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)
        }
        by_kind: dict[str, list[UUID]] = defaultdict(list)
        for key in keys:
            by_kind[types.get(key, str(self.undone.target))].append(key)
        return [replace(one, type=slug) for slug, some in by_kind.items() for one in self.put_of(registry[slug], some)]

    def put_of(self, kind: RecordType, keys: list[UUID]) -> list[Done]:
        """Put some of the records of a type back."""
        found = deeds(self.undone.pk, keys, self.undone.created_at - CLOCKS_DIFFER)
        groups: dict[Callable[[RecordType, list[UUID], Found], list[Done]], list[UUID]] = defaultdict(list)
        for key in keys:
            groups[self._way(found.get(key))].append(key)
        return [one for way, some in groups.items() for one in way(kind, some, found)]

    def _way(self, deed: Deed | None) -> Callable[[RecordType, list[UUID], Found], list[Done]]:
        if deed is None:
            return _forgotten
        if deed.is_binned:
            return _binned
        if deed.made:
            return self._unmade
        return self._restored if BINNED in deed.changes else self._changed

    def _unmade(self, kind: RecordType, keys: list[UUID], found: Found) -> list[Done]:
        """Move records that it made to the recycle bin."""
        staying = self.unmaking.kept
        kept = [Done(key, RowAction.SKIPPED, reason=staying[key]) for key in keys if key in staying]
        return kept + deleting(kind, self.by, {"undoes": str(self.undone.pk)}).do([key for key in keys if key not in staying])

    def _restored(self, kind: RecordType, keys: list[UUID], found: Found) -> list[Done]:
        """Take records that it deleted out of the recycle bin."""
        standing = [key for key in keys if found[key].stands(BINNED)]
        kept = [Done(key, RowAction.SKIPPED, reason=_why_kept(kind, [BINNED])) for key in keys if key not in standing]
        if kind.takes:
            return kept + [self._unburied(kind, key) for key in standing]
        records, refused = lock_many(kind, standing, self.by, "delete", deleted=True)
        changes = [Change(record, {BINNED: None, "deleted_by": None}) for record in records]
        went = change_many(kind, changes, self.by, allow=lambda record: None, settles=False)
        tell_many(kind, "restored", went, self.by, lambda change: {"undoes": str(self.undone.pk)})
        return kept + done(changes, refused)

    def _unburied(self, kind: RecordType, key: UUID) -> Done:
        """Bring one record back, with those that went along with it."""
        try:
            with transaction.atomic():
                record = locked(kind, key, self.by, "delete", deleted=True)
                unbury(record, self.by)
                tell_many(kind, "restored", [Change(record, {})], self.by, lambda change: {"undoes": str(self.undone.pk)})
                return Done(key, RowAction.UPDATED, record.version)
        except Refusal as refusal:
            return Done(key, RowAction.FAILED, reason=sentence(kind, refusal))

    def _changed(self, kind: RecordType, keys: list[UUID], found: Found) -> list[Done]:
        """Put fields back, then rows."""
        records, refused = lock_many(kind, keys, self.by, "edit")
        links = _links(kind, [found[record.pk] for record in records])
        closed = self._closed(kind)
        changes = [Change(record, _held(kind, record, found[record.pk], links, closed)) for record in records]
        values = {change.record.pk: dict(change.values) for change in changes}
        require_free = gate(kind, records, "edit", self.by)

        def allow(record: Record) -> None:
            require_free(record)
            given = {name: value for name, value in values[record.pk].items() if kind.fields[name].editable}
            kind.require_returnable(record, given)

        went = change_many(kind, changes, self.by, allow=allow)
        tell_many(kind, "updated", went, self.by, lambda change: {"fields": sorted(change.before), "undoes": str(self.undone.pk)})
        return [self._with_rows(kind, one, found.get(one.key), closed) for one in done(changes, refused)]

    def _closed(self, kind: RecordType) -> set[str]:
        """Fields that the person may not write."""
        if self.by is None:
            return set()
        return {name for name, spec in kind.fields.items() if spec.editable and self.by.access.field(kind.slug, name) != "write"}

    def _with_rows(self, kind: RecordType, one: Done, deed: Deed | None, closed: set[str]) -> Done:
        """Put the rows of a record back, and tell what of it was kept."""
        if deed is None or one.action == RowAction.FAILED:
            return one
        parts = deed.parts - deed.parts_since - closed - {"shares"}
        kept = [name for name in deed.fields if not deed.stands(name)] + sorted(deed.parts & deed.parts_since)
        reasons = [_why_kept(kind, kept)] if kept else []
        unwritable = sorted(closed & (deed.fields.keys() | deed.parts))
        reasons += [_("Kept, since you may not change it: %(fields)s.") % {"fields": _labels(kind, unwritable)}] if unwritable else []
        try:
            version = self._rows_back(kind, one.key, deed, parts) if parts else one.version
        except Refusal as refusal:
            return replace(one, action=RowAction.FAILED, reason=sentence(kind, refusal))
        went = one.action == RowAction.UPDATED or bool(parts)
        action = RowAction.UPDATED if went else RowAction.SKIPPED
        return replace(one, action=action, version=version, reason=" ".join(reasons) or ("" if went else one.reason))

    def _rows_back(self, kind: RecordType, key: UUID, deed: Deed, parts: set[str]) -> int:
        """Give a record the rows that it had before."""
        with past(deed.began - TICK, self.by):
            before = kind.model.objects.filter(pk=key).get()
            values = as_json(kind, [before], self.by, sorted(parts))[0]
        with transaction.atomic():
            return int(update(kind, key, {name: values[name] for name in parts}, self.by).version)


def _forgotten(kind: RecordType, keys: list[UUID], found: Found) -> list[Done]:
    return [Done(key, RowAction.SKIPPED, reason=_("Its history does not tell what it held before.")) for key in keys]


def _binned(kind: RecordType, keys: list[UUID], found: Found) -> list[Done]:
    return [Done(key, RowAction.SKIPPED, reason=_("It is in the recycle bin already.")) for key in keys]


def _held(kind: RecordType, record: Record, deed: Deed, links: dict[str, dict[Any, Any]], closed: set[str]) -> dict[str, Any]:
    """What goes back, by field."""
    values: dict[str, Any] = {}
    own = dict(record.custom)
    for name, (old, _new) in deed.fields.items():
        if name in closed or not deed.stands(name):
            continue
        if name.startswith(PREFIX):
            own = {**own, name.removeprefix(PREFIX): as_plain(old)}
        elif name in links:
            values[name] = links[name].get(UUID(old)) if old else None
        elif name in kind.fields:
            values[name] = stored(kind, name, old)
    own = {key: value for key, value in own.items() if value is not None}
    return values if own == record.custom else {**values, "custom": own}


def _links(kind: RecordType, found: Iterable[Deed]) -> dict[str, dict[Any, Any]]:
    """Per link the records that it led to before, by id."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for deed in found:
        for name, (old, _new) in deed.fields.items():
            if name in kind.fields and kind.fields[name].kind == "link" and not name.startswith(PREFIX):
                wanted[name] |= {UUID(old)} if old else set()
    return {name: kind.fields[name].target_model._base_manager.in_bulk(keys) for name, keys in wanted.items()}


def _why_kept(kind: RecordType, names: Iterable[str]) -> str:
    return _("Kept, since somebody has changed it: %(fields)s.") % {"fields": _labels(kind, names)}


def _labels(kind: RecordType, names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(str(_label(kind, name)) for name in names))


def _label(kind: RecordType, name: str) -> Any:
    if name in kind.fields:
        return kind.fields[name].label
    return kind.collections[name].model._meta.verbose_name_plural if name in kind.collections else name.removeprefix(PREFIX)
