"""What is measured is what is found: a set of known pairs in the form in which such sets come."""

from __future__ import annotations

from pathlib import Path

import pytest

from renmai.kernel.matching.batch import telling_pairs
from renmai.kernel.matching.measure import measure, sets
from renmai.kernel.matching.rule import Strength, TraitKind, rule

FAKE = """unique_id,first_name,surname,dob,city,email,cluster
0,Robert,Allen,1971-05-24,London,robert@smith.net,0
1,Rob,Allen,1971-05-24,London,robert@smith.net,0
2,Allen,Robert,1971-05-24,,,0
3,Grace,Wong,1980-01-01,London,grace@wong.net,1
4,Mary,Jones,1990-02-03,,,2
5,Ivy,Stone,1955-09-09,Leeds,mary@jones.net,2
"""


def test_precision_and_recall_are_of_pairs(tmp_path: Path) -> None:
    (tmp_path / "splink_fake_1000").mkdir()
    (tmp_path / "splink_fake_1000" / "fake_1000.csv").write_text(FAKE)
    measured = [measure(labelled) for labelled in sets(tmp_path)]
    assert [(one.name, one.records, one.same, one.found, one.right) for one in measured] == [("splink fake_1000", 6, 4, 3, 3)]
    assert (measured[0].precision, measured[0].recall) == (1.0, pytest.approx(0.75))


@pytest.mark.parametrize(
    ("strengths", "warn_from", "pairs"),
    [
        ("fair fair slight", 50, {(0, 1)}),  # with the third, either of the others is found by the two
        ("fair fair slight", 20, {(0, 1), (0, 2), (1, 2)}),
        ("slight slight slight slight", 50, {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}),  # only all together are enough
        ("slight slight slight", 50, set()),
    ],
)
def test_records_are_sought_by_two_traits_that_may_be_enough(strengths: str, warn_from: int, pairs: set[tuple[int, int]]) -> None:
    traits = [(TraitKind.TEXT, f"field_{place}", Strength(name)) for place, name in enumerate(strengths.split())]
    assert set(telling_pairs(rule(*traits, warn_from=warn_from))) == pairs
