from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from renmai.kernel.locale.phones import format_phone, last_four, normalise_phone


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("081-234-5678", "TH", "+66812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "TH", "+66812345678"),
        ("+66 (0)81 234 5678", "CN", "+66812345678"),
        ("02 123 4567 ต่อ 12", "TH", "+6621234567;ext=12"),
        ("13800138000", "CN", "+8613800138000"),
        ("010-62781234转8001", "CN", "+861062781234;ext=8001"),
        ("０９１２－３４５－６７８", "TW", "+886912345678"),
        ("02-2345-6789 分機 12", "TW", "+886223456789;ext=12"),
    ],
)
def test_a_valid_number_becomes_e164(typed: str, country: str, stored: str) -> None:
    assert normalise_phone(typed, country) == stored
    assert normalise_phone(stored, country) == stored


@pytest.mark.parametrize(("typed", "country"), [("12", "TH"), ("call me", "TH"), ("0812345678", ""), ("099-999", "CN")])
def test_what_is_not_certain_stays_as_typed(typed: str, country: str) -> None:
    assert normalise_phone(f" {typed} ", country) == typed


@given(st.text(max_size=40), st.sampled_from(["TH", "CN", "TW", ""]))
def test_any_text_passes(text: str, country: str) -> None:
    stored = normalise_phone(text, country)
    assert normalise_phone(stored, country) == stored
    assert len(last_four(stored)) <= 4


def test_a_number_is_shown_as_people_of_the_country_read_it() -> None:
    assert format_phone("+66812345678", "TH") == "081 234 5678"
    assert format_phone("+66812345678", "CN") == "+66 81 234 5678"
    assert format_phone("call me", "TH") == "call me"


def test_last_four_leaves_the_extension_out() -> None:
    assert last_four("+861062781234;ext=8001") == "1234"
    assert last_four("๐๘๑-๒๓๔-๕๖๗๘") == "5678"


def _by_the_library(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text.strip()
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164)) if phonenumbers.is_valid_number(number) else text.strip()


@pytest.mark.parametrize("kind", [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE])
def test_numbers_of_every_country_become_what_the_library_makes_of_them(kind: int) -> None:
    examples = [phonenumbers.example_number_for_type(region, kind) for region in phonenumbers.SUPPORTED_REGIONS]
    written = [phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) for number in examples if number is not None]
    mistyped = [f"{text[:-1]}{'' if at % 2 else '70'}" for at, text in enumerate(written)]
    dialled = [text.replace(" ", " (0)", 1) for text in written]
    for text in (*written, *mistyped, *dialled):
        assert normalise_phone(text, "") == _by_the_library(text)
