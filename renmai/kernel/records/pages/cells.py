"""The values of records, ready to be shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from renmai.kernel.files.values import PICTURES
from renmai.kernel.locale.countries import country_name
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.address import in_line
from renmai.kernel.records.fields import UnitPrice
from renmai.kernel.records.kinds import parsed
from renmai.kernel.records.reading import Titles, as_json
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui import show
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

NUMERIC = {"integer", "decimal", "money", "percent"}
PLAIN = {"text", "pick", "country", "currency", "date", "moment", "time", "address", *NUMERIC}
LINKED = {"link", "links", "abouts"}
SEVERAL = {"choices", "tags", "json", "ids", "custom", "address", "file"}
WORDS = {"text", "long_text", "choice", "pick", "email", "phone", "url", "country", "currency"}
INLINE = NUMERIC | WORDS | {"date", "moment", "time", "boolean", "link", "links", "tags", "choices", "file"}


@dataclass(frozen=True, eq=False)
class Cell:
    """One value of one field; where several records of a page have the same, they share it.

    Attributes:
        kind: of the field.
        text: as its reader writes it; empty when there is nothing.
        links: type, id and title of what it links to.
        tone: a colour for choices, 0 to 7, or the one that is chosen.
        editable: may be changed in its place.
        is_plain: is nothing but its text.
        files: id, name, size, and whether it is a picture.
    """

    name: str
    kind: str
    label: str
    text: str = ""
    links: tuple[dict[str, Any], ...] = ()
    tone: int | str = 0
    editable: bool = False
    is_plain: bool = False
    files: tuple[dict[str, Any], ...] = ()

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.links


def _money(spec: FieldSpec, record: Any, value: Any) -> str:
    return show.money(value, spec.currency(record))


def _decimal(spec: FieldSpec, record: Any, value: Any) -> str:
    return show.price(value, spec.currency(record)) if isinstance(spec.field, UnitPrice) else show.number(value)


@lru_cache(maxsize=512)
def labels(spec: FieldSpec, language: str) -> dict[str, str]:
    """Label of each choice of a field in the language that is active."""
    return {value: str(label) for value, label in spec.choices}


@lru_cache(maxsize=512)
def tones(spec: FieldSpec) -> dict[str, int | str]:
    """Colour of each choice, by its place among them; a choice among colours is drawn in them."""
    if {value for value, _label in spec.choices} <= show.PALETTE:
        return {value: value for value, _label in spec.choices}
    return {value: place % show.COLOURS for place, value in enumerate(dict(spec.choices))}


def listed(value: Any) -> str:
    """A small list or mapping in one line."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return ", ".join(str(item.get("value", item) if isinstance(item, dict) else item) for item in value)


def _kept_whole(spec: FieldSpec, record: Any, value: Any) -> str:
    """A list in one line: of each entry its value, or all that was filled in."""
    if not spec.parts or "value" in spec.parts:
        return listed(value)
    return "; ".join(" · ".join(_part(part, record, item[name]) for name, part in spec.parts.items() if item.get(name)) for item in value)


def _part(spec: FieldSpec, record: Any, value: Any) -> str:
    return WRITERS[spec.kind](spec, record, parsed(spec.kind, value)) if spec.kind in WRITERS else " ".join(str(value).split())


WRITERS: dict[str, Callable[[FieldSpec, Any, Any], str]] = {
    "integer": lambda _spec, _record, value: show.number(value),
    "decimal": _decimal,
    "percent": lambda _spec, _record, value: show.percent(value),
    "money": _money,
    "date": lambda _spec, _record, value: show.date(value),
    "moment": lambda _spec, _record, value: show.moment(value),
    "time": lambda _spec, _record, value: show.clock(value),
    "address": lambda _spec, _record, value: in_line(value, current().language),
    "country": lambda _spec, _record, value: country_name(value, current().language),
    "choice": lambda spec, _record, value: labels(spec, current().language).get(value, value),
    "pick": lambda spec, _record, value: labels(spec, current().language).get(value, value),
    "choices": lambda spec, _record, value: ", ".join(labels(spec, current().language).get(item, item) for item in value),
    "tags": lambda _spec, _record, value: ", ".join(value),
    "file": lambda _spec, _record, value: ", ".join(file["name"] for file in value),
    "json": _kept_whole,
    "ids": lambda _spec, _record, value: listed(value),
}


def _spoken(link: dict[str, Any]) -> dict[str, Any]:
    return {**link, "title": spoken(link["type"], link["title"])} if link["title"] else link


class Writer:
    """Makes the cells of one field."""

    def __init__(self, spec: FieldSpec, level: str, *, editable: bool) -> None:
        """``level`` is how far the field is open to the reader: nothing is read of a hidden one."""
        self.spec, self.is_hidden = spec, level == "hidden"
        editable = editable and level == "write"
        self.editable = editable and spec.editable and spec.kind in INLINE
        self.currency = spec.field.currency_field if spec.kind == "money" or isinstance(spec.field, UnitPrice) else ""
        self.label = str(spec.label)
        self.made: dict[Any, Cell] = {}

    def cell(self, record: Any, item: dict[str, Any]) -> Cell:
        """The value of a record.

        Args:
            item: the record as JSON: the titles of what it links to.
        """
        key = self.mark(record, item)
        if key not in self.made:
            self.made[key] = self._made(record, item)
        return self.made[key]

    @cached_property
    def columns(self) -> tuple[str, ...] | None:
        """The record's columns that say all that its cell shows; None where that takes more."""
        if self.is_hidden:
            return ()
        if self.spec.kind in LINKED | SEVERAL:
            return None
        return (self.spec.column, self.currency) if self.currency else (self.spec.column,)

    def mark(self, record: Any, item: dict[str, Any]) -> Hashable:
        """All that the look of a record's cell depends on, besides the field and the reader."""
        spec = self.spec
        if self.columns is not None:
            return tuple(getattr(record, column) for column in self.columns)
        if spec.kind in LINKED:
            found = item.get(spec.name) or ()
            return tuple(found.values()) if isinstance(found, dict) else tuple(tuple(link.values()) for link in found)
        return json.dumps(getattr(record, spec.column), default=str)

    def _made(self, record: Any, item: dict[str, Any]) -> Cell:
        spec = self.spec
        if self.is_hidden:
            return self._cell()
        if spec.kind in LINKED:
            found = item.get(spec.name) or []
            links = tuple(_spoken(link) for link in (found if isinstance(found, list) else [found]))
            return self._cell(", ".join(link["title"] or "" for link in links), links)
        value = getattr(record, spec.column)
        if value in (None, "", [], {}):
            return self._cell()
        if spec.kind == "boolean":
            return self._cell("✓" if value else "")
        if spec.kind == "file":
            files = tuple({**file, "is_picture": file["type"] in PICTURES} for file in value)
            return replace(self._cell(WRITERS["file"](spec, record, value)), files=files)
        writer = WRITERS.get(spec.kind)
        text = writer(spec, record, value) if writer else str(value)
        return self._cell(text, tone=tones(spec).get(value, 0) if spec.kind == "choice" else 0)

    def _cell(self, text: str = "", links: tuple[dict[str, Any], ...] = (), tone: int | str = 0) -> Cell:
        return Cell(self.spec.name, self.spec.kind, self.label, text, links, tone, self.editable, bool(text) and self.spec.kind in PLAIN)


@dataclass(frozen=True)
class Line:
    """One record of a list: its title and its cells.

    Attributes:
        mark: lines with equal ones look the same.
        write: makes the cells.
    """

    id: str
    title: str
    path: str
    version: int
    mark: Hashable
    write: Callable[[], list[Cell]]

    @cached_property
    def cells(self) -> list[Cell]:
        """Its values, written when they are first asked for: a line that is kept from an earlier page needs none."""
        return self.write()


def lines(
    kind: RecordType, records: Sequence[Record], specs: Iterable[FieldSpec], by: User, *, editable: bool = True, known: Titles | None = None
) -> list[Line]:
    """Records with the wanted fields, ready to be shown.

    Args:
        known: titles that were read before (see ``titles_of``).
    """
    wanted = list(specs)
    items = as_json(kind, records, by, [spec.name for spec in wanted if spec.kind in LINKED], known=known)
    writers = [Writer(spec, by.access.field(kind.slug, spec.name), editable=editable) for spec in wanted]
    look = (kind.slug, overlay.followed(), current(), tuple((writer.spec.name, writer.editable) for writer in writers))
    # Plain columns are read together, which costs a third of asking each writer for its mark.
    columns = [column for writer in writers for column in writer.columns or ()]
    plain = attrgetter(*columns) if columns else bool
    others = [writer for writer in writers if writer.columns is None]
    made = []
    for record, item in zip(records, items, strict=True):
        title = spoken(kind.slug, record.title)
        mark = (look, record.pk, title, plain(record), *[writer.mark(record, item) for writer in others])
        made.append(Line(item["id"], title, kind.path(record), record.version, mark, partial(_cells, writers, record, item)))
    return made


def _cells(writers: list[Writer], record: Record, item: dict[str, Any]) -> list[Cell]:
    return [writer.cell(record, item) for writer in writers]
