from __future__ import annotations

import pytest

from renmai.kernel.locale.countries import countries, country_code, country_name


def test_there_are_249_countries() -> None:
    assert len(countries()) == 249


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "th"])
def test_every_country_is_found_by_its_name_in_every_language(language: str) -> None:
    assert {code: country_code(country_name(code, language)) for code in countries()} == {code: code for code in countries()}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("th", "TH"),
        ("THA", "TH"),
        (" Thailand ", "TH"),
        ("ไทย", "TH"),
        ("臺灣", "TW"),
        ("USA", "US"),
        ("UK", "GB"),
        ("中国大陆", "CN"),
        ("Côte d'Ivoire", "CI"),
    ],
)
def test_a_country_is_found_by_its_codes_and_usual_names(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "Tailand", "Korea", "XX", "EU", "ZZZ", "764"])
def test_what_is_misspelt_or_no_country_is_not_guessed(text: str) -> None:
    assert country_code(text) is None


def test_a_name_is_in_the_readers_language() -> None:
    assert [country_name("TH", language) for language in ("en", "zh-Hans", "zh-Hant", "th")] == ["Thailand", "泰国", "泰國", "ไทย"]
