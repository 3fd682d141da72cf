"""A workbook reads the same, held or piece by piece; a large one is never held."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from pathlib import Path

import pytest
import xlsxwriter

from renmai.kernel.transfer import workbook
from renmai.kernel.transfer.workbook import Held, Streamed, Workbook, open_workbook


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Every kind of cell, rows and cells that are missing, an empty sheet."""
    path = tmp_path / "mixed.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("None")
        sheet = book.add_worksheet("Some")
        looks = {look: book.add_format({"num_format": look}) for look in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm")}
        sheet.write_row(0, 0, ["Name", "", "北京"])
        sheet.write_row(2, 1, [1, 2.5, True, False])
        moments = [dt.datetime(2026, 3, 4), dt.datetime(2026, 3, 4, 9, 30), dt.time(9, 30), dt.timedelta(hours=30)]
        for column, (moment, look) in enumerate(zip(moments, looks.values(), strict=True)):
            sheet.write_datetime(4, column, moment, look)
        sheet.write_formula(5, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 1, "=1+1", None, 2)
        sheet.write_rich_string(6, 0, "a ", book.add_format({"bold": True}), "bold", " word")
    return path


def test_both_ways_read_the_same(mixed: Path) -> None:
    books: list[Workbook] = [Held(mixed), Streamed(mixed)]
    held, streamed = (([(sheet, book.is_filled(sheet)) for sheet in book.sheets], list(book.rows("Some"))) for book in books)
    assert held == streamed
    assert list(books[1].rows("Some")) == streamed[1]  # as they were laid down


def test_a_large_workbook_is_never_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "HELD", 10_000)
    peaks = []
    for count in (500, 5_000):
        path = tmp_path / f"{count}.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for row in range(count):
                sheet.write_row(row, 0, [f"Name {row} {'x' * 200}", row, "TH"])
        tracemalloc.start()
        book_read = open_workbook(path)
        assert isinstance(book_read, Streamed) and sum(1 for _row in book_read.rows("Sheet1")) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 4_500 * 200  # the strings alone would take more


def test_what_only_looks_like_a_workbook_is_broken(tmp_path: Path) -> None:
    (path := tmp_path / "no.xlsx").write_bytes(b"PK\x03\x04 no")
    with pytest.raises(workbook.Broken):
        open_workbook(path)
