"""Reading the history: change by change for people and programs, and back to what a field held at a version."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from renmai.kernel.access.masks import hidden_of
from renmai.kernel.access.user import User
from renmai.kernel.actions.sharing import SHARE_ASKS
from renmai.kernel.history.model import BOOKKEEPING, History
from renmai.kernel.history.past import past
from renmai.kernel.records.kinds import amount, moment, plain
from renmai.kernel.records.reading import Titles, as_json, link_json, titles_of
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

Pair = list[Any]
DATABASE = "database"
SHARE_SPECS = {name: FieldSpec.of(name, ask) for name, ask in SHARE_ASKS.items()}


@dataclass
class RowChange:
    """What happened to one row that belongs to the record.

    Attributes:
        key: the row's id; None for a share.
        operation: ``I``, ``U`` or ``D``.
        changes: field → [old, new], as stored.
    """

    key: UUID | None
    operation: str
    changes: dict[str, Pair]


@dataclass
class Change:
    """Everything that one verb changed of a record and of the rows that belong to it.

    Attributes:
        id: of its newest row; the cursor of whoever reads on.
        began, at: when its first and its last row were written.
        by: the person; None for Renmai itself and for a statement written by hand.
        operation: ``I``, ``U`` or ``D`` of the record; empty where only rows of it changed.
        changes: field → [old, new], as stored, without bookkeeping and hidden fields.
        rows: part → its rows.
    """

    id: int
    change: UUID
    began: dt.datetime
    at: dt.datetime
    by: User | None
    by_program: bool
    reason: str | None
    operation: str = ""
    version: int | None = None
    changes: dict[str, Pair] = field(default_factory=dict)
    rows: dict[str, list[RowChange]] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """``person``, ``renmai`` or ``database``."""
        return "person" if self.by else "renmai" if self.by_program else DATABASE

    @property
    def verb(self) -> str:
        """What was done, in one word: ``created``, ``deleted``, ``restored``, ``erased`` or ``changed``."""
        if self.operation in {"I", "D"}:
            return {"I": "created", "D": "erased"}[self.operation]
        before, after = self.changes.get("deleted_at", (None, None))
        return "changed" if bool(before) is bool(after) else "deleted" if after else "restored"


def changes_of(
    kind: RecordType, record: Record, by: User, *, after: int | None = None, limit: int = 50, name: str = "", who: str = ""
) -> list[Change]:
    """Changes of a record, newest first, without what the person may not see.

    Args:
        after: id of the last change of the page before.
        name: only changes of this field or part.
        who: only changes by the user of this id, or by ``renmai``, or by ``database``.
    """
    hidden = hidden_of(kind, record.pk, by)
    rows = History.objects.filter(record_id=record.pk)
    rows = rows.none() if name and is_hidden(name, hidden) else rows
    heads = _narrowed(rows, name, who).values("change").annotate(last=Max("id")).order_by("-last")
    if after is not None:
        heads = heads.filter(last__lt=after)
    places = {head["change"]: head["last"] for head in heads[:limit]}
    grouped: dict[Any, list[History]] = defaultdict(list)
    for row in rows.filter(change__in=places).order_by("id"):
        grouped[row.change].append(row)
    people = {user.pk: user for user in User.objects.filter(pk__in={row.by_id for found in grouped.values() for row in found})}
    return [_joined(kind, place, grouped[change], people, hidden) for change, place in places.items()]


def _narrowed(rows: QuerySet[History], name: str, who: str) -> QuerySet[History]:
    if name:
        rows = rows.filter(Q(part="", changes__has_key=name) | Q(part=name))
    if who in {DATABASE, "renmai"}:
        return rows.filter(by_id=None, by_program=who == "renmai")
    return rows.filter(by_id=who) if who else rows


def _joined(kind: RecordType, place: int, rows: list[History], people: dict[Any, User], hidden: set[str]) -> Change:
    """The rows of one change, oldest first, as one."""
    last = rows[-1]
    made = Change(place, last.change, rows[0].at, last.at, people.get(last.by_id), last.by_program, last.reason)  # type: ignore[arg-type]
    for row in rows:
        changes = row.changes or {}
        if not row.part:
            made.operation = made.operation or row.operation
            made.version = row.version
            _merge(made.changes, {key: pair for key, pair in changes.items() if _is_told(kind, key) and not is_hidden(key, hidden)})
        elif row.part not in hidden:
            made.rows.setdefault(row.part, []).append(RowChange(row.row_id, row.operation, changes))
    made.rows = {part: told for part, found in made.rows.items() if (told := _net(part, found))}
    return made


def _is_told(kind: RecordType, name: str) -> bool:
    return name not in BOOKKEEPING and (name in kind.fields or name.startswith("custom."))


def is_hidden(name: str, hidden: set[str]) -> bool:
    """Whether a field is closed to the reader, by itself or with all own fields."""
    return name in hidden or (name.startswith("custom.") and "custom" in hidden)


def _merge(changes: dict[str, Pair], later: dict[str, Pair]) -> None:
    """Take a later change of the same verb in; what came back to where it was did not change."""
    for name, (old, new) in later.items():
        first = changes.get(name, (old, new))[0]
        changes[name] = [first, new]
        if first == new:
            del changes[name]


def _net(part: str, rows: list[RowChange]) -> list[RowChange]:
    """Without links that were taken away and put back in the same change."""
    if part != "about":
        return rows
    gone = {str(row.changes["target_id"][0]) for row in rows if row.operation == "D" and row.changes}
    new = {str(row.changes["target_id"][1]) for row in rows if row.operation == "I" and row.changes}
    same = gone & new
    return [row for row in rows if row.operation != "U" and row.changes and same.isdisjoint(map(str, row.changes["target_id"]))]


def part_specs(kind: RecordType, part: str) -> dict[str, FieldSpec]:
    """The fields of a record's rows by the name of their column."""
    if part == "shares":
        return SHARE_SPECS
    rows = kind.collections.get(part)
    return {spec.column: spec for spec in rows.fields.values()} if rows else {}


class Readings:
    """Changes as the API reads the fields; links to what the reader may not see do not tell its id.

    Titles are read in one query per type, however many changes there are.
    """

    def __init__(self, kind: RecordType, record: Record, changes: Iterable[Change], by: User | None) -> None:
        self.kind, self.record = kind, record
        self.titles: Titles = titles_of(_wanted(kind, changes), by)

    def of_record(self, record: Record) -> Readings:
        """The same for another record of the type; the titles are known already."""
        made = copy(self)
        made.record = record
        return made

    def of(self, change: Change) -> dict[str, Pair]:
        """``{field: [old, new]}``; for rows the lists of those before and after, each with only what changed of it."""
        told = {name: [self.value(self.kind.fields.get(name), value) for value in pair] for name, pair in change.changes.items()}
        return told | {part: self._rows(part, rows) for part, rows in change.rows.items()}

    def value(self, spec: FieldSpec | None, value: Any) -> Any:
        """One stored value as the API reads it."""
        if value is None or spec is None:
            return value
        match spec.kind:
            case "link":
                return link_json(str(spec.target), UUID(value), self.titles)
            case "links":
                return [link_json(str(spec.target), UUID(key), self.titles) for key in value]
            case "money":
                return amount(Decimal(str(value)), getattr(self.record, getattr(spec.field, "currency_field", ""), "") or "")
            case "decimal" | "percent":
                return plain(Decimal(str(value)))
            case "moment":
                return moment(dt.datetime.fromisoformat(value))
        return value

    def _rows(self, part: str, rows: list[RowChange]) -> Pair:
        sides: Pair = [[], []]
        for row in rows:
            for side, absent in enumerate(("I", "D")):
                if row.operation != absent:
                    sides[side].append(self.row(part, row, side))
        return sides

    def row(self, part: str, row: RowChange, side: int) -> Any:
        """One side of a row's change."""
        if part == "about":
            slug, key = row.changes["target_type"][side], row.changes["target_id"][side]
            return link_json(slug, UUID(key), self.titles)
        specs = part_specs(self.kind, part)
        read = {specs[name].name: self.value(specs[name], pair[side]) for name, pair in row.changes.items() if name in specs}
        return {"id": str(row.key), **read} if row.key else read


def _wanted(kind: RecordType, changes: Iterable[Change]) -> dict[str, set[Any]]:
    """Ids of everything that is linked to on some side, by type."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for change in changes:
        _want(wanted, kind.fields, change.changes)
        for part, rows in change.rows.items():
            for row in rows:
                _want(wanted, part_specs(kind, part), row.changes)
                for slug, key in zip(row.changes.get("target_type", ()), row.changes.get("target_id", ()), strict=False):
                    wanted[slug].add(UUID(key) if key else None)
    wanted.pop(None, None)  # type: ignore[call-overload]
    return wanted


def _want(wanted: dict[str, set[Any]], specs: dict[str, FieldSpec], changes: dict[str, Pair]) -> None:
    for name, pair in changes.items():
        spec = specs.get(name)
        if spec is not None and spec.target:
            wanted[spec.target].update(_keys(pair))


def _keys(pair: Pair) -> set[UUID]:
    """The ids on both sides of a change of a link or of several."""
    return {UUID(key) for value in pair for key in (value if isinstance(value, list) else [value]) if key}


def originals(kind: RecordType, record: Record, names: list[str], version: int, by: User | None) -> dict[str, Any]:
    """What fields, and rows, held at an earlier version, as the API reads them: the record as of the moment before the next one."""
    later = History.objects.filter(record_id=record.pk, part="", version__gt=version).order_by("at").first()
    if later is None:
        return {}
    with past(later.at - dt.timedelta(microseconds=1), by):
        before = kind.model.objects.filter(pk=record.pk).first()
        return as_json(kind, [before], by, names)[0] if before is not None else {}
