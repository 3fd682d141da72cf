"""Turns give exactly the shares, and shares are measured as on paper."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renmai.kernel.charts.evenness import gini, most_to_median
from renmai.sales.assignment.turns import State, take


@pytest.mark.property
@settings(max_examples=30)
@example(weights=[2, 1, 1], rounds=50)
@given(weights=st.lists(st.integers(1, 9), min_size=1, max_size=6), rounds=st.integers(1, 5))
def test_each_whole_round_gives_everybody_their_share(weights: list[int], rounds: int) -> None:
    state: State = {}
    shares = {str(place): weight for place, weight in enumerate(weights)}
    got = Counter(take(state, shares) for _ in range(sum(weights) * rounds))
    assert got == {key: weight * rounds for key, weight in shares.items()}
    assert not any(state.values())


def test_whoever_was_away_neither_owes_nor_is_owed() -> None:
    state: State = {}
    assert [take(state, {"a": 2, "b": 1, "c": 1}) for _ in range(4)] == ["a", "b", "c", "a"]
    assert [take(state, {"a": 1, "b": 1}) for _ in range(5)] == ["a", "b", "a", "b", "a"]
    assert [take(state, {"a": 1, "b": 1, "c": 1}) for _ in range(3)].count("c") == 1


def test_evenness_is_that_of_the_textbook() -> None:
    values = [1.0, 2.0, 3.0, 4.0]
    pairs = sum(abs(one - other) for one, other in combinations(values, 2)) * 2
    assert gini(values) == pytest.approx(pairs / (2 * len(values) ** 2 * (sum(values) / len(values)))) == pytest.approx(0.25)
    assert (gini([5.0] * 3), gini([0.0, 0.0, 9.0]), gini([0.0, 0.0]), gini([])) == (0, pytest.approx(2 / 3), None, None)
    assert (most_to_median([1.0, 2.0, 6.0]), most_to_median([0.0, 0.0, 9.0]), most_to_median([])) == (3, None, None)
