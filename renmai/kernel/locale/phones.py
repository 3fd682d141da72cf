"""Telephone numbers: stored as E.164 when they are certain, as they were typed when they are not."""

from __future__ import annotations

import re
from functools import cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat

from renmai.kernel.locale.digits import plain

_INTERNATIONAL = re.compile(r"\+[1-9][0-9 ().-]{5,24}[0-9]")
_NOT_DIGITS = re.compile(r"\D+")
_KINDS = ["mobile", "fixed_line", "toll_free", "shared_cost", "premium_rate", "voip", "uan", "personal_number", "pager", "voicemail"]
_EXTENSION_WORDS = re.compile(r"(?:转|轉|分机|分機|内线|內線|ต่อ|#)\s*(?=\d)")


def normalise_phone(text: str, country: str) -> str:
    """The number in E.164, with `;ext=` and the extension when there is one.

    Args:
        text: what was typed: any digits, spaces and brackets, with or without a country code.
        country: ISO 3166 alpha-2 code of the country whose numbers may be written without a country code.

    Returns:
        E.164, such as `+66812345678`; the typed text without outer blanks when it is no valid number.
    """
    if certain := _certain(text):
        return certain
    number = _parsed(text, country)
    if number is None or not phonenumbers.is_valid_number(number):
        return text.strip()
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else str(e164)


def format_phone(stored: str, country: str) -> str:
    """The number as people of a country read it: national form for one of theirs, international for others, as stored when not valid."""
    number = _parsed(stored, country) if stored.startswith("+") else None
    if number is None:
        return stored
    here = phonenumbers.region_code_for_number(number) == country
    return str(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if here else PhoneNumberFormat.INTERNATIONAL))


def last_four(text: str) -> str:
    """The last four digits without the extension, by which people tell numbers apart; fewer when there are fewer."""
    digits = re.sub(r"\D", "", plain(text).partition(";ext=")[0])
    return digits[-4:]


def _certain(text: str) -> str:
    """E.164 of a number with its country code where nothing of it needs to be understood: no extension, no zero or prefix that is
    dialled at home, and its country has such numbers. Empty otherwise. The library says the same, and takes five times as long."""
    if not _INTERNATIONAL.fullmatch(text):
        return ""
    digits = _NOT_DIGITS.sub("", text)
    code = next((digits[:length] for length in (1, 2, 3) if int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE), "")
    rule = _rule(int(code)) if code else None
    national = digits[len(code) :]
    return f"+{digits}" if rule is not None and rule.knows(national) else ""


class _Numbers:
    """Numbers of one kind."""

    def __init__(self, pattern: str, lengths: tuple[int, ...]) -> None:
        self.pattern, self.lengths = re.compile(pattern), lengths

    def has(self, national: str) -> bool:
        return (not self.lengths or len(national) in self.lengths) and self.pattern.fullmatch(national) is not None


class _Rule:
    """What the numbers of a country are like, from the tables of the library."""

    def __init__(self, told: PhoneMetadata) -> None:
        self.home = re.compile(f"0|{told.national_prefix_for_parsing or '0'}")
        self.all, *self.kinds = [
            _Numbers(desc.national_number_pattern, desc.possible_length)
            for kind in ("general_desc", *_KINDS)
            if (desc := getattr(told, kind)) is not None and desc.national_number_pattern
        ]

    def knows(self, national: str) -> bool:
        """Such numbers are given; of one that may begin with what is dialled at home the library decides."""
        return not self.home.match(national) and self.all.has(national) and any(kind.has(national) for kind in self.kinds)


@cache
def _rule(code: int) -> _Rule | None:
    """That of the main country of a code; None where the beginning of a number decides which country it is of."""
    told = PhoneMetadata.metadata_for_region(COUNTRY_CODE_TO_REGION_CODE[code][0], None)
    return _Rule(told) if told is not None and told.leading_digits is None else None


def _parsed(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(_EXTENSION_WORDS.sub(" ext. ", plain(text)), country or None)
    except NumberParseException:
        return None
