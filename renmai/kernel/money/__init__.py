"""Money: ISO 4217 currencies, rounding by their rule, and the sums of documents; `Decimal` throughout."""

from __future__ import annotations

from renmai.kernel.money.currencies import currencies, currency_name, digits, round_money
from renmai.kernel.money.totals import TaxAmount, Totals, document_totals, line_net

__all__ = ["TaxAmount", "Totals", "currencies", "currency_name", "digits", "document_totals", "line_net", "round_money"]
