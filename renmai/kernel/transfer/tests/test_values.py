from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from renmai.kernel.records.types import registry
from renmai.kernel.transfer.values import Reading, Taken, as_text, find_decimal, parse_number
from renmai.kernel.transfer.workbook import Cell

LEADS, PEOPLE = registry["leads"].fields, registry["people"].fields


def taken(spec: Any, cell: Cell, values: dict[str, str] | None = None, **reading: Any) -> Any:
    return Taken(spec, Reading(**reading), values or {})(cell)


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1,200.50", ".", "1200.50"),
        ("1.234,5", ",", "1234.5"),
        ("1 234,56", ",", "1234.56"),
        ("$342.09K", ".", "342090"),
        ("$1,117.10K", ".", "1117100"),
        ("฿1,200.50", ".", "1200.50"),
        ("NT$ 3,000", ".", "3000"),
        ("12.5 USD", ".", "12.5"),
        ("12万", ".", "120000"),
        ("3 ล้าน", ".", "3000000"),
        ("(12)", ".", "-12"),
        ("-$5.00", ".", "-5"),
        ("๑๒๓", ".", "123"),
        ("1'234.5", ".", "1234.5"),
    ],
)
def test_numbers_of_other_systems_are_read(text: str, decimal: str, expected: str) -> None:
    assert parse_number(text, decimal) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "decimal", "sentence"), [("1,7", ".", "decimal sign"), ("200.000.000", ".", "decimal sign"), ("abc", ".", "not a number")]
)
def test_a_number_in_doubt_is_told(text: str, decimal: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_number(text, decimal)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["12,50"], ","), (["1,200.50"], "."), (["1.200,50", "12"], ","), (["12"], "."), (["1,200"], None), (["1.5", "1,5"], None)],
)
def test_the_decimal_sign_of_a_column(texts: list[str], expected: str | None) -> None:
    assert find_decimal(texts) == expected


@pytest.mark.parametrize("text", ["", "  ", "-", "N/A", "Select", "#N/A"])
def test_words_for_nothing_are_nothing(text: str) -> None:
    assert taken(LEADS["company"], text) is None


@pytest.mark.parametrize("text", ["Nan", "NA", "None", "null", "Null"])
def test_what_programs_write_for_nothing_may_be_a_name_and_is_none_elsewhere(text: str) -> None:
    assert taken(PEOPLE["region"], text) == text
    assert taken(LEADS["employees"], text) is None
    assert taken(LEADS["owner"], text) is None
    assert taken(PEOPLE["family_name"], text, blanks=(text.casefold(),)) is None


def test_words_for_nothing_are_a_setting() -> None:
    assert taken(LEADS["company"], "keine", blanks=("keine",)) is None
    assert taken(LEADS["company"], "Select", blanks=()) == "Select"


@pytest.mark.parametrize("word", ["mql", "Marketing qualified", "MARKETING  QUALIFIED", "marketing_qualified"])
def test_a_choice_is_known_by_value_and_label(word: str) -> None:
    assert taken(LEADS["status"], word) == "mql"


def test_an_unknown_choice_lists_the_valid_ones_and_an_unknown_pick_is_kept() -> None:
    with pytest.raises(ValueError, match="Working"):
        taken(LEADS["status"], "Junk")
    assert taken(LEADS["industry"], "Basket weaving") == "Basket weaving"
    assert taken(LEADS["industry"], "Health care") == "medical"


@pytest.mark.parametrize(("text", "code"), [("Thailand", "TH"), ("TH", "TH"), ("台灣", "TW"), ("中国", "CN"), ("United States", "US")])
def test_a_country_is_known_by_code_and_name(text: str, code: str) -> None:
    assert taken(LEADS["country"], text) == code


def test_a_misspelt_country_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="Philipines"):
        taken(LEADS["country"], "Philipines")
    assert taken(LEADS["country"], "Philipines", {"philipines": "PH"}) == "PH"


def test_what_is_mapped_to_nothing_is_empty() -> None:
    assert taken(LEADS["country"], "Nowhere", {"Nowhere": ""}) is None


def test_typed_cells_of_workbooks_keep_their_value() -> None:
    assert taken(PEOPLE["birthday"], dt.date(2020, 1, 2)) == dt.date(2020, 1, 2)
    assert taken(PEOPLE["birthday"], dt.datetime(2020, 1, 2, 3)) == dt.date(2020, 1, 2)
    assert taken(LEADS["employees"], 12) == 12
    assert taken(LEADS["expected_amount"], 12.5) == Decimal("12.5")
    assert taken(LEADS["phone"], 66812345678) == "66812345678"


def test_moments_without_an_offset_are_of_the_zone_that_is_set() -> None:
    moment = taken(LEADS["created_at"], "2021-04-15 10:00:00", zone="Asia/Bangkok")
    assert moment == dt.datetime(2021, 4, 15, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(("text", "tags"), [("a, b;c", ["a", "b", "c"]), ('vip,"a, b"', ["vip", "a, b"]), ("甲、乙", ["甲", "乙"])])
def test_tags_are_cut_apart(text: str, tags: list[str]) -> None:
    assert taken(LEADS["tags"], text) == tags


@pytest.mark.parametrize(
    ("cell", "text"), [(5, "5"), (5.5, "5.5"), (True, "TRUE"), (None, ""), (dt.datetime(2020, 1, 2), "2020-01-02"), (1e-7, "0.0000001")]
)
def test_cells_as_people_read_them(cell: Cell, text: str) -> None:
    assert as_text(cell) == text
