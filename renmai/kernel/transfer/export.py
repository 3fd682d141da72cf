"""A list as a file: CSV or a workbook, read page by page, with what the reader may see and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.records.listing import Question, page, plain_pages
from renmai.kernel.records.reading import as_json
from renmai.kernel.transfer.columns import NUMERIC, Cells, Columns, are_plain, joined
from renmai.kernel.transfer.guard import guarded, guarded_all

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec

CHUNK = 2_000
BOM = "\ufeff"
SHEET_ROWS = 1_048_576
CELL_LENGTH = 32_767
EXACT_DIGITS = 15
NOT_EXPORTED = frozenset({"title", "custom", "deleted_at", "deleted_by"})


@dataclass(frozen=True)
class Export:
    """What goes into a file.

    Attributes:
        question: which rows, in which order, for whom.
        names: fields in the order of the columns.
        for_people: headers are labels and choices are words, in the language that is active; else headers are the names of the API and
            choices their values, with the id of each record and of each linked one, so that nothing is lost on the way back.
    """

    question: Question
    names: tuple[str, ...]
    for_people: bool = True

    @classmethod
    def of(cls, question: Question, names: Iterable[str] = (), *, for_people: bool = True) -> Export:
        """An export that its reader may have.

        Args:
            question: as the list asks it.
            names: fields wanted; those of the list, or all of them for programs, when not given.

        Raises:
            Forbidden: the reader's roles do not let them export this type.
            Invalid: a field that does not exist or is hidden from the reader.
        """
        kind, by = question.kind, question.by
        if not by.may("export", kind):
            raise Forbidden(_("You may not export this."))
        hidden = by.access.hidden(kind)
        readable = [name for name in kind.fields if name not in NOT_EXPORTED | hidden]
        wanted = list(names) or [name for name in (kind.columns if for_people else readable) if name in readable]
        if strange := [name for name in wanted if name not in readable and name != "id"]:
            raise Invalid(
                {"fields": [_("There is no field “%(name)s”. Fields: %(valid)s.") % {"name": strange[0], "valid": ", ".join(readable)}]}
            )
        return cls(_exportable(question), tuple(name for name in wanted if name != "id"), for_people)

    @property
    def specs(self) -> list[FieldSpec]:
        """The fields of the columns."""
        return [self.question.kind.fields[name] for name in self.names]

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        if self.for_people:
            return [str(spec.label) for spec in self.specs]
        return ["id", *(name for spec in self.specs for name in ([spec.name, f"{spec.name}.id"] if spec.kind == "link" else [spec.name]))]

    def pages(self) -> Iterator[list[Cells]]:
        """The rows, so many at a time, column by column; each cell is a value of ``WRITTEN`` or None."""
        return self._of_columns() if are_plain(self.specs) else self._of_records()

    def _of_columns(self) -> Iterator[list[Cells]]:
        columns = Columns(self.specs, self.question.by, for_people=self.for_people)
        for keys, *values in plain_pages(self.question, columns.names, CHUNK):
            yield columns.cells(keys, values)

    def _of_records(self) -> Iterator[list[Cells]]:
        after = None
        while True:
            records, after = page(self.question, limit=CHUNK, after=after)
            items = as_json(self.question.kind, records, self.question.by, self.names)
            yield list(zip(*map(self._cells, items), strict=True))
            if after is None:
                return

    def _cells(self, item: dict[str, Any]) -> list[Any]:
        if self.for_people:
            return [_for_people(spec, item[spec.name]) for spec in self.specs]
        cells: list[Any] = [item["id"]]
        for spec in self.specs:
            cells.append(_for_programs(spec, item[spec.name]))
            if spec.kind == "link":
                cells.append((item[spec.name] or {}).get("id"))
        return cells


def _exportable(question: Question) -> Question:
    """Narrowed to what the reader may not just see but take along."""
    kind, by = question.kind, question.by
    if by.access.scope(kind.slug, "export").level == "all":
        return question
    allowed = Q(pk__in=kind.model.objects.visible_to(by, "export").values("pk"))
    return replace(question, where=allowed if question.where is None else question.where & allowed)


def _for_people(spec: FieldSpec, value: Any) -> Any:
    if spec.kind in {"choice", "pick"}:
        return str(dict(spec.choices).get(value, value))
    if spec.kind == "choices":
        return _for_programs(spec, [str(dict(spec.choices).get(item, item)) for item in value or []])
    return _for_programs(spec, value)


def _for_programs(spec: FieldSpec, value: Any) -> Any:
    if value is None or value == "" or (spec.many and not value):
        return None
    if spec.kind == "link":
        return value["title"]
    if spec.kind in NUMERIC:
        return Decimal(str(value))
    if spec.kind == "date":
        return dt.date.fromisoformat(value)
    if spec.kind == "moment":
        return dt.datetime.fromisoformat(value)
    if spec.kind in {"tags", "choices"}:
        return joined(tuple(value))
    if spec.kind == "file":
        return joined(tuple(file["name"] for file in value))
    return value if isinstance(value, (str, bool)) else json.dumps(value, ensure_ascii=False) if value else None


# --- CSV


def csv_lines(export: Export, *, bom: bool = True) -> Iterator[str]:
    """The file in pieces of text.

    Args:
        bom: begin with a byte-order mark, by which spreadsheets know UTF-8.
    """
    yield (BOM if bom else "") + _lines([[guarded(name)] for name in export.header])
    for columns in export.pages():
        yield _lines([_written(column) for column in columns])


def _lines(columns: Sequence[Cells]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(zip(*columns, strict=True))
    return buffer.getvalue()


def _written(column: Cells) -> Cells:
    """A column as text; nothing stays None, of which the writer makes an empty cell.

    How it is written is found out once: but for a field of any JSON, a column holds one type.
    """
    kinds = set(map(type, column)) - {type(None)}
    if kinds <= {str}:
        return guarded_all(column)
    if len(kinds) > 1:
        return [None if cell is None else WRITTEN[type(cell)](cell) for cell in column]
    write = WRITTEN[kinds.pop()]
    return [None if cell is None else write(cell) for cell in column]


WRITTEN: dict[type, Callable[[Any], str]] = {
    str: guarded,
    int: str,
    bool: lambda cell: "TRUE" if cell else "FALSE",
    Decimal: lambda cell: format(cell, "f"),
    dt.date: dt.date.isoformat,
    dt.datetime: dt.datetime.isoformat,
}
"""A cell as text: numbers stay numbers, text never becomes a formula."""


# --- workbook


def write_xlsx(export: Export, path: Path) -> None:
    """Write a workbook row by row, on as many sheets as the rows need.

    Args:
        path: where it goes; rows that are written are held on disk, not in memory.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options) as book:
        looks = {"head": book.add_format({"bold": True}), "date": book.add_format({"num_format": "yyyy-mm-dd"})}
        looks["moment"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet, at = _sheet(book, export, looks), 1
        for row in (row for columns in export.pages() for row in zip(*columns, strict=True)):
            if at == SHEET_ROWS:
                sheet, at = _sheet(book, export, looks), 1
            for column, cell in enumerate(row):
                _write(sheet, at, column, cell, looks)
            at += 1


def _sheet(book: Workbook, export: Export, looks: dict[str, Any]) -> Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(export.header):
        sheet.write_string(0, column, name, looks["head"])
    return sheet


def _write(sheet: Worksheet, row: int, column: int, cell: Any, looks: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int) or (isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= EXACT_DIGITS):
        sheet.write_number(row, column, float(cell))
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(row, column, timezone.make_naive(cell), looks["moment"])
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, cell, looks["date"])
    else:
        sheet.write_string(row, column, str(cell)[:CELL_LENGTH])
