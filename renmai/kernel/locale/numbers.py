"""Numbers as people type them and as they are shown; always `Decimal`, never float."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from babel.numbers import format_decimal, get_currency_symbol
from django.utils.translation import gettext as _

from renmai.kernel.locale.digits import plain
from renmai.kernel.locale.reader import LOCALES, locale_of
from renmai.kernel.money import currencies
from renmai.kernel.money import digits as decimal_places

MAX_DIGITS = 40
_UNITS = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
    "千": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "百万": 10**6,
    "百萬": 10**6,
    "千万": 10**7,
    "千萬": 10**7,
    "亿": 10**8,
    "億": 10**8,
    "พัน": 10**3,
    "หมื่น": 10**4,
    "แสน": 10**5,
    "ล้าน": 10**6,
    "พันล้าน": 10**9,
}
_UNIT_OF = {plain(word): size for word, size in _UNITS.items()}
_SHORT_UNITS = {
    "en": [(10**9, "B"), (10**6, "M"), (10**3, "K")],
    "zh-hans": [(10**8, "亿"), (10**4, "万")],
    "zh-hant": [(10**8, "億"), (10**4, "萬")],
    "th": [(10**9, " พันล้าน"), (10**6, " ล้าน")],
}
_CURRENCY_WORDS = {
    "$": None,
    "¥": None,
    "us$": "USD",
    "nt$": "TWD",
    "hk$": "HKD",
    "s$": "SGD",
    "a$": "AUD",
    "cn¥": "CNY",
    "jp¥": "JPY",
    "rmb": "CNY",
    "元": None,
    "圆": None,
    "圓": None,
    "人民币": "CNY",
    "人民幣": "CNY",
    "新台币": "TWD",
    "新台幣": "TWD",
    "新臺幣": "TWD",
    "฿": "THB",
    "บาท": "THB",
    "€": "EUR",
    "£": "GBP",
    "₩": "KRW",
    "₫": "VND",
    "₹": "INR",
}
_CURRENCY_OF = {plain(word).lower(): code for word, code in _CURRENCY_WORDS.items()}
_CURRENCY = re.compile(
    "|".join([*(re.escape(word) for word in sorted(_CURRENCY_OF, key=len, reverse=True)), r"(?<![a-z])[a-z]{3}(?![a-z])"])
)
_FIGURE = r"(?:\d[\d,. '’]*|[.,]\d+)(?:e[+-]?[0-2]?\d)?"
_PART = re.compile(rf"({_FIGURE}) *([^\d\s,.]*) *")
_SCIENTIFIC = re.compile(r"e[+-]?\d+$")
_GROUPS = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}|\d+")


class BadNumber(ValueError):
    """Typed text that is no number; its message says so in a sentence."""


def parse_number(text: str, *, decimal_comma: bool = False) -> Decimal:
    """Read a number as a person types it.

    Understood are digits of any script, thousands separators, a leading or bracketed minus, a trailing percent sign (left
    out: `12.5%` is 12.5) and units: `342.09K`, `1.2M`, `120万`, `1亿2000万`, `1.2 ล้าน`.

    Args:
        text: what was typed.
        decimal_comma: whether `1.200,50` is one thousand two hundred and a half.

    Raises:
        BadNumber: the text is no number, or has more than 40 digits.
    """
    typed = plain(text).lower().replace("−", "-")
    bare, negative = _unsigned(typed.removesuffix("%").strip())
    parts = _whole_parts(bare, text)
    with localcontext(prec=2 * MAX_DIGITS):
        sizes = [_UNIT_OF[unit] for _figure, unit in parts]
        if sizes != sorted(set(sizes), reverse=True):
            raise _no_number(text)
        total = sum((_figure_value(figure, decimal_comma, text) * _UNIT_OF[unit] for figure, unit in parts), Decimal(0))
        return -total if negative else total


def parse_money(text: str, *, decimal_comma: bool = False) -> tuple[Decimal, str | None]:
    """Read an amount that may name its currency, such as `$342.09K`, `฿1,200.50`, `1,200 THB` or `NT$3,000`.

    Returns:
        The amount, and the ISO 4217 code when the text makes it certain (`$` and `¥` alone do not).

    Raises:
        BadNumber: as `parse_number`, or two currencies are named.
    """
    typed = plain(text).lower()
    names = [name for name in _CURRENCY.findall(typed) if name in _CURRENCY_OF or name.upper() in currencies()]
    codes = {_CURRENCY_OF.get(name, name.upper()) for name in names} - {None}
    bare = _CURRENCY.sub(lambda found: " " if found[0] in names else found[0], typed)
    if len(codes) > 1:
        raise _no_number(text)
    try:
        return parse_number(bare, decimal_comma=decimal_comma), next(iter(codes), None)
    except BadNumber as error:
        raise _no_number(text) from error


@lru_cache(maxsize=4096)
def format_number(value: Decimal | int, language: str, *, digits: int | None = None) -> str:
    """Write a number with the language's separators.

    Args:
        value: the number.
        language: a language of ours.
        digits: decimal places, rounded half up; as many as the value has when left out.
    """
    number = Decimal(value) if digits is None else _rounded(Decimal(value), digits)
    pattern = None if digits is None else f"#,##0.{'0' * digits}".rstrip(".")
    return str(format_decimal(number, format=pattern, locale=locale_of(language), decimal_quantization=False))


@lru_cache(maxsize=4096)
def format_percent(value: Decimal | int, language: str) -> str:
    """Write a percentage; 12.5 is shown as 12.5 %, not as 1 250 %."""
    return f"{format_number(value, language)}%"


@lru_cache(maxsize=4096)
def format_money(amount: Decimal, currency: str, language: str, *, places: int = 0) -> str:
    """Write an amount with its currency's sign and number of decimal places.

    Args:
        places: the least number of decimal places, where the currency has fewer.
    """
    digits = max(decimal_places(currency), places)
    return _with_sign(format_number(abs(amount), language, digits=digits), currency, language, amount < 0)


def short_number(value: Decimal | int, language: str) -> str:
    """Write a large number in a few characters: 1.2M, 120万, 120萬, 1.2 ล้าน."""
    size, unit = next(
        (
            (size, unit)
            for size, unit in _SHORT_UNITS[language.lower() if language.lower() in LOCALES else "en"]
            if _scaled(value, size) >= 1
        ),
        (1, ""),
    )
    scaled = _scaled(value, size)
    return f"{'-' if value < 0 else ''}{format_number(scaled.normalize() + 0, language)}{unit}"


def short_money(amount: Decimal, currency: str, language: str) -> str:
    """Write a large amount in a few characters, with its currency's sign."""
    return _with_sign(short_number(abs(amount), language), currency, language, amount < 0)


def _unsigned(typed: str) -> tuple[str, bool]:
    if typed.startswith("(") and typed.endswith(")"):
        return typed[1:-1].strip(), True
    return typed.removeprefix("-").removeprefix("+").strip() if typed[:2] != "-+" else typed, typed.startswith("-")


def _whole_parts(bare: str, text: str) -> list[tuple[str, str]]:
    """Figures with their units, which must make up the whole text."""
    parts = list(_PART.finditer(bare))
    if not parts or "".join(part[0] for part in parts) != bare or any(part[2] not in _UNIT_OF for part in parts):
        raise _no_number(text)
    return [(part[1], part[2]) for part in parts]


def _figure_value(figure: str, decimal_comma: bool, text: str) -> Decimal:
    written = figure.strip().replace("'", ",").replace("’", ",").replace(" ", ",")
    if decimal_comma:
        written = figure.strip().replace(" ", ".").replace(".", "|").replace(",", ".").replace("|", ",")
    exponent = _SCIENTIFIC.search(written)
    whole, point, fraction = written[: exponent.start() if exponent else None].partition(".")
    if (whole and not _GROUPS.fullmatch(whole)) or (point and not fraction.isdigit() and (fraction or not whole)):
        raise _no_number(text)
    if len(whole) + len(fraction) > MAX_DIGITS:
        raise BadNumber(_("“%(text)s” has too many digits.") % {"text": text.strip()[:50]})
    return Decimal(
        f"{whole.replace(',', '') or '0'}.{fraction or '0'}{exponent[0] if exponent else ''}"
        if fraction or exponent
        else whole.replace(",", "")
    )


def _rounded(value: Decimal, digits: int) -> Decimal:
    with localcontext(prec=2 * MAX_DIGITS):
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _scaled(value: Decimal | int, size: int) -> Decimal:
    scaled = abs(Decimal(value)) / size
    return _rounded(scaled, 1 if scaled < 100 else 0)


def _with_sign(figure: str, currency: str, language: str, negative: bool) -> str:
    sign = str(get_currency_symbol(currency, locale=locale_of(language)))
    space = "\u00a0" if sign[-1:].isalpha() else ""
    return f"{'-' if negative else ''}{sign}{space}{figure}"


def _no_number(text: str) -> BadNumber:
    return BadNumber(_("“%(text)s” is not a number.") % {"text": text.strip()[:50]})
