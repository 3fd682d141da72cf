"""Searching, on a machine that may be slow."""

from __future__ import annotations

import pytest

from renmai.kernel.search.alike import BY_INDEX


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found must not depend on how long it takes."""
    monkeypatch.setitem(BY_INDEX, "statement_timeout", "60000")
