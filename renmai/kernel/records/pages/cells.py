"""One value of one record, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from renmai.kernel.locale.countries import country_name
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui import show
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

NUMERIC = {"integer", "decimal", "money", "percent"}
PLAIN = {"text", "pick", "country", "currency", "date", "moment", *NUMERIC}
LINKED = {"link", "links", "abouts"}
WORDS = {"text", "long_text", "choice", "pick", "email", "phone", "url", "country", "currency"}
INLINE = NUMERIC | WORDS | {"date", "moment", "boolean", "link", "tags"}


@dataclass(frozen=True)
class Cell:
    """One value.

    Attributes:
        record: id of the record.
        kind: of the field.
        text: as its reader writes it; empty when there is nothing.
        links: type, id and title of what it links to.
        tone: a colour for choices, 0 to 7.
        editable: may be changed in its place.
    """

    record: str
    name: str
    kind: str
    label: Any
    text: str = ""
    links: tuple[dict[str, Any], ...] = ()
    tone: int = 0
    editable: bool = False

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.links

    @property
    def is_plain(self) -> bool:
        """Nothing but its text."""
        return self.kind in PLAIN

    @property
    def is_person(self) -> bool:
        """One user whose name the reader may know."""
        return len(self.links) == 1 and self.links[0]["type"] == "users" and "hidden" not in self.links[0]


def _money(spec: FieldSpec, record: Any, value: Any) -> str:
    return show.money(value, getattr(record, spec.field.currency_field, "") or "")


@lru_cache(maxsize=512)
def labels(field: Any, language: str) -> dict[str, str]:
    """Label of each choice of a field in the language that is active."""
    return {value: str(label) for value, label in FieldSpec.of(field.name, field).choices}


@lru_cache(maxsize=512)
def tones(field: Any) -> dict[str, int]:
    """Colour of each choice, by its place among them."""
    return {value: place % show.COLOURS for place, value in enumerate(dict(FieldSpec.of(field.name, field).choices))}


def listed(value: Any) -> str:
    """A small list or mapping in one line."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return ", ".join(str(item.get("value", item) if isinstance(item, dict) else item) for item in value)


WRITERS: dict[str, Callable[[FieldSpec, Any, Any], str]] = {
    "integer": lambda _spec, _record, value: show.number(value),
    "decimal": lambda _spec, _record, value: show.number(value),
    "percent": lambda _spec, _record, value: show.percent(value),
    "money": _money,
    "date": lambda _spec, _record, value: show.date(value),
    "moment": lambda _spec, _record, value: show.moment(value),
    "country": lambda _spec, _record, value: country_name(value, current().language),
    "choice": lambda spec, _record, value: labels(spec.field, current().language).get(value, value),
    "pick": lambda spec, _record, value: labels(spec.field, current().language).get(value, value),
    "tags": lambda _spec, _record, value: ", ".join(value),
    "json": lambda _spec, _record, value: listed(value),
    "ids": lambda _spec, _record, value: listed(value),
}


def cell(spec: FieldSpec, record: Any, item: dict[str, Any], writable: bool) -> Cell:
    """The value of one field.

    Args:
        item: the record as JSON: the titles of what it links to.
        writable: the person may change this field of this record.
    """
    editable = writable and spec.editable and spec.kind in INLINE
    base = (str(record.pk), spec.name, spec.kind, spec.label)
    if spec.kind in LINKED:
        found = item.get(spec.name) or []
        links = tuple(found if isinstance(found, list) else [found])
        return Cell(*base, ", ".join(link["title"] or "" for link in links), links, editable=editable)
    value = getattr(record, spec.column)
    if value in (None, "", [], {}):
        return Cell(*base, editable=editable)
    if spec.kind == "boolean":
        return Cell(*base, "✓" if value else "", editable=editable)
    writer = WRITERS.get(spec.kind)
    text = writer(spec, record, value) if writer else str(value)
    return Cell(*base, text, tone=tones(spec.field).get(value, 0) if spec.kind == "choice" else 0, editable=editable)


@dataclass(frozen=True)
class Line:
    """One record of a list: its title and its cells."""

    id: str
    title: str
    path: str
    version: int
    cells: list[Cell]


def lines(kind: RecordType, records: list[Record], specs: Iterable[FieldSpec], by: User, *, editable: bool = True) -> list[Line]:
    """Records with the wanted fields, ready to be shown; what they link to is read in one query per type."""
    wanted = list(specs)
    items = as_json(kind, records, by, [spec.name for spec in wanted if spec.kind in LINKED])
    writable = {spec.name: editable and by.access.field(kind.slug, spec.name) == "write" for spec in wanted}
    return [
        Line(
            item["id"], record.title, kind.path(record), record.version, [cell(spec, record, item, writable[spec.name]) for spec in wanted]
        )
        for record, item in zip(records, items, strict=True)
    ]
