"""Measuring: enough rows of every kind, and two runs side by side."""

from __future__ import annotations

import random

import pytest

from bench.data import multiply
from bench.finding import LANGUAGES, judged, marked, records
from bench.report import compare, table
from bench.twins import ONE, OTHER, written
from renmai.demo import load
from renmai.demo.names import CULTURES
from renmai.kernel.access.user import User
from renmai.sales.lead.model import Lead


def run(p50: float) -> dict[str, object]:
    found = {"p50": p50, "p95": 2 * p50, "per_second": 1000 / p50}
    return {"scale": "small", "scenarios": {"list_newest": {"1": found, "8": found, "bare": 2.0}, "start": {"web_mb": 180}}}


@pytest.mark.django_db
def test_rows_are_multiplied_to_the_wanted_number_with_owners_of_their_own() -> None:
    load("en", scale=0.01)
    multiply(Lead, 300)

    assert Lead.objects.count() == 300
    assert set(Lead.objects.values_list("owner__team", "team")) == {(team, team) for team in Lead.objects.values_list("team", flat=True)}
    assert Lead.objects.values("owner").distinct().count() > User.objects.count() / 2


@pytest.mark.django_db
def test_what_is_enough_is_left_alone() -> None:
    load("en", scale=0.01)
    before = Lead.objects.count()
    multiply(Lead, before - random.Random(1).randint(1, 5))

    assert Lead.objects.count() == before


def test_the_table_shows_the_ratio_to_the_bare_database() -> None:
    line = next(line for line in table(run(10)).splitlines() if line.startswith("list_newest"))

    assert line.endswith("5.0")
    assert "10.0 / 20.0 ms" in line


def test_a_comparison_shows_by_what_factor_a_run_differs() -> None:
    lines = [line.split() for line in compare(run(10), run(5)).splitlines()]
    assert ["list_newest", "ms", "10.0", "5.0", "0.50"] in lines
    assert ["start", "web_mb", "180.0", "180.0", "1.00"] in lines


def test_some_people_are_written_down_twice() -> None:
    entries = list(written(600, accounts=50))
    assert entries == list(written(600, accounts=50))
    first = {number: human for source, number, human in entries if source == ONE}
    again = [(first[number], human) for source, number, human in entries if source == OTHER]
    assert len(entries) == len(first) + len(again) == 600 and 0.03 < len(again) / len(first) < 0.12
    assert {one.culture for one, _other in again} == set(CULTURES)
    for one, other in again:
        assert one.email == other.email or one.mobile == other.mobile or (one.account, one.birthday) == (other.account, other.birthday)


def test_the_search_box_is_judged_in_three_languages() -> None:
    queries, known = judged(), {row["id"] for row in records()}
    assert all(len([one for one in queries if one.language == language]) >= 200 for language in LANGUAGES)
    assert len({one.query for one in queries}) == len(queries)
    assert {name for one in queries for name in one.expected} <= known


@pytest.mark.parametrize(
    ("answered", "expected", "recall", "precision"),
    [("ab", "ab", 1, 1), ("ac", "ab", 0.5, 0.5), ("", "a", 0, 0), ("", "", 1, 1), ("a", "", 1, 0), ("abcdefghij", "abcdefghijkl", 1, 1)],
)
def test_an_answer_is_marked(answered: str, expected: str, recall: float, precision: float) -> None:
    assert marked(list(answered), frozenset(expected)) == (recall, precision)
