"""The worker, which loads no page, knows how to write the letters of sign-in."""

from __future__ import annotations

import subprocess
import sys

import pytest

KNOWN = "import django; django.setup(); from renmai.kernel.jobs.work import _works; print(*_works)"


@pytest.mark.whole
def test_the_worker_knows_the_letters() -> None:
    told = subprocess.run([sys.executable, "-c", KNOWN], capture_output=True, text=True, check=True).stdout.split()
    assert {"mail-reset", "mail-invitation"} <= set(told)
