from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.money import currencies, currency_name, digits, document_totals, line_net, round_money

codes = st.sampled_from(["THB", "CNY", "JPY", "KWD", "CLF"])
amounts = st.decimals(-(10**12), 10**12, places=6)
rates = st.decimals(0, 100, places=3)


def exactly_half_up(value: Fraction, places: int) -> Fraction:
    """Round half away from zero with whole numbers only."""
    shifted = abs(value) * 10**places * 2 + 1
    rounded = Fraction(shifted.numerator // (shifted.denominator * 2), 10**places)
    return rounded if value >= 0 else -rounded


@given(amounts, codes)
def test_rounding_is_half_up_by_the_currencys_rule(amount: Decimal, currency: str) -> None:
    rounded = round_money(amount, currency)
    assert Fraction(rounded) == exactly_half_up(Fraction(amount), digits(currency))
    assert rounded.as_tuple().exponent == -digits(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("2.5", "JPY", "3"), ("-2.5", "JPY", "-3"), ("1.005", "THB", "1.01"), ("1.0005", "KWD", "1.001"), ("1200.5", "CNY", "1200.50")],
)
def test_known_roundings(amount: str, currency: str, rounded: str) -> None:
    assert str(round_money(Decimal(amount), currency)) == rounded


@given(amounts, amounts, rates, codes)
def test_a_line_is_rounded_once(quantity: Decimal, price: Decimal, discount: Decimal, currency: str) -> None:
    exact = Fraction(quantity) * Fraction(price) * (100 - Fraction(discount)) / 100
    assert Fraction(line_net(quantity, price, discount, currency)) == exactly_half_up(exact, digits(currency))


@given(
    st.lists(st.tuples(amounts, st.sampled_from([Decimal(0), Decimal(5), Decimal("7"), Decimal("7.00"), Decimal("13.5")]))),
    codes,
    st.booleans(),
)
def test_totals_agree_with_exact_fractions(raw: list[tuple[Decimal, Decimal]], currency: str, tax_included: bool) -> None:
    lines = [(round_money(amount, currency), rate) for amount, rate in raw]
    totals = document_totals(lines, currency, tax_included=tax_included)
    by_rate: dict[Decimal, Fraction] = {}
    for amount, rate in lines:
        by_rate[rate] = by_rate.get(rate, Fraction(0)) + Fraction(amount)
    for tax in totals.taxes:
        whole = 100 + Fraction(tax.rate) if tax_included else Fraction(100)
        assert Fraction(tax.tax) == exactly_half_up(by_rate[tax.rate] * Fraction(tax.rate) / whole, digits(currency))
    assert [tax.rate for tax in totals.taxes] == sorted(by_rate)
    assert totals.tax_total == sum(tax.tax for tax in totals.taxes)
    assert totals.net + totals.tax_total == totals.total
    assert (totals.total if tax_included else totals.net) == sum(amount for amount, _rate in lines)


def test_tax_is_rounded_on_the_document_and_not_on_each_line() -> None:
    totals = document_totals([(Decimal("0.07"), Decimal(7))] * 10, "THB")
    assert (totals.net, totals.tax_total, totals.total) == (Decimal("0.70"), Decimal("0.05"), Decimal("0.75"))


def test_an_empty_document_is_zero_to_the_cent() -> None:
    totals = document_totals([], "THB")
    assert (str(totals.net), str(totals.tax_total), str(totals.total), totals.taxes) == ("0.00", "0.00", "0.00", ())


def test_current_currencies_are_known_and_named() -> None:
    assert {"THB", "CNY", "TWD", "USD", "JPY", "EUR"} <= set(currencies())
    assert "DEM" not in currencies()
    assert currency_name("THB", "zh_Hans_CN") == "泰铢"
