"""Quotes: exact to the cent, and fixed once they are out of hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.run import run
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry

QUOTES, PRODUCTS = registry["quotes"], registry["products"]
LINE = st.fixed_dictionaries(
    {
        "quantity": st.decimals("0", "999", places=2).map(str),
        "unit_price": st.decimals("0", "9999", places=4).map(str),
        "discount_percent": st.sampled_from(["0", "5", "12.5", "100"]),
        "tax_rate": st.sampled_from(["0", "5", "7", "13"]),
    }
)


def quote(by: User, *lines: dict[str, Any], **values: Any) -> Any:
    """A quote with these lines."""
    return create(QUOTES, {"lines": list(lines), "currency": "USD", **values}, by)


def test_a_quote_has_a_number_and_its_totals(alice: User) -> None:
    made = quote(
        alice, {"quantity": "3", "unit_price": "19.99", "discount_percent": "10", "tax_rate": "7"}, {"unit_price": "0.335", "tax_rate": "7"}
    )
    assert made.number.startswith("Q-")
    assert made.title == made.number
    assert (made.net_total, made.tax_total, made.total) == (Decimal("54.31"), Decimal("3.80"), Decimal("58.11"))


def cents(value: Decimal) -> Decimal:
    """Half up to the cent, by hand."""
    return (value * 100 + Decimal("0.5")).__floor__() / Decimal(100)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, max_size=6))
def test_totals_add_up_exactly(alice: User, lines: list[dict[str, str]]) -> None:
    made = quote(alice, *lines)
    nets = [
        cents(Decimal(line["quantity"]) * Decimal(line["unit_price"]) * (100 - Decimal(line["discount_percent"])) / 100) for line in lines
    ]
    rates: dict[str, Decimal] = {}
    for line, net in zip(lines, nets, strict=True):
        rates[line["tax_rate"]] = rates.get(line["tax_rate"], Decimal(0)) + net
    tax = sum((cents(base * Decimal(rate) / 100) for rate, base in rates.items()), Decimal(0))
    assert [row.net for row in made.lines.all()] == nets
    assert (made.net_total, made.tax_total, made.total) == (sum(nets), tax, sum(nets) + tax)


def test_a_line_takes_price_words_and_tax_from_its_product(alice: User, dao: User) -> None:
    product = create(PRODUCTS, {"name": "GTX Pro", "price": "4821", "currency": "USD", "tax_rate": "7"}, dao)
    line = quote(alice, {"product": str(product.pk)}).lines.get()
    assert (line.description, line.unit_price, line.tax_rate, line.quantity) == ("GTX Pro", 4821, 7, 1)


def test_a_price_in_another_currency_is_not_taken_over(alice: User, dao: User) -> None:
    product = create(PRODUCTS, {"name": "GTX Pro", "price": "4821", "currency": "EUR"}, dao)
    assert quote(alice, {"product": str(product.pk)}).lines.get().unit_price == 0


def test_prices_with_tax_hold_it_already(alice: User) -> None:
    made = quote(alice, {"unit_price": "107", "tax_rate": "7"}, tax_included=True)
    assert (made.net_total, made.tax_total, made.total) == (100, 7, 107)


def test_a_change_of_currency_rounds_anew(alice: User) -> None:
    made = quote(alice, {"unit_price": "10.40"}, {"unit_price": "10.40"})
    assert update(QUOTES, made.pk, {"currency": "JPY"}, alice).total == 20  # type: ignore[attr-defined]


def test_a_sent_quote_is_fixed_and_is_revised_instead(alice: User) -> None:
    made = quote(alice, {"description": "A", "unit_price": "10"})
    run(QUOTES, "send", made.pk, by=alice)
    with pytest.raises(Refused):
        update(QUOTES, made.pk, {"terms": "cheaper"}, alice)
    copy: Any = run(QUOTES, "revise", made.pk, by=alice).made[0]
    assert (copy.revision, copy.revises_id, copy.status, copy.total) == (2, made.pk, "draft", 10)
    assert copy.number != made.number


def test_a_quote_without_lines_is_not_sent(alice: User) -> None:
    with pytest.raises(Refused):
        run(QUOTES, "send", quote(alice).pk, by=alice)


@pytest.mark.parametrize("verb", ["accept", "refuse"])
def test_only_a_sent_quote_is_decided_and_only_once(alice: User, verb: str) -> None:
    made = quote(alice, {"unit_price": "10"})
    with pytest.raises(Refused):
        run(QUOTES, verb, made.pk, by=alice)
    run(QUOTES, "send", made.pk, by=alice)
    run(QUOTES, verb, made.pk, by=alice)
    with pytest.raises(Refused):
        run(QUOTES, verb, made.pk, by=alice)
