"""The columns of an export: from plain values of the database, a page at a time, to the cells of a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from renmai.kernel.money import digits
from renmai.kernel.overlay.company import company
from renmai.kernel.records.kinds import plain
from renmai.kernel.records.reading import Titles, link_json, titles_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec

Cells = Sequence[Any]
NUMERIC = frozenset({"integer", "decimal", "money", "percent"})
UNCOLUMNED = frozenset({"lines", "abouts", "links", "custom"})
TITLES_KEPT = 10_000


def are_plain(specs: Iterable[FieldSpec]) -> bool:
    """Whether each of the fields is a column of its own, which can be read without making records."""
    return all(spec.kind not in UNCOLUMNED and not spec.name.startswith("custom.") for spec in specs)


class Links:
    """What is shown of the linked records of a type, by their ids as text; nothing of nowhere and of what may not be seen."""

    def __init__(self) -> None:
        self.titles: dict[str | None, str | None] = {None: None}
        self.ids: dict[str | None, str | None] = {None: None}

    def keep(self, key: str, link: dict[str, Any]) -> None:
        """Remember a link as it is read."""
        self.titles[key], self.ids[key] = link.get("title"), link.get("id")


class Columns:
    """Turns the values of a page into cells, column by column.

    Args:
        specs: fields in the order of the columns, all plain.
        by: whose titles are shown.
        for_people: see ``Export``.
    """

    def __init__(self, specs: Sequence[FieldSpec], by: User, *, for_people: bool) -> None:
        self.specs, self.by, self.for_people = specs, by, for_people
        self.currencies = list(dict.fromkeys(spec.field.currency_field for spec in specs if spec.kind == "money"))
        self.names = [spec.field.attname if spec.kind == "link" else spec.column for spec in specs] + self.currencies
        self.titles: Titles = {}
        self.links: dict[str, Links] = {}

    def cells(self, keys: Cells, columns: Sequence[Cells]) -> list[Cells]:
        """The cells of rows, as ``Export.pages`` gives them.

        Args:
            keys: the ids of the rows, as text.
            columns: the values of ``names``, ids as text.
        """
        values = dict(zip(self.names, columns, strict=True))
        self._read_titles(columns)
        told: list[Cells] = [] if self.for_people else [keys]
        for spec, column in zip(self.specs, columns, strict=False):
            told += self._told(spec, column, values)
        return told

    def _read_titles(self, columns: Sequence[Cells]) -> None:
        links = [(spec, column) for spec, column in zip(self.specs, columns, strict=False) if spec.kind == "link"]
        if sum(len(links.ids) for links in self.links.values()) > TITLES_KEPT:
            self.titles, self.links = {}, {}
        wanted: dict[str, set[Any]] = {}
        for spec, column in links:
            known = self.links.setdefault(str(spec.target), Links())
            wanted.setdefault(str(spec.target), set()).update(set(column) - known.titles.keys())
        titles_of({slug: set(map(UUID, keys)) for slug, keys in wanted.items()}, self.by, self.titles)
        for slug, keys in wanted.items():
            for key in keys:
                self.links[slug].keep(key, link_json(slug, UUID(key), self.titles) or {})

    def _told(self, spec: FieldSpec, column: Cells, values: dict[str, Cells]) -> list[Cells]:
        if spec.kind == "link":
            return self._link(spec, column)
        if spec.kind == "money":
            return [[_money(value, code) for value, code in zip(column, values[spec.field.currency_field], strict=True)]]
        if self.for_people and spec.kind in {"choice", "pick", "choices"}:
            labels = {value: str(label) for value, label in spec.choices}
            if spec.kind == "choices":
                return [[joined(tuple(labels.get(item, item) for item in value)) for value in column]]
            return [[labels.get(value, value) or None for value in column]]
        if spec.kind == "moment":
            zone = timezone.get_current_timezone()
            return [[value.astimezone(zone) if value is not None else None for value in column]]
        told = TOLD.get(spec.kind)
        return [[told(value) if value is not None else None for value in column] if told else column]

    def _link(self, spec: FieldSpec, column: Cells) -> list[Cells]:
        links = self.links[str(spec.target)]
        titles = [links.titles[key] for key in column]
        return [titles] if self.for_people else [titles, [links.ids[key] for key in column]]


def _money(value: Decimal | None, code: str) -> Decimal | None:
    """With at least the places of its currency."""
    if value is None:
        return None
    rounded = value.quantize(_places(code or company().currency))
    return rounded if rounded == value else Decimal(plain(value))


@lru_cache(maxsize=256)
def _places(code: str) -> Decimal:
    return Decimal(1).scaleb(-digits(code))


def _decimal(value: Decimal) -> Decimal:
    return Decimal(plain(value))


def _json(value: Any) -> Any:
    if isinstance(value, str):
        return value or None
    return json.dumps(value, ensure_ascii=False) if value else None


def _listed(value: list[str]) -> str | None:
    return joined(tuple(value))


@lru_cache(maxsize=1_000)
def joined(items: tuple[str, ...]) -> str | None:
    """Tags as one cell: separated by commas, quoted where they hold one."""
    if not items:
        return None
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(items)
    return out.getvalue()


TOLD: dict[str, Callable[[Any], Any]] = {
    "decimal": _decimal,
    "percent": _decimal,
    "boolean": bool,
    "json": _json,
    "ids": _json,
    "tags": _listed,
    "choices": _listed,
    "file": lambda value: _listed([file["name"] for file in value]),
}
