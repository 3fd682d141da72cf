"""Money: currencies and rounding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision, list_currencies

_KNOWN = frozenset(list_currencies("en"))


def known_currency(code: str) -> bool:
    """Whether ``code`` is an ISO 4217 code."""
    return code in _KNOWN


def digits(currency: str) -> int:
    """Decimal places of a currency."""
    return get_currency_precision(currency) if currency else 2


def round_money(amount: Decimal, currency: str) -> Decimal:
    """An amount rounded half up to its currency's places."""
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), ROUND_HALF_UP)
