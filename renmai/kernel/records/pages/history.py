"""The history of a record: who changed what, when and why, field by field in the reader's own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.history import author
from renmai.kernel.api.records import reachable
from renmai.kernel.history.model import History
from renmai.kernel.history.read import DATABASE, Change, Readings, RowChange, changes_of, is_hidden, part_specs
from renmai.kernel.records.kinds import parsed
from renmai.kernel.records.pages.cells import WRITERS
from renmai.kernel.records.pages.door import PAGES, page, with_query
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

STEP = 50
NOTHING = "—"
EMPTY: tuple[Any, ...] = (None, "", [], {}, False)
PARTS = {"about": gettext_lazy("About"), "shares": gettext_lazy("Shared with")}
OWN_WORDS = {"deleted_at", "deleted_by"}
VERBS = {
    "created": gettext_lazy("Created"),
    "deleted": gettext_lazy("Moved to the recycle bin"),
    "restored": gettext_lazy("Taken out of the recycle bin"),
    "erased": gettext_lazy("Deleted for good"),
}


@dataclass(frozen=True)
class Told:
    """One field of a change, in words."""

    name: str
    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One change as the page shows it: what was done to the record, and its fields.

    Attributes:
        back: names of the fields that can be brought back to how they were before it.
    """

    change: Change
    headline: Any
    told: list[Told]
    back: frozenset[str]

    @property
    def before(self) -> str:
        """The moment before it, as an address has it; empty where there was none."""
        return "" if self.change.verb == "created" else quote((self.change.began - dt.timedelta(microseconds=1)).isoformat())

    @property
    def after(self) -> str:
        """The moment at which it was done."""
        return "" if self.change.verb in {"deleted", "erased"} else quote(self.change.at.isoformat())


def in_words(spec: FieldSpec | None, value: Any, record: Any) -> str:
    """A value as the API reads it, as its reader writes it."""
    if value in (None, "", [], {}):
        return NOTHING
    if spec is not None and spec.kind == "file":
        return WRITERS["file"](spec, record, value)
    if isinstance(value, list) and all(isinstance(item, dict) and "type" in item for item in value):
        return ", ".join(_title(link) for link in value)
    if isinstance(value, dict) and "type" in value:
        return _title(value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if spec is not None and spec.parts:
        return rows_in_words(spec.parts, value, record)
    if spec is None or spec.kind not in WRITERS:
        return str(value)
    return WRITERS[spec.kind](spec, record, parsed(spec.kind, value))


def side_in_words(kind: RecordType, record: Record, name: str, value: Any) -> str:
    """A field as the API reads it, in its reader's words; the rows of a document in one line."""
    parts = parts_of(kind, name)
    return rows_in_words(parts, value, record) if parts else in_words(kind.fields[name], value, record)


def parts_of(kind: RecordType, name: str) -> Mapping[str, FieldSpec]:
    """The fields of each row of a document, or of each entry of a list; none of any other field."""
    return kind.collections[name].fields if name in kind.collections else kind.fields[name].parts


def rows_in_words(parts: Mapping[str, FieldSpec], rows: Any, record: Any) -> str:
    """Rows in one line."""
    specs = [spec for spec in parts.values() if spec.editable]
    told = [" · ".join(_part(spec, row[spec.name], record) for spec in specs if row.get(spec.name) not in EMPTY) for row in rows or []]
    return "; ".join(told) or NOTHING


def _part(spec: FieldSpec, value: Any, record: Any) -> str:
    """Of what is only yes or no, the question is what tells."""
    return str(spec.label) if value is True else in_words(spec, value, record)


def _title(link: dict[str, Any]) -> str:
    return str(_("Hidden") if link.get("hidden") else link["title"])


class Page:
    """The history of one record, as one person may read it and has narrowed it down."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, record: Record) -> None:
        self.request, self.by, self.kind, self.record = request, by, kind, record
        self.name, self.who = request.GET.get("field", ""), author(request.GET.get("by", ""))
        found = changes_of(kind, record, by, after=self._after, limit=STEP + 1, name=self.name, who=self.who)
        self.changes, self._more = found[:STEP], len(found) > STEP
        self.readings = Readings(kind, record, self.changes, by)

    @property
    def _after(self) -> int | None:
        text = self.request.GET.get("after", "")
        return int(text) if text.isdigit() and len(text) < 19 else None

    @property
    def more(self) -> str:
        """Address of what was before."""
        return with_query(self.request, {"after": self.changes[-1].id}) if self._more else ""

    @property
    def entries(self) -> list[Entry]:
        """The changes in words; without those of which the reader may see nothing."""
        found = [Entry(change, VERBS.get(change.verb, ""), self._told(change), self._back) for change in self.changes]
        return [entry for entry in found if entry.told or entry.headline]

    @cached_property
    def _back(self) -> frozenset[str]:
        """Names of the fields that the person may write."""
        return frozenset(
            name for name, spec in self.kind.fields.items() if spec.editable and self.by.access.field(self.kind.slug, name) == "write"
        )

    @cached_property
    def rewind(self) -> str:
        """Address of the form that brings back, for whoever may change the record."""
        may = self.record.deleted_at is None and self.by.may("edit", self.record)
        return f"{self.kind.path(self.record)}rewind/" if may else ""

    def _told(self, change: Change) -> list[Told]:
        read = self.readings.of(change)
        fields = [self._field(name, read[name]) for name in change.changes if not (change.verb in VERBS and name in OWN_WORDS)]
        return fields + [self._row(part, row) for part, rows in change.rows.items() for row in rows]

    def _field(self, name: str, pair: list[Any]) -> Told:
        spec = self.kind.fields.get(name)
        before, after = (in_words(spec, value, self.record) for value in pair)
        return Told(name, spec.label if spec else name.removeprefix("custom."), before, after)

    def _row(self, part: str, row: RowChange) -> Told:
        """A row of the record: what it was and what it is, with the fields that changed."""
        sides = [self._side(part, row, side) if row.operation != absent else NOTHING for side, absent in enumerate(("I", "D"))]
        named = self._row_names.get(row.key) if row.operation == "U" else None
        label = self.part_label(part)
        return Told(part, f"{label} · {named}" if named else label, *sides)

    def _side(self, part: str, row: RowChange, side: int) -> str:
        if part == "about":
            return _title(self.readings.row(part, row, side))
        specs, read = part_specs(self.kind, part), self.readings.row(part, row, side)
        named = {spec.name: spec for spec in specs.values()}
        said = [(named[name], value) for name, value in read.items() if name in named and (row.operation == "U" or value not in EMPTY)]
        if row.operation != "U":
            said = [(spec, value) for spec, value in said if spec.editable]
        return " · ".join(f"{spec.label}: {in_words(spec, value, self.record)}" for spec, value in said) or NOTHING

    @cached_property
    def _row_names(self) -> dict[Any, str]:
        """What the rows that are there now are called."""
        parts = [part for part in self.kind.collections if any(part in change.rows for change in self.changes)]
        item = as_json(self.kind, [self.record], self.by, parts)[0] if parts else {}
        return {UUID(row["id"]): _row_name(row) for part in parts for row in item.get(part, [])}

    def part_label(self, part: str) -> Any:
        """What people call the rows of a part."""
        rows = self.kind.collections.get(part)
        return rows.model._meta.verbose_name_plural if rows else PARTS.get(part, part)

    @property
    def fields(self) -> list[tuple[str, Any]]:
        """What the list can be narrowed to."""
        hidden = self.by.access.hidden(self.kind)
        names = [(name, spec.label) for name, spec in self.kind.fields.items() if self._can_change(spec) and not is_hidden(name, hidden)]
        return [*names, ("shares", PARTS["shares"])]

    @staticmethod
    def _can_change(spec: FieldSpec) -> bool:
        return spec.kind in {"lines", "abouts"} or spec.editable

    @cached_property
    def people(self) -> list[tuple[str, Any]]:
        """Who has changed it."""
        keys = set(History.objects.filter(record_id=self.record.pk).values_list("by_id", "by_program").distinct())
        users = User.objects.filter(pk__in={key for key, _program in keys}).order_by("sort_key")
        found: list[tuple[str, Any]] = [(str(user.pk), user.title) for user in users]
        found += [("renmai", "Renmai")] if (None, True) in keys else []
        return found + ([(DATABASE, _("The database"))] if (None, False) in keys else [])


def _row_name(row: dict[str, Any]) -> str:
    """The first thing in it that reads like a name."""
    values = (value.get("title") if isinstance(value, dict) else value for name, value in row.items() if name != "id")
    return next((value for value in values if isinstance(value, str) and value), "")


@page
def history(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Every change of a record; of one in the recycle bin for whoever may delete."""
    found = reachable(kind, key, by)
    made = Page(request, by, kind, found)
    if made.name and made.name not in dict(made.fields):
        raise Invalid({"field": [_("There is no such field.")]})
    return render(request, f"{PAGES}/history.jinja", {"kind": kind, "record": found, "history": made})
