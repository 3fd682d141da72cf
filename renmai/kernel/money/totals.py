"""What a document with lines adds up to: a line is rounded by its currency, tax is rounded once per rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from renmai.kernel.money.currencies import PRECISION, round_money

ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """The tax of one rate on a document: `tax` on `base`, both in the document's currency; `rate` in percent."""

    rate: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """A document's sums in its currency; `net + tax_total == total`, and the taxes add up to `tax_total`."""

    net: Decimal
    taxes: tuple[TaxAmount, ...]
    tax_total: Decimal
    total: Decimal


def line_net(quantity: Decimal, unit_price: Decimal, discount_percent: Decimal, currency: str) -> Decimal:
    """The amount of one line: quantity x unit price, less the discount, rounded once by the currency's rule.

    Args:
        quantity: in the unit of the price.
        unit_price: in `currency`, not rounded.
        discount_percent: 10 means a tenth less.
        currency: an ISO 4217 code.

    Returns:
        The net of the line, or its gross where the document's prices include tax.
    """
    with localcontext(prec=PRECISION):
        return round_money(quantity * unit_price * (HUNDRED - discount_percent) / HUNDRED, currency)


def document_totals(lines: Iterable[tuple[Decimal, Decimal]], currency: str, *, tax_included: bool = False) -> Totals:
    """Add up a document.

    Args:
        lines: pairs of a line's amount, as `line_net` gives it, and its tax rate in percent.
        currency: the document's ISO 4217 code.
        tax_included: whether the amounts already contain their tax.

    Returns:
        The totals; with tax included `total` is exactly the sum of the lines, otherwise `net` is.
    """
    sums: dict[Decimal, Decimal] = {}
    with localcontext(prec=PRECISION):
        for amount, rate in lines:
            sums[rate] = sums.get(rate, ZERO) + amount
        taxes = tuple(_tax(rate, sums[rate], currency, tax_included) for rate in sorted(sums))
        net = round_money(sum((tax.base for tax in taxes), ZERO), currency)
        tax_total = round_money(sum((tax.tax for tax in taxes), ZERO), currency)
        return Totals(net, taxes, tax_total, net + tax_total)


def _tax(rate: Decimal, amount: Decimal, currency: str, tax_included: bool) -> TaxAmount:
    whole = HUNDRED + rate if tax_included else HUNDRED
    tax = round_money(amount * rate / whole, currency)
    return TaxAmount(rate, amount - tax if tax_included else amount, tax)
