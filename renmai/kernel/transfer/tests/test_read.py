from __future__ import annotations

import datetime as dt
import json
import tracemalloc
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from renmai.kernel.transfer.read import Found, Unreadable, look, rows

SHARED = Path(__file__).parents[4].parent / "shared" / "data" / "08_import"


def file(tmp_path: Path, text: str, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def read(path: Path, **corrected: str | int) -> list[dict[str, object]]:
    found = look(path, **corrected)
    return [named(found, row) for _number, row in rows(path, found.layout)]


def named(found: Found, row: list[object]) -> dict[str, object]:
    return {name: row[at] if at < len(row) else "" for name, at in zip(found.header, found.columns, strict=True)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "name;note\nAda;one, two, three\nBob;four, five\n".replace(";", delimiter)
    if delimiter == ",":
        text = 'name,note\nAda,"one, two"\nBob,"four; five; six; seven"\n'
    assert look(file(tmp_path, text)).layout.delimiter == delimiter


def test_a_line_that_names_the_delimiter_decides_and_is_no_row(tmp_path: Path) -> None:
    assert read(file(tmp_path, "sep=;\nname;amount\nAda;1,5\n")) == [{"name": "Ada", "amount": "1,5"}]


def test_titles_above_the_header_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = file(tmp_path, "Customers 2026,,\n\n,,\nName,City,Phone\nAda,London,1\n\nBob,Paris,2\n")
    assert look(path).layout.header_row == 4
    assert [row["Name"] for row in read(path)] == ["Ada", "Bob"]


def test_a_file_without_header_gets_numbered_columns(tmp_path: Path) -> None:
    assert read(file(tmp_path, "Ada,ada@example.com,12\nBob,bob@example.com,13\n"))[0] == {
        "Column 1": "Ada",
        "Column 2": "ada@example.com",
        "Column 3": "12",
    }


def test_years_may_name_columns(tmp_path: Path) -> None:
    assert look(file(tmp_path, "Region,2024,2025\nNorth,10,20\n")).header == ["Region", "2024", "2025"]


def test_doubled_names_are_told_apart_and_empty_columns_left_out(tmp_path: Path) -> None:
    assert look(file(tmp_path, "Email,Name,Email,,\na@x.org,Ada,b@x.org,,\n")).header == ["Email", "Name", "Email (2)"]


def test_a_nameless_column_with_content_is_kept(tmp_path: Path) -> None:
    assert look(file(tmp_path, "Name,City,\nAda,London,x\n")).header == ["Name", "City", "Column 3"]


def test_quotes_hold_delimiters_newlines_and_quotes(tmp_path: Path) -> None:
    path = file(tmp_path, 'name,note\r\nAda,"a ""b"", c\r\nd"\r\n')
    assert read(path) == [{"name": "Ada", "note": 'a "b", c\r\nd'}]


def test_single_quotes_and_backslashes_are_found(tmp_path: Path) -> None:
    single = look(file(tmp_path, "'name','note'\n'Ada','a, b'\n'Bob','c'\n", "single.csv"))
    assert single.layout.quote == "'"
    path = file(tmp_path, 'name,note\nAda,"say \\"hi\\" now"\n', "back.csv")
    assert read(path) == [{"name": "Ada", "note": 'say "hi" now'}]


def test_what_was_found_can_be_corrected(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("a;b\n王;1\nx;y\n".encode("gb18030"))
    assert read(path, encoding="gb18030", delimiter=";", header_row=2) == [{"王": "x", "1": "y"}]


def test_rows_keep_their_number_in_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, "name\n\nAda\n\nBob\n")
    assert [number for number, _row in rows(path, look(path).layout)] == [3, 5]


@pytest.mark.parametrize("text", ["", "\n\n", " ,\n,\n"])
def test_an_empty_file_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable, match="holds no rows"):
        look(file(tmp_path, text))


def test_a_broken_workbook_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        look(file(tmp_path, "no zip", "list.xlsx"))


def test_a_workbook_keeps_dates_and_whole_numbers(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with Workbook(str(path)) as book:
        book.add_worksheet("Empty")
        sheet = book.add_worksheet("People")
        for column, name in enumerate(["Name", "Born", "Employees"]):
            sheet.write(1, column, name)
        sheet.write(2, 0, "Ada")
        sheet.write_datetime(2, 1, dt.datetime(1815, 12, 10) + dt.timedelta(days=40_000), book.add_format({"num_format": "d/m/yy"}))
        sheet.write(2, 2, 5)
    found = look(path)
    assert (found.layout.sheet, found.layout.header_row, found.sheets) == ("People", 2, ["Empty", "People"])
    assert read(path) == [{"Name": "Ada", "Born": dt.date(1925, 6, 16), "Employees": 5}]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with Workbook(str(path)) as book:
        book.add_worksheet("People").write(0, 0, "Name")
    with pytest.raises(Unreadable, match="People"):
        look(path, sheet="Persons")


def test_a_long_file_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("name,email,city\n")
        file.writelines(f"Person {number},person{number}@example.com,City {number}\n" for number in range(40_000))
    found = look(path)
    tracemalloc.start()
    count = sum(1 for _row in rows(path, found.layout))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 40_000
    assert peak < 2_000_000


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
@pytest.mark.parametrize("path", sorted((SHARED / "csv_conformance" / "csv-spectrum" / "csvs").glob("*.csv")), ids=lambda path: path.stem)
def test_the_conformance_suite_reads_as_expected(path: Path) -> None:
    expected = json.loads((path.parent.parent / "json" / f"{path.stem}.json").read_text())
    plain = [{name: str(text).replace("\r\n", "\n") for name, text in row.items()} for row in expected]
    assert [{name: str(text).replace("\r\n", "\n") for name, text in row.items()} for row in read(path)] == plain


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
@pytest.mark.parametrize(
    ("name", "header_row", "columns", "count"),
    [
        ("messytables_horror/excel_pasting.csv", 4, 9, 16),
        ("messytables_horror/null.csv", 0, 4, 10),
        ("messytables_horror/simple.xls", 1, 3, 6),
        ("csvkit/test_skip_lines.xlsx", 4, 8, 5),
        ("csvkit/sheets.xlsx", 1, 8, 5),
        ("csvkit/mac_newlines.csv", 1, 3, 2),
        ("csvkit/null_byte.csv", 1, 3, 1),
        ("csvkit/test_utf16_big.csv", 1, 3, 2),
        ("pollock/csv/file_preamble.csv", 3, 9, 83),
        ("pollock/csv/file_no_header.csv", 0, 8, 83),
        ("pollock/csv/file_record_delimiter_0xD.csv", 1, 9, 83),
        ("pollock/csv/file_field_delimiter_0x3B.csv", 1, 9, 83),
        ("pollock/csv/file_double_trailing_newline.csv", 1, 9, 83),
    ],
)
def test_messy_tables_are_understood(name: str, header_row: int, columns: int, count: int) -> None:
    path = SHARED / "messy_csv" / name
    found = look(path)
    assert (found.layout.header_row, len(found.header), len(list(rows(path, found.layout)))) == (header_row, columns, count)
