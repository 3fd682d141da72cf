"""Telephone numbers: stored as E.164 when they are certain, as they were typed when they are not."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from renmai.kernel.locale.digits import plain

_EXTENSION_WORDS = re.compile(r"(?:转|轉|分机|分機|内线|內線|ต่อ|#)\s*(?=\d)")


def normalise_phone(text: str, country: str) -> str:
    """The number in E.164, with `;ext=` and the extension when there is one.

    Args:
        text: what was typed: any digits, spaces and brackets, with or without a country code.
        country: ISO 3166 alpha-2 code of the country whose numbers may be written without a country code.

    Returns:
        E.164, such as `+66812345678`; the typed text without outer blanks when it is no valid number.
    """
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


def _parsed(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(_EXTENSION_WORDS.sub(" ext. ", plain(text)), country or None)
    except NumberParseException:
        return None
