"""The currencies in use and how many decimal places each has."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

from babel import Locale
from babel.core import get_global

# Decimal places that are not two, from ISO 4217 (list one). CLDR's own figures follow daily use and differ for some.
_DIGITS = {
    **dict.fromkeys(
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"], 0
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
PRECISION = 100


@cache
def currencies() -> tuple[str, ...]:
    """ISO 4217 codes of every currency that is legal tender somewhere today, in alphabetical order."""
    rows = (row for rows in get_global("territory_currencies").values() for row in rows)
    return tuple(sorted({code for code, _since, until, tender in rows if until is None and tender}))


def currency_name(code: str, locale: str) -> str:
    """The currency's name in a locale of Babel's, such as `th_TH`; the code itself when it has none."""
    return str(Locale.parse(locale).currencies.get(code, code))


def digits(currency: str) -> int:
    """Decimal places of the currency's minor unit: 2 for THB, 0 for JPY, 3 for KWD."""
    return _DIGITS.get(currency, 2)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round half up (away from zero) to the currency's minor unit, keeping its decimal places: 1200.5 THB is 1200.50."""
    with localcontext(prec=PRECISION):
        return amount.quantize(Decimal(1).scaleb(-digits(currency)), ROUND_HALF_UP)
