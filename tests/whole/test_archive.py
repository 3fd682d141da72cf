"""The sample company goes out whole and comes back equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from renmai.demo import load
from renmai.kernel.archive.read import read
from renmai.kernel.archive.write import DATA, write


@pytest.mark.whole
@pytest.mark.django_db
def test_the_sample_company_comes_back_equal(tmp_path: Path) -> None:
    load("th", scale=0.02)
    first, second = tmp_path / "first", tmp_path / "second"
    rows = write(first)["rows"]
    assert rows["opportunities"] > 100 and rows["kernel_fact"] > 100
    read(first)
    write(second)
    for path in (first / DATA).glob("*.jsonl"):
        assert path.read_bytes() == (second / DATA / path.name).read_bytes(), path.name
