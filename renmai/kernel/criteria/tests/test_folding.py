"""Python and PostgreSQL fold every character alike."""

from __future__ import annotations

import sys
from collections.abc import Callable
from unicodedata import category

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renmai.kernel.criteria.folding import FUNCTION, SURROGATES, builtin_definition, fold, portable_definition

pytestmark = pytest.mark.django_db
NEWEST = "folding_of_new_servers"
PORTABLE = "folding_of_old_servers"


def fold_in_database(texts: list[str], function: str) -> list[str]:
    """The texts folded by the database, in order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(value) FROM unnest(%s::text[]) WITH ORDINALITY AS given(value, place) ORDER BY place", [texts])
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture(params=[FUNCTION, NEWEST, PORTABLE])
def function(request: pytest.FixtureRequest) -> str:
    """The installed function, and each of the two ways to make it."""
    makers: dict[str, Callable[[str], str]] = {NEWEST: builtin_definition, PORTABLE: portable_definition}
    with connection.cursor() as cursor:
        if request.param == NEWEST and cursor.connection.info.server_version < 170_000:
            pytest.skip("This PostgreSQL does not bring the mapping itself.")
        if request.param in makers:
            cursor.execute(makers[request.param](request.param))
    return str(request.param)


@pytest.mark.property
def test_every_assigned_character_folds_alike(function: str) -> None:
    letters = [chr(point) for point in range(1, sys.maxunicode + 1) if point not in SURROGATES and category(chr(point)) != "Cn"]
    folded = fold_in_database(letters, function)
    assert [(letter, there) for letter, there in zip(letters, folded, strict=True) if fold(letter) != there] == []


@pytest.mark.property
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0")), min_size=20, max_size=60))
def test_whole_texts_fold_alike(function: str, texts: list[str]) -> None:
    assert fold_in_database(texts, function) == [fold(text) for text in texts]


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＡＢＣ", "abc"), ("ΟΔΟΣ", "οδοσ"), ("İzmir", "izmir"), ("A\u030a", "å"), ("Å", "å"), ("ﬁn", "FIN"), ("ｶﾞ", "ガ")],
)
def test_texts_that_people_take_for_the_same_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)
