"""The columns of an export: from plain values of the database, a page at a time, to the cells of a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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


class Columns:
    """Turns the rows of a page into cells, column by column.

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

    def cells(self, rows: Sequence[tuple[Any, ...]], before: int) -> Iterable[tuple[Any, ...]]:
        """The cells of rows, as ``Export.rows`` gives them.

        Args:
            rows: of each the id, further values, then those of ``names``.
            before: how many values stand before those.
        """
        columns = list(zip(*rows, strict=True))
        values = dict(zip(self.names, columns[before:], strict=True))
        self._read_titles(columns[before:])
        told: list[Cells] = [] if self.for_people else [[str(key) for key in columns[0]]]
        for spec, column in zip(self.specs, columns[before:], strict=False):
            told += self._told(spec, column, values)
        return zip(*told, strict=True)

    def _read_titles(self, columns: Sequence[Cells]) -> None:
        links = [(spec, column) for spec, column in zip(self.specs, columns, strict=False) if spec.kind == "link"]
        wanted: dict[str, set[Any]] = {}
        for spec, column in links:
            wanted.setdefault(str(spec.target), set()).update(column)
        if sum(map(len, self.titles.values())) > TITLES_KEPT:
            self.titles = {}
        titles_of(wanted, self.by, self.titles)

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
        return [[told(value) if value is not None else None for value in column] if told else [value or None for value in column]]

    def _link(self, spec: FieldSpec, column: Cells) -> list[Cells]:
        links = {key: link_json(str(spec.target), key, self.titles) or {"title": None, "id": None} for key in set(column)}
        titles = [links[key]["title"] for key in column]
        return [titles] if self.for_people else [titles, [links[key]["id"] for key in column]]


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
    "integer": Decimal,
    "decimal": _decimal,
    "percent": _decimal,
    "boolean": bool,
    "date": lambda value: value,
    "json": _json,
    "ids": _json,
    "tags": _listed,
    "choices": _listed,
    "file": lambda value: _listed([file["name"] for file in value]),
}
