"""Registration numbers of companies, by country: their one form, and whether their check digits hold."""

from __future__ import annotations

import re

from stdnum import get_cc_module
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError
from stdnum.th import moa, pin

from renmai.kernel.locale.digits import plain

TAIWAN_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)
_TAIWAN = re.compile(r"\d{8}")
_THAI = re.compile(r"(\d{13})(?:-(\d{5}))?")
_HEAD_OFFICE = re.compile(r"(?:\(|/|-|,)*\s*(?:สำนักงานใหญ่|สนญ\.?|head\s*office|h\.?o\.?)\s*\)?", re.IGNORECASE)
_BRANCH = re.compile(r"(?:\(|/|,)*\s*(?:สาขา(?:ที่)?|branch(?:\s*no\.?)?)\s*(\d{1,5})\s*\)?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s./\-]+")
HEAD_OFFICE = "00000"
APART, SARA_AM = "\u0e4d\u0e32", "\u0e33"  # one letter, which NFKC takes apart


def is_taiwanese(number: str) -> bool:
    """Whether a 統一編號 holds by the rule of April 2023: the digits of all products add up to a multiple of five, and a seventh digit
    of 7, whose product is 28, counts as 10 and so as 1 or as 0 (Ministry of Finance, 統一編號檢查邏輯)."""
    if not _TAIWAN.fullmatch(number):
        return False
    products = (weight * int(digit) for weight, digit in zip(TAIWAN_WEIGHTS, number, strict=True))
    total = sum(product // 10 + product % 10 for product in products)
    return total % 5 == 0 or (number[6] == "7" and (total + 1) % 5 == 0)


def is_thai(number: str) -> bool:
    """Whether a tax number holds: thirteen digits with their check digit, of a company or a person, and the branch behind it, if any."""
    found = _THAI.fullmatch(number)
    return found is not None and (moa.is_valid(found[1]) or pin.is_valid(found[1]))


def is_valid(number: str, country: str) -> bool:
    """Whether a number is possible in its country; where nobody knows the rule, every number is."""
    if country in RULES:
        return bool(RULES[country](tidy(number, country)))
    module = get_cc_module(country.lower(), "vat") if country else None
    return module is None or bool(module.is_valid(number))


def tidy(number: str, country: str) -> str:
    """A number in its one form: ASCII, no separators; of a Thai one the branch behind a hyphen, the head office as ``00000``.

    What does not hold stays as it is but for blanks and the width of its signs.
    """
    if not country:
        return number
    text = " ".join(plain(number).replace(APART, SARA_AM).upper().split())
    if country == "TH":
        text = _thai(text)
    elif country in {"TW", "CN"}:
        text = _SEPARATORS.sub("", text)
    else:
        text = _by_stdnum(text, country)
    return text


def _thai(text: str) -> str:
    branch = ""
    if found := _BRANCH.search(text):
        branch, text = found[1].zfill(5), text[: found.start()] + text[found.end() :]
    elif found := _HEAD_OFFICE.search(text):
        branch, text = HEAD_OFFICE, text[: found.start()] + text[found.end() :]
    elif found := re.fullmatch(r"(.*\d)\s*[-/ ]\s*(\d{5})", text):
        branch, text = (found[2], found[1]) if len(_SEPARATORS.sub("", found[1])) == 13 else ("", text)
    number = _SEPARATORS.sub("", text)
    return f"{number}-{branch}" if branch else number


def _by_stdnum(text: str, country: str) -> str:
    module = get_cc_module(country.lower(), "vat") if country else None
    try:
        found = str(module.validate(text)) if module is not None else text
    except ValidationError:
        return text
    return f"{country}{found}" if text.startswith(country) and not found.startswith(country) else found


RULES = {"TW": is_taiwanese, "TH": is_thai, "CN": uscc.is_valid}
