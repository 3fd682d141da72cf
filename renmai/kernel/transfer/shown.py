"""What became of each row of a change set, for its page: the record, and its fields before and after as the reader may see them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions.back import CLOCKS_DIFFER
from renmai.kernel.actions.undo import DID
from renmai.kernel.history.deeds import BINNED, Deed, deeds
from renmai.kernel.history.read import Change, Readings, is_hidden
from renmai.kernel.records.pages.history import VERBS, Told, in_words, side_in_words
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ForeseenRow, RowAction

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

KEPT = "kept"
FORESEEN = {
    RowAction.CREATED: _("would be made"),
    RowAction.UPDATED: _("would be changed"),
    RowAction.SKIPPED: _("would be left alone"),
    RowAction.FAILED: _("would come back"),
    RowAction.ALSO_MADE: _("would be made because a row names it"),
    RowAction.JOINED: _("would be joined to what is there"),
}


@dataclass
class RowLine:
    """What became of a row.

    Attributes:
        href: leads to the record, if the person may see it.
        can_go_back: it can be chosen for an undo.
        headline: that it went into the recycle bin or came out.
        told: its fields before and after.
        changes: the same as the API reads it.
        since: labels of those that somebody has changed since.
    """

    row: ChangeSetRow | ForeseenRow
    kind: RecordType | None
    title: str = ""
    href: str = ""
    can_go_back: bool = False
    headline: Any = ""
    told: list[Told] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    since: list[Any] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """The row makes the record, so that it has nothing before."""
        return self.row.action in {RowAction.CREATED, RowAction.ALSO_MADE}

    @property
    def label(self) -> Any:
        return RowAction(self.row.action).label


def behind(after: str) -> Q:
    """The rows behind one: ``12.345`` is that with the id 345 among those of row 12, where a row made several records."""
    number, _point, key = after.partition(".")
    if not (number.isdigit() and len(number) < 10):
        return Q()
    same = Q(number=int(number), pk__gt=int(key)) if key.isdigit() and len(key) < 19 else Q(pk=None)
    return Q(number__gt=int(number)) | same


def rows_of(change_set: ChangeSet, action: str, after: str) -> QuerySet[ChangeSetRow]:
    """The rows of a page.

    Args:
        action: a ``RowAction``, or ``kept`` for what an undo left; all of them if it is neither.
        after: the last row of the page before (see ``behind``).
    """
    found = change_set.rows_of_file.filter(behind(after)).order_by("number", "pk")
    if action == KEPT:
        return found.filter(action__in=[RowAction.UPDATED, RowAction.SKIPPED]).exclude(reason="")
    return found.filter(action=action) if action in RowAction.values else found


def row_lines(change_set: ChangeSet, rows: list[ChangeSetRow], by: User, *, undoable: bool) -> list[RowLine]:
    """Rows with their records, in as many queries whatever their number.

    Args:
        undoable: what they did can be put back by this person.
    """
    by_type: dict[str, list[ChangeSetRow]] = defaultdict(list)
    for row in rows:
        by_type[row.type if row.record_id else ""].append(row)
    lines: dict[int, RowLine] = {}
    for slug, some in by_type.items():
        kind = registry.get(slug)
        for line in _lines(change_set, kind, some, by) if kind else [RowLine(row, None) for row in some]:
            line.can_go_back = bool(undoable and line.href and line.row.action in DID)
            lines[line.row.pk] = line
    return [lines[row.pk] for row in rows]


def _lines(change_set: ChangeSet, kind: RecordType, rows: list[ChangeSetRow], by: User) -> list[RowLine]:
    records = _records(kind, {row.record_id for row in rows if row.record_id}, by)
    found = deeds(change_set.pk, records, change_set.created_at - CLOCKS_DIFFER)
    changes = {key: _change(kind, deed, by) for key, deed in found.items()}
    readings = Readings(kind, kind.model(), changes.values(), by)
    lines = []
    for row in rows:
        record, deed = records.get(row.record_id), found.get(row.record_id)  # type: ignore[arg-type]
        line = RowLine(row, kind, record.title if record else "", kind.path(record) if record else "")
        if record is not None and deed is not None and row.action == RowAction.UPDATED:
            _tell(line, deed, changes[record.pk], readings.of_record(record))
        lines.append(line)
    return lines


def _records(kind: RecordType, keys: Iterable[UUID], by: User) -> dict[UUID, Record]:
    """The records that the person may see, those in the recycle bin too."""
    wanted = set(keys)
    found = {record.pk: record for record in kind.model.objects.visible_to(by).filter(pk__in=wanted)}
    binned = kind.model.objects.visible_to(by, "delete", deleted=True).filter(pk__in=wanted - found.keys())
    return found | {record.pk: record for record in binned}


def _change(kind: RecordType, deed: Deed, by: User) -> Change:
    """What the change set did to a record, without what is hidden from the reader."""
    hidden = by.access.hidden(kind)
    told = {name: pair for name, pair in deed.fields.items() if _is_shown(kind, name) and not is_hidden(name, hidden)}
    return Change(0, UUID(int=0), deed.began, deed.began, None, False, None, changes=told)


def _is_shown(kind: RecordType, name: str) -> bool:
    return name in kind.fields and (kind.fields[name].editable or name in {"owner", "team"})


def _tell(line: RowLine, deed: Deed, change: Change, readings: Readings) -> None:
    if BINNED in deed.changes:
        line.headline = VERBS["deleted" if deed.changes[BINNED][1] else "restored"]
    for name, pair in change.changes.items():
        spec = readings.kind.fields[name]
        line.changes[name] = [readings.value(spec, value) for value in pair]
        before, after = (in_words(spec, value, readings.record) for value in line.changes[name])
        line.told.append(Told(name, spec.label, before, after))
        if not deed.stands(name):
            line.since.append(spec.label)


# --- before it starts


def foreseen_counts(change_set: ChangeSet) -> Counter[str]:
    """How many rows would do what."""
    found = change_set.foreseen_rows.order_by().values_list("action").annotate(number=Count("pk"))
    return Counter(dict(found))


def foreseen_rows(change_set: ChangeSet, action: str, after: str) -> QuerySet[ForeseenRow]:
    """The rows of a page (see ``rows_of``)."""
    found = change_set.foreseen_rows.filter(behind(after)).order_by("number", "pk")
    return found.filter(action=action) if action in RowAction.values else found


def foreseen_lines(rows: Iterable[ForeseenRow], by: User) -> list[RowLine]:
    """Rows as a person may read them, in as many queries whatever their number."""
    rows = list(rows)
    seen = {slug: _seen(registry.get(slug), [row for row in rows if row.type == slug], by) for slug in {row.type for row in rows}}
    return [_line(row, registry.get(row.type), seen[row.type], by) for row in rows]


def _seen(kind: RecordType | None, rows: list[ForeseenRow], by: User) -> set[Any]:
    """Ids of the records that the person may see."""
    keys = {row.record_id for row in rows} - {None}
    return set(kind.model.objects.visible_to(by).filter(pk__in=keys).values_list("pk", flat=True)) if kind is not None and keys else set()


def _line(row: ForeseenRow, kind: RecordType | None, seen: set[Any], by: User) -> RowLine:
    line = RowLine(row, kind, row.title, headline=FORESEEN[RowAction(row.action)])
    if kind is None:
        return line
    if row.record_id in seen:
        line.href = f"{kind.path()}{row.record_id}/"
    hidden, record = by.access.hidden(kind), kind.model(**_currency(kind, row))
    for name in kind.fields:
        if (pair := row.changes.get(name)) is not None and not is_hidden(name, hidden):
            line.changes[name] = pair
            before, after = (side_in_words(kind, record, name, value) for value in pair)
            line.told.append(Told(name, kind.fields[name].label, before, after))
    return line


def _currency(kind: RecordType, row: ForeseenRow) -> dict[str, Any]:
    """Amounts are written in the currency of their row, where it names one."""
    return {"currency": row.changes["currency"][1]} if "currency" in row.changes and "currency" in kind.fields else {}
