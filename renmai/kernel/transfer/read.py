"""What a table file holds: found by itself, shown, and corrected where it was found wrong.

``look`` says how a file is laid out; ``rows`` streams it by a layout. Neither holds a whole file in memory, save for a small workbook.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from renmai.kernel.transfer.encoding import find_encoding
from renmai.kernel.transfer.vcard import is_vcard, table
from renmai.kernel.transfer.workbook import Broken, Cell, Row, Workbook, open_workbook

SAMPLE_ROWS = 500
LONGEST_CELL = 4 * 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_TYPED = re.compile(r"[-+(]?[^\w\s]{0,3}\d[\d.,:/\s-]*[%)KkMm]?|[^@\s]+@[^@\s]+\.\w+|https?://\S+|\d{4}-\d\d-\d\dT.*")

csv.field_size_limit(LONGEST_CELL)


class Unreadable(Exception):
    """The file cannot be read as a table; the message is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    Attributes:
        encoding: Python's name; empty for a workbook.
        delimiter: One character; empty for a workbook.
        quote: ``"``, ``'`` or empty for none.
        escape: Backslash where quotes inside quotes are written ``\\"``; empty where they are doubled.
        header_row: The number of the header's row, counted from 1 with blank rows; 0 when there is none.
        sheet: The sheet's name; empty for a text file.
        form: ``vcard`` for an address book of cards; empty for a table.
    """

    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    escape: str = ""
    header_row: int = 1
    sheet: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A layout with what it shows.

    Attributes:
        header: Name of each column; unnamed ones are numbered, doubled names get a number behind.
        columns: Position in the row of each of them; columns without name and content are left out.
        sample: The first rows below the header.
        first: The first rows as they stand, the header among them.
        sheets: Every sheet of a workbook.
    """

    layout: Layout
    header: list[str]
    columns: list[int]
    sample: list[Row]
    first: list[Row]
    sheets: list[str] = field(default_factory=list)


def look(path: Path, **corrected: str | int) -> Found:
    """Find how a file is laid out.

    Args:
        path: A CSV-like text or a workbook, known by its suffix and its first bytes.
        corrected: Attributes of ``Layout`` that a person has set; they are not searched for.

    Raises:
        Unreadable: The file is empty, broken, or no table.
    """
    sheets: list[str] = []
    if is_workbook(path):
        workbook = _open_workbook(path)
        sheets = workbook.sheets
        layout = Layout(sheet=_sheet(workbook, str(corrected.get("sheet", ""))))
    elif is_vcard(path):
        layout = Layout(encoding=str(corrected.get("encoding") or find_encoding(path)), form="vcard")
    else:
        layout = _text_layout(path, corrected)
    first = list(islice(_raw(path, layout), SAMPLE_ROWS))
    if not any(map(_filled, first)):
        raise Unreadable(_("The file holds no rows."))
    header_row = 1 if layout.form else int(corrected["header_row"]) if "header_row" in corrected else find_header(first)
    layout = replace(layout, header_row=min(header_row, len(first)))
    return _found(layout, first, sheets)


def rows(path: Path, layout: Layout) -> Iterator[tuple[int, Row]]:
    """The rows below the header that hold anything, each with its number in the file, counted from 1.

    Raises:
        Unreadable: A row cannot be read; the rows before it have been given.
    """
    for number, row in enumerate(_raw(path, layout), start=1):
        if number > layout.header_row and _filled(row):
            yield number, row


def count(path: Path, layout: Layout) -> int:
    """How many rows ``rows`` will give."""
    return sum(1 for _row in rows(path, layout))


def is_workbook(path: Path) -> bool:
    """A spreadsheet by its suffix or by its first bytes (ZIP, or the older OLE container)."""
    if path.suffix.lower() in WORKBOOKS:
        return True
    with path.open("rb") as file:
        return file.read(4) in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}


def find_header(first: list[Row]) -> int:
    """Number of the row that names the columns, from 1; 0 when the first full row already is data.

    It is the first row nearly as wide as most rows, all text, without an e-mail address, number or date among its cells. A table of
    years ("Year, 2000, 2001") has numbers in its header: they pass where every cell but the first is a year.
    """
    widths = [len([cell for cell in row if not _blank(cell)]) for row in first]
    usual = _usual([width for width in widths if width])
    for number, (row, width) in enumerate(zip(first, widths, strict=True), start=1):
        if width == 0 or width < max(1, 0.6 * usual):
            continue
        return number if _names_columns(row, first[number:]) else 0
    return 0


def _names_columns(row: Row, below: list[Row]) -> bool:
    cells = [cell for cell in row if not _blank(cell)]
    typed = sum(_is_typed(cell) for cell in cells)
    if typed == 0:
        return True
    years = all(re.fullmatch(r"(19|20)\d\d(\.0)?", str(cell)) for cell in cells[1:])
    return not _is_typed(cells[0]) and years and bool(below)


def _is_typed(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(_TYPED.fullmatch(cell.strip()))


def _usual(widths: list[int]) -> int:
    """The most frequent width; of equal ones the greater, since short rows are titles and totals."""
    counted = Counter(widths)
    return max(counted, key=lambda width: (counted[width], width)) if counted else 0


def _found(layout: Layout, first: list[Row], sheets: list[str]) -> Found:
    sample = [row for row in first[layout.header_row :] if _filled(row)]
    named = first[layout.header_row - 1] if layout.header_row else []
    width = max(map(len, [named, *sample]))
    columns = [at for at in range(width) if not _blank(_at(named, at)) or any(not _blank(_at(row, at)) for row in sample)]
    return Found(layout, _header(named, columns), columns, sample, first, sheets)


def _header(named: Row, columns: list[int]) -> list[str]:
    names: list[str] = []
    for at in columns:
        plain = " ".join(str(_at(named, at) or "").split()) or _("Column %(number)d") % {"number": at + 1}
        name, again = plain, 2
        while name in names:
            name, again = f"{plain} ({again})", again + 1
        names.append(name)
    return names


def _at(row: Row, at: int) -> Cell:
    return row[at] if at < len(row) else None


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _filled(row: Row) -> bool:
    return not all(map(_blank, row))


def _raw(path: Path, layout: Layout) -> Iterator[Row]:
    if layout.form:
        return (list(row) for row in table(path, layout.encoding))
    return _workbook_rows(path, layout) if layout.sheet else _text_rows(path, layout)


# --- workbooks


def _open_workbook(path: Path) -> Workbook:
    try:
        return open_workbook(path)
    except Broken as error:
        raise Unreadable(_("The workbook cannot be opened: %(reason)s") % {"reason": error}) from error


def _sheet(workbook: Workbook, wanted: str) -> str:
    """The sheet asked for, else the first that holds anything."""
    sheets = workbook.sheets
    if wanted and wanted not in sheets:
        raise Unreadable(_("There is no sheet “%(sheet)s”; the sheets are: %(sheets)s.") % {"sheet": wanted, "sheets": ", ".join(sheets)})
    filled = (name for name in sheets if workbook.is_filled(name))
    found = wanted or next(filled, None)
    if found is None:
        raise Unreadable(_("The file holds no rows."))
    return found


def _workbook_rows(path: Path, layout: Layout) -> Iterator[Row]:
    yield from _open_workbook(path).rows(layout.sheet)


# --- text


def _text_layout(path: Path, corrected: dict[str, str | int]) -> Layout:
    encoding = str(corrected.get("encoding") or find_encoding(path))
    text = "".join(islice(_lines(path, encoding), SAMPLE_ROWS))
    if not text.strip():
        raise Unreadable(_("The file holds no rows."))
    delimiter = str(corrected.get("delimiter") or _find_delimiter(text))
    quote = str(corrected["quote"]) if "quote" in corrected else _find_quote(text, delimiter)
    escape = str(corrected["escape"]) if "escape" in corrected else _find_escape(text, quote)
    return Layout(encoding=encoding, delimiter=delimiter, quote=quote, escape=escape)


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """Lines with any kind of ending; a byte that is no text in the encoding shows as U+FFFD and fails its row, not the file."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        for line in file:
            yield line.replace("\0", "")


def _text_rows(path: Path, layout: Layout) -> Iterator[Row]:
    lines = _lines(path, layout.encoding)
    reader = csv.reader(lines, **_dialect(layout))
    try:
        for at, row in enumerate(reader):
            if at == 0 and len(row) <= 2 and row and row[0].lower().startswith("sep="):
                yield []
            else:
                yield list(row)
    except csv.Error as error:
        message = _("Line %(line)d cannot be read: %(reason)s. A quote that is opened and never closed is the usual cause.")
        raise Unreadable(message % {"line": reader.line_num, "reason": error}) from error


def _dialect(layout: Layout) -> dict[str, Any]:
    return {
        "delimiter": layout.delimiter,
        "quotechar": layout.quote or None,
        "quoting": csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
        "escapechar": layout.escape or None,
        "doublequote": not layout.escape,
        "skipinitialspace": True,
    }


def _find_delimiter(text: str) -> str:
    """The delimiter by which the rows agree best on a width of more than one; a line "sep=;" as Excel writes it decides at once."""
    if told := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        return told[1]
    return max(DELIMITERS, key=lambda delimiter: _agreement(text.splitlines(keepends=True), delimiter))


def _agreement(lines: Iterable[str], delimiter: str) -> tuple[float, int]:
    """Share of rows with the usual width, weighed down for rows that would not be split at all; then that width."""
    widths = [len(row) for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
    usual = _usual([width for width in widths if width > 1])
    if not usual:
        return 0.0, 0
    return round(widths.count(usual) / len(widths), 1), usual


def _find_quote(text: str, delimiter: str) -> str:
    cut = re.escape(delimiter)
    single = len(re.findall(rf"(?:^|{cut})\s*'[^'\r\n]*'(?=\s*(?:{cut}|\r|\n|$))", text, re.MULTILINE))
    double = len(re.findall(rf'(?:^|{cut})\s*"', text, re.MULTILINE))
    return "'" if single > 2 * double and single > 1 else '"'


def _find_escape(text: str, quote: str) -> str:
    return "\\" if quote and text.count("\\" + quote) > text.count(quote * 2) and re.search(rf"\\{quote}[^,;\t|\r\n]", text) else ""
