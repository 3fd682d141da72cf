from __future__ import annotations

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renmai.kernel.records.fields import Boolean, Date, Integer, Json, Moment, Text
from renmai.kernel.records.lines import lines_of, tsvector
from renmai.kernel.records.record import Record
from renmai.kernel.search.field import parse_tsvector

ARRAY: Any = Record._meta.get_field("tags")
CASES: list[tuple[Any, str, list[Any]]] = [
    (Text(), "text", ["", "plain", 'tab\tline\nreturn\r back\\slash \\N "quoted" {brace}', "ไทย 中文 \u2028\u00a0", r"\N"]),
    (ARRAY, "text[]", [[], ["a", "", "NULL", 'say "so"', "back\\slash", "tab\t, comma {x}", "ไทย"], [None, "a"]]),
    (Json(), "jsonb", [{}, [], {"a": ['\n\t"\\', "ไทย", None, 1.5]}, "text", 5, False]),
    (models.UUIDField(), "uuid", [uuid.UUID(int=7)]),
    (models.BinaryField(), "bytea", [b"", b"\x00\\\n\xff", memoryview(b"ab")]),
    (Boolean(), "boolean", [True, False]),
    (Integer(), "integer", [-5, 0]),
    (models.FloatField(), "double precision", [0.1, 1e300]),
    (models.DecimalField(), "numeric", [Decimal("-12.50"), Decimal("1E+3")]),
    (Date(), "date", [dt.date(2026, 2, 28), dt.date(12, 1, 1)]),
    (
        Moment(),
        "timestamptz",
        [dt.datetime(2026, 2, 28, 23, 59, 59, 7, dt.UTC), dt.datetime(99, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=7)))],
    ),
]


def _there_and_back(field: Any, type_: str, values: list[Any]) -> list[Any]:
    """What PostgreSQL reads in the lines."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE held (at serial, value {type_}) ON COMMIT DROP")
        with cursor.cursor.copy("COPY held (value) FROM STDIN") as copy:
            copy.write("".join(lines_of([field], ([value] for value in [*values, None]))))
        cursor.execute("SELECT value FROM held ORDER BY at")
        found = [value for (value,) in cursor.fetchall()]
        cursor.execute("DROP TABLE held")
    assert found.pop() is None
    return [json.loads(value) for value in found] if type_ == "jsonb" else found


@pytest.mark.django_db
def test_what_stands_in_a_line_is_what_the_database_keeps() -> None:
    for field, type_, values in CASES:
        assert _there_and_back(field, type_, values) == [bytes(value) if type_ == "bytea" else value for value in values], type_


def test_lexemes_stand_in_a_tsvector_as_they_are() -> None:
    lexemes = ["a", "o'clock", "back\\slash", "ไทย"]
    assert parse_tsvector(tsvector(lexemes)) == lexemes
    assert tsvector([]) == ""


@pytest.mark.property
@pytest.mark.django_db
@settings(max_examples=20, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=20))
@example(texts=["\\.", "\x1f\x7f\x85"])
def test_any_text_comes_back_alone_and_in_an_array(texts: list[str]) -> None:
    assert _there_and_back(Text(), "text", texts) == texts
    assert _there_and_back(ARRAY, "text[]", [texts]) == [texts]
