"""One Renmai per data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from renmai.config.claim import InUseError, claim, is_claimed


def test_a_folder_is_claimed_while_the_block_runs(tmp_path: Path) -> None:
    assert not is_claimed(tmp_path)
    with claim(tmp_path):
        assert is_claimed(tmp_path)
    assert not is_claimed(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_second_claim_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with claim(tmp_path) as held:
        held.note([])
        with pytest.raises(InUseError, match=r"already runs on .* \(process \d+\)"), claim(tmp_path):
            pass
        assert is_claimed(tmp_path)


def test_a_file_left_by_a_crash_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "running").write_text("1 0\n")
    assert not is_claimed(tmp_path)
    with claim(tmp_path) as held:
        held.end_leftovers()
        assert is_claimed(tmp_path)
