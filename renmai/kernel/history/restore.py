"""Bringing back: fields as they were at a moment, and what went into the recycle bin together with a record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.history.acting import acting
from renmai.kernel.history.model import History
from renmai.kernel.history.past import missing, past
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.store import change, touch, update
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

Difference = dict[str, tuple[Any, Any]]


def difference(kind: RecordType, record: Record, to: dt.datetime, by: User, name: str = "") -> Difference:
    """What would change if a record were brought back to a moment: what the person may write of it, now and then, as the API reads it.

    Args:
        name: only this field.

    Raises:
        Missing: there was no such record then.
    """
    absent = missing(kind, to)
    names = [spec.name for spec in kind.writable.values() if by.access.field(kind.slug, spec.name) == "write"]
    wanted = [one for one in names if one not in absent and name in ("", one)]
    with past(to, by):
        before = kind.model.objects.visible_to(by).filter(pk=record.pk).first()
        if before is None:
            raise Missing(_("There was no such record then."))
        then = as_json(kind, [before], by, wanted)[0]
    now = as_json(kind, [record], by, wanted)[0]
    return {one: (now[one], then[one]) for one in wanted if one in now and now[one] != then[one]}


def rewind(kind: RecordType, record: Record, to: dt.datetime, by: User, *, name: str = "", version: int | None = None) -> Record:
    """Bring a record, or one field of it, back to a moment: a change like any other, which can itself be taken back.

    Args:
        version: the version that the person saw the difference to.

    Raises:
        Missing, Forbidden, Invalid, Conflict: see ``store.update``; a link to what is gone is told by its field.
    """
    values = {one: then for one, (_now, then) in difference(kind, record, to, by, name).items()}
    reason = _("Brought back to %(when)s") % {"when": timezone.localtime(to).strftime("%Y-%m-%d %H:%M")}
    return update(kind, record.pk, values, by, version=record.version if version is None else version, reason=reason)


def unbury(record: Record, by: User | None) -> None:
    """Take a locked record out of the recycle bin, with what went in with it; links to it that were emptied then are filled again."""
    kind = registry.of(record)
    went = History.objects.filter(record_id=record.pk, part="", changes__deleted_at__0=None).exclude(changes__deleted_at__1=None)
    last = went.order_by("-id").first()
    with transaction.atomic(), acting(by):
        record.deleted_at = record.deleted_by = None
        touch(record, by)
        for row in History.objects.filter(change=last.change, part="").exclude(record_id=record.pk) if last and last.change else ():
            _bring_back(row, kind, record, by)


def _bring_back(row: History, kind: RecordType, record: Record, by: User | None) -> None:
    """Undo what the same verb did to another record, where that was for this record's sake and still stands."""
    other, changes = registry.get(row.type), row.changes or {}
    found = other.model.objects.select_for_update(of=("self",)).filter(pk=row.record_id).first() if other else None
    if other is None or found is None:
        return
    taken = [relation.column for relation in kind.relations.values() if relation.name in kind.takes and relation.target == other.slug]
    if found.deleted_at is not None and "deleted_at" in changes and any(getattr(found, f"{column}_id") == record.pk for column in taken):
        unbury(found, by)
    for name, (old, new) in changes.items():
        spec = other.fields.get(name) if name not in other.custom else None
        links_here = spec is not None and spec.kind == "link" and spec.target == kind.slug
        if links_here and new is None and old and UUID(old) == record.pk and getattr(found, f"{name}_id") is None:
            change(found, by=by, **{name: record})
