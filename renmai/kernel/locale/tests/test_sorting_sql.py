"""Python and PostgreSQL put every text into the same order."""

from __future__ import annotations

import sys
from unicodedata import category

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from renmai.kernel.locale.sorting import HanOrder, sort_key
from renmai.kernel.locale.sorting_sql import SURROGATES, definition, function, install_sorting

pytestmark = [pytest.mark.django_db, pytest.mark.property]
ORDERS: list[HanOrder] = ["pinyin", "stroke"]
TEXTS = st.text(
    st.one_of(
        st.sampled_from("abcABCàÉß 09-/กขเแ่้ำา王李張阿𠀀Ωд한٣３"), st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0")
    )
)


def keys(texts: list[str], han: HanOrder) -> list[bytes]:
    """The keys that the database makes, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure(%s) IS NULL", [f"{function(han)}(text)"])
        if cursor.fetchone()[0]:
            cursor.execute(definition(han))
        cursor.execute(
            f"SELECT {function(han)}(value) FROM unnest(%s::text[]) WITH ORDINALITY AS given(value, place) ORDER BY place", [texts]
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


@pytest.mark.parametrize("han", ORDERS)
def test_every_assigned_character_has_the_same_key(han: HanOrder) -> None:
    points = (point for point in range(1, sys.maxunicode + 1) if point not in SURROGATES and not 0xE000 <= point < 0xF900)
    letters = [chr(point) for point in points if point < 0xF0000 and category(chr(point)) != "Cn"]
    there = keys(letters, han)
    assert [(letter, key) for letter, key in zip(letters, there, strict=True) if sort_key(letter, han) != key] == []


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=20, max_size=60))
@example(texts=["葛\U000e0100城", "❤\ufe0f", "葛城"])
def test_whole_texts_have_the_same_key(texts: list[str]) -> None:
    assert keys(texts, "pinyin") == [sort_key(text, "pinyin") for text in texts]


def test_the_function_is_left_alone_once_it_is_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid, xmin::text FROM pg_proc WHERE proname = %s", [function()])
        before = cursor.fetchall()
        install_sorting()
        cursor.execute("SELECT oid, xmin::text FROM pg_proc WHERE proname = %s", [function()])
        assert cursor.fetchall() == before != []
