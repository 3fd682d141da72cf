"""One page of a list: by key, door by door, values before nulls.

A list never skips rows: it goes on from where the last page ended.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from renmai.kernel.access.visible import Door, doors
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.history.past import arms, moment
from renmai.kernel.overlay.version import followed
from renmai.kernel.records.custom import CustomSpec, output_of, stored_in
from renmai.kernel.records.prepared import GIVEN, Prepared, is_constant, prepared
from renmai.kernel.records.types import RecordType
from renmai.kernel.records.walking import Sort, Walk, merged, walks
from renmai.kernel.search.asking import answering

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

MAX_SORTS = 2
HELD: dict[str, type] = {
    "BinaryField": bytes,
    "DateField": dt.date,
    "DateTimeField": dt.datetime,
    "DecimalField": Decimal,
    "IntegerField": int,
    "TextField": str,
    "TimeField": dt.time,
}


@dataclass(frozen=True)
class Question:
    """What a list is asked for.

    Attributes:
        where: condition from criteria.
        words: free text.
        sorts: at most two.
        deleted: look in the recycle bin.
    """

    kind: RecordType
    by: User
    where: Q | None = None
    words: str = ""
    sorts: tuple[Sort, ...] = ()
    deleted: bool = False

    @property
    def is_of_all(self) -> bool:
        """Neither a filter nor words narrow it."""
        return self.where is None and not self.words.strip()

    def rows(self) -> QuerySet[Record]:
        """Everything that the person may see of what is asked, in one set, unordered."""
        return self._narrow(self.kind.model.objects.visible_to(self.by, deleted=self.deleted))  # type: ignore[no-any-return]

    def through_doors(self) -> list[QuerySet[Record]]:
        """The same rows as disjoint sets, one per door; of the past, those unchanged since and the others."""
        if moment() is not None:
            return [self._narrow(arm) for arm in arms(self.kind.model.objects.visible_to(self.by, deleted=self.deleted))]
        return [self.among(door.rows) for door in self.doors]

    def among(self, condition: Q) -> QuerySet[Record]:
        """What is asked for among the rows that meet a condition."""
        base = self.kind.model.objects.binned() if self.deleted else self.kind.model.objects.live()
        return self._narrow(base.filter(condition))  # type: ignore[no-any-return]

    @cached_property
    def doors(self) -> list[Door]:
        """The ways in that are open to the person."""
        return doors(self.by, self.kind.model)

    @cached_property
    def mark(self) -> Hashable:
        """Questions with equal ones have the same SQL; None where what is asked may be another thing the next time."""
        opened = tuple(way.mark for door in self.doors for way in door.ways)
        if self.words.strip() or moment() is not None or None in opened or not is_constant(self.where):
            return None
        return (self.kind.slug, followed(), opened, self.where, self.deleted)

    def _narrow(self, rows: Any) -> Any:
        if self.where is not None:
            rows = rows.filter(self.where)
        if self.words.strip():
            if moment() is not None:
                raise Invalid({"q": [_("The past cannot be searched by words; use a filter.")]})
            rows = answering(rows, self.kind, self.by, self.words)
        return rows


def sorts(kind: RecordType, text: str, by: User | None = None) -> tuple[Sort, ...]:
    """The sort fields in ``"-created_at"`` or ``"stage,-amount"``.

    Args:
        by: whose hidden fields are none to sort by; None hides none.

    Raises:
        Invalid: a field that lists of this type cannot be sorted by.
    """
    found = []
    hidden = by.access.hidden(kind) if by is not None else set()
    sortable = sorted(spec.name for spec in kind.fields.values() if (spec.sortable or spec.name == "title") and spec.name not in hidden)
    for part in [part.strip() for part in (text or "-created_at").split(",") if part.strip()]:
        name = part.lstrip("-")
        spec = kind.fields.get(name)
        if spec is None or name not in sortable:
            raise Invalid(
                {"sort": [_("Lists cannot be sorted by “%(name)s”, only by: %(valid)s.") % {"name": name, "valid": ", ".join(sortable)}]}
            )
        found.append(Sort(name, spec.sort_column, part.startswith("-"), spec.nullable))
    if len(found) > MAX_SORTS:
        raise Invalid({"sort": [_("Lists are sorted by at most two fields.")]})
    return tuple(found)


def page(
    question: Question, *, limit: int = 50, after: str | None = None, columns: Iterable[str] | None = None
) -> tuple[list[Record], str | None]:
    """One page.

    Args:
        limit: rows wanted.
        after: the cursor that the page before gave.
        columns: what is read of each row, besides what it is sorted by; everything if not given.

    Returns:
        The rows, and the cursor of the next page or None.

    Raises:
        Invalid: a cursor that this list did not give.
    """
    order = question.sorts or sorts(question.kind, "")
    start = _decode(after, order, question.kind) if after else None
    wanted = None if columns is None else {stored_in(column) for column in (*columns, *(sort.column for sort in order))}
    found: list[Record] = []
    for null_zone in zones(order, start):
        found += _zone(question, order, start, null_zone, limit + 1 - len(found), wanted)
        if len(found) > limit:
            break
        if null_zone is False:
            start = None
    following = _encode(found[limit - 1], order) if len(found) > limit else None
    return found[:limit], following


def plain_pages(question: Question, columns: Sequence[str], size: int) -> Iterator[list[Sequence[Any]]]:
    """All rows, as plain values and page by page, for whoever needs no records.

    Args:
        columns: what is read of each row.
        size: rows of a page at most.

    Returns:
        Pages, none of them empty, as columns: first the ids, as text, then those asked for.
    """
    order = question.sorts or sorts(question.kind, "")
    for null_zone in zones(order, None):
        start: list[Any] | None = None
        while True:
            keys, *others = _plain_zone(question, order, start, null_zone, size, columns) or [()]
            if keys:
                yield [keys, *others[len(order) :]]
                start = [*(column[-1] for column in others[: len(order)]), keys[-1]]
            if len(keys) < size:
                break


def zones(order: tuple[Sort, ...], start: list[Any] | None) -> list[bool | None]:
    """The zones left to read: values (False), then nulls (True); one zone (None) where there are no nulls."""
    if not order[0].nullable:
        return [None]
    return [True] if start is not None and start[0] is None else [False, True]


def _zone(
    question: Question, order: tuple[Sort, ...], start: list[Any] | None, null_zone: bool | None, wanted: int, columns: set[str] | None
) -> list[Record]:
    mark = question.mark and (question.mark, order, start and tuple(start), null_zone, wanted, columns and frozenset(columns))
    first, whole = prepared(mark, lambda: _asked(question, order, start, null_zone, wanted, columns))
    if whole is None:
        return first.rows() if first is not None else []
    keys = [values[0] for values in first.values()]
    by_key = {row.pk: row for row in whole.rows(keys)}
    return [by_key[key] for key in keys]


def _asked(
    question: Question, order: tuple[Sort, ...], start: list[Any] | None, null_zone: bool | None, wanted: int, columns: set[str] | None
) -> tuple[Prepared[Record] | None, Prepared[Record] | None]:
    """What is asked first, and by the keys that this finds where several doors are open: the rows themselves."""
    found = walks(question, order, start, null_zone)
    if not _is_one(found):
        rows = question.kind.model.objects.filter(pk__among=GIVEN)
        return Prepared(merged(found, null_zone, wanted)), Prepared(_reading(rows, columns))
    return (Prepared(_reading(found[0].rows, columns)[:wanted]) if found else None), None


def _is_one(found: list[Walk]) -> bool:
    """One walk, or none, gives the rows themselves; several only give their ids."""
    return not found or (len(found) == 1 and not found[0].is_of_shares)


def _plain_zone(
    question: Question, order: tuple[Sort, ...], start: list[Any] | None, null_zone: bool | None, wanted: int, columns: Sequence[str]
) -> list[Sequence[Any]]:
    found = walks(question, order, start, null_zone)
    names = ("pk", *(sort.column for sort in order), *columns)
    if _is_one(found):
        return Prepared(found[0].rows.values_list(*names)[:wanted]).columns() if found else []
    keys = [str(row[0]) for row in merged(found, null_zone, wanted)]
    read = Prepared(question.kind.model.objects.filter(pk__in=keys).values_list(*names)).columns()
    places = {key: place for place, key in enumerate(read[0])} if read else {}
    return [[column[places[key]] for key in keys] for column in read]


def _reading(rows: QuerySet[Record], columns: set[str] | None) -> QuerySet[Record]:
    return rows if columns is None else rows.only(*columns)


def _encode(record: Record, order: tuple[Sort, ...]) -> str:
    values = [_plain(getattr(record, sort.column)) for sort in order]
    text = json.dumps([[sort.name for sort in order], *values, str(record.pk)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return {"b": bytes(value).hex()}
    if isinstance(value, (dt.datetime, dt.date)):
        return {"t": value.isoformat()}
    if isinstance(value, dt.time):
        return {"h": value.isoformat()}
    return {"n": str(value)} if isinstance(value, Decimal) else value


def _decode(cursor: str, order: tuple[Sort, ...], kind: RecordType) -> list[Any]:
    try:
        names, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if names != [sort.name for sort in order] or len(values) != len(order) + 1:
            raise ValueError
        *keys, pk = [_typed(value) for value in values]
        if not all(_fits(value, sort, _column(kind, sort)) for sort, value in zip(order, keys, strict=True)):
            raise ValueError
        return [*keys, UUID(str(pk))]
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError, binascii.Error):
        raise Invalid({"after": [_("This cursor belongs to another list.")]}) from None


def _column(kind: RecordType, sort: Sort) -> Any:
    spec = kind.fields[sort.name]
    return output_of(sort.column) if isinstance(spec, CustomSpec) else kind.model._meta.get_field(sort.column)


def _fits(value: Any, sort: Sort, column: Any) -> bool:
    """Whether a cursor may hold the value: people write cursors of their own."""
    if value is None:
        return sort.nullable
    return isinstance(value, HELD[column.get_internal_type()]) and not (isinstance(value, Decimal) and not value.is_finite())


def _typed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    if kind == "b":
        return bytes.fromhex(text)
    if kind == "t":
        return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    return dt.time.fromisoformat(text) if kind == "h" else Decimal(text)
