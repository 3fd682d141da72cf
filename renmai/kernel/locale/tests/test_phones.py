from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
