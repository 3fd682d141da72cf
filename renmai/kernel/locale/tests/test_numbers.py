from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.locale.numbers import (
    BadNumber,
    format_money,
    format_number,
    format_percent,
    parse_money,
    parse_number,
    short_money,
    short_number,
)

languages = st.sampled_from(["en", "zh-Hans", "zh-Hant", "th"])
numbers = st.decimals(-(10**15), 10**15, places=4)


@given(numbers, languages)
def test_a_written_number_reads_back(number: Decimal, language: str) -> None:
    assert parse_number(format_number(number, language)) == number


@given(numbers)
def test_a_decimal_comma_reads_back(number: Decimal) -> None:
    swapped = f"{number:,.4f}".translate({ord(","): ".", ord("."): ","})
    assert parse_number(swapped, decimal_comma=True) == number


@given(st.decimals(-(10**12), 10**12, places=2), languages, st.sampled_from(["THB", "TWD", "EUR", "GBP"]))
def test_written_money_reads_back(amount: Decimal, language: str, currency: str) -> None:
    value, named = parse_money(format_money(amount, currency, language))
    assert value == amount
    assert named in {currency, None}


@given(st.text(max_size=40), st.booleans())
def test_any_text_is_a_number_or_a_clear_refusal(text: str, decimal_comma: bool) -> None:
    try:
        value = parse_number(text, decimal_comma=decimal_comma)
    except BadNumber as refusal:
        assert str(refusal)
    else:
        assert value.is_finite()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200.50", "1200.5"),
        ("๑,๒๐๐.๕๐", "1200.5"),
        ("１２００", "1200"),
        ("120万", "1200000"),
        ("1亿2000万", "120000000"),
        ("1.5百萬", "1500000"),
        ("1.2 ล้าน", "1200000"),
        ("5 แสน", "500000"),
        ("342.09K", "342090"),
        ("1.2E+05", "120000"),
        ("(1,200)", "-1200"),
        ("−5", "-5"),
        ("12.5%", "12.5"),
        ("1 200.5", "1200.5"),
        ("1'200", "1200"),
        ("12,34,567", "1234567"),
        (".5", "0.5"),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "-", "--5", "+-5", "1.2.3", "1,5", "1,200,50", "1 2", "1万2亿", "nan", "inf", "twelve", "1" * 41, "1e99"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadNumber):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$342.09K", "342090", None),
        ("฿1,200.50", "1200.5", "THB"),
        ("1,200 THB", "1200", "THB"),
        ("5 บาท", "5", "THB"),
        ("NT$3,000", "3000", "TWD"),
        ("人民币120万元", "1200000", "CNY"),
        ("¥500", "500", None),
        ("10005534", "10005534", None),
    ],
)
def test_money_names_its_currency_when_it_is_certain(text: str, amount: str, currency: str | None) -> None:
    assert parse_money(text) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["USD THB 5", "ABC 5", "THB", "5 or 6"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadNumber):
        parse_money(text)


@pytest.mark.parametrize(
    ("language", "million", "almost", "small"),
    [
        ("en", "1.2M", "1M", "1.5K"),
        ("zh-Hans", "123万", "100万", "1,500"),
        ("zh-Hant", "123萬", "100萬", "1,500"),
        ("th", "1.2 ล้าน", "1 ล้าน", "1,500"),
    ],
)
def test_large_numbers_are_short_in_the_units_of_the_language(language: str, million: str, almost: str, small: str) -> None:
    assert [short_number(number, language) for number in (1_234_500, 999_950, 1500)] == [million, almost, small]


def test_money_has_its_sign_and_its_decimal_places() -> None:
    assert format_money(Decimal("-1200.5"), "THB", "th") == "-฿1,200.50"
    assert format_money(Decimal("1200.5"), "THB", "en") == "THB\u00a01,200.50"
    assert format_money(Decimal("1200"), "JPY", "en") == "¥1,200"
    assert format_money(Decimal("1.5"), "KWD", "en") == "KWD\u00a01.500"
    assert short_money(Decimal("-1234500"), "THB", "th") == "-฿1.2 ล้าน"


def test_a_percentage_is_shown_as_it_is_stored() -> None:
    assert format_percent(Decimal("12.50"), "en") == "12.5%"
    assert format_number(Decimal("2.5"), "en", digits=0) == "3"
