"""What is measured is what is found: a set of known pairs in the form in which such sets come."""

from __future__ import annotations

from pathlib import Path

import pytest

from renmai.kernel.matching.measure import measure, sets

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
