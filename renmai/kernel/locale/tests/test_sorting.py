from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renmai.kernel.locale.sorting import HanOrder, sort_key

words = st.text(st.one_of(st.sampled_from("abcABCàÉ 09-กขเแ่้ำา王李張阿𠀀Ωд"), st.characters()), max_size=12)


letters = st.text("abcABCÀéกขเแ่้王李張阿𠀀Ωд", max_size=6)


def ordered(texts: list[str], han: HanOrder = "pinyin") -> list[str]:
    return sorted(texts, key=lambda text: sort_key(text, han))


@pytest.mark.parametrize(
    "texts",
    [
        ["7", "42", "Deal 9", "Deal 10", "Nike", "Nike Company"],
        ["ana", "Ana", "Ána", "anb", "Orsted", "Ørsted", "uber", "Über", "Zoë"],
        ["Zoë", "Ελλάδα", "กา", "阿里"],
        ["กวม", "กา", "กาตาร์", "กินี", "เกรเนดา", "เก่า", "แก", "ขา", "ไทย", "นา", "นำ", "น้ำ", "สมชาย"],
        ["阿里", "李强", "林志玲", "马超", "王伟", "王小明", "张三"],
    ],
)
def test_a_list_is_in_the_order_of_its_script(texts: list[str]) -> None:
    assert ordered(texts[::-1]) == texts


def test_traditional_companies_sort_by_strokes() -> None:
    names = ["丁文", "王小明", "林志玲", "陳大文", "張三", "黃勇", "蘇軾"]
    by_strokes = sorted(names, key=lambda name: sort_key(name, "stroke"))
    assert by_strokes == ["丁文", "王小明", "林志玲", "張三", "陳大文", "黃勇", "蘇軾"]


@pytest.mark.parametrize(("language", "first"), [("zh-hant", "丁"), ("zh-hans", "阿"), ("en", "阿")])
def test_the_companys_language_decides_between_pinyin_and_strokes(settings: object, language: str, first: str) -> None:
    settings.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    assert min(["丁", "阿"], key=sort_key) == first


@given(letters, letters)
def test_different_words_have_different_keys(one: str, other: str) -> None:
    assert (sort_key(one) == sort_key(other)) == (one == other)


@given(st.text("abcABC9 -", max_size=8), st.text("abcABC9 -", max_size=8))
def test_case_never_decides_between_different_words(one: str, other: str) -> None:
    keys = [sort_key(a) < sort_key(b) for a, b in itertools.product({one.lower(), one.upper()}, {other.lower(), other.upper()})]
    assert sort_key(one.lower()) == sort_key(other.lower()) or len(set(keys)) == 1


@given(words)
def test_width_and_invisible_characters_do_not_count(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert sort_key(f"\u200b{wide}\u200b") == sort_key(text)


@pytest.mark.parametrize("selector", ["\ufe0f", "\U000e0100"])
def test_the_shape_of_a_character_does_not_count(selector: str) -> None:
    assert sort_key(f"葛{selector}城") == sort_key("葛城")


@given(st.text())
def test_a_key_is_short_enough_for_an_index(text: str) -> None:
    assert len(sort_key(text)) <= 400


def test_both_spellings_of_sara_am_are_one() -> None:
    assert sort_key("น้ำ") == sort_key("น\u0e4d\u0e49า") == sort_key("น\u0e49\u0e4dา")


@given(st.lists(st.sampled_from("ab"), max_size=5), st.lists(st.sampled_from("ab"), max_size=5))
def test_a_word_comes_before_the_words_it_begins(one: list[str], other: list[str]) -> None:
    assert (sort_key("".join(one)) < sort_key("".join(other))) == (one < other)


@given(st.text(st.characters(max_codepoint=127), max_size=12))
def test_plain_letters_weigh_the_same_among_others(text: str) -> None:
    assert sort_key(f"{text}é").split(b"\0")[0].startswith(sort_key(text).split(b"\0")[0])
