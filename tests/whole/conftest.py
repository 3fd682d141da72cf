"""Installations in temporary folders, stopped and removed afterwards."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole.program import Program
from tools import tables


def _installation() -> Iterator[Program]:
    folder = Path(tempfile.mkdtemp(prefix="renmai-whole-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as another user, who must reach its folder in here
    program = Program(folder / "data")
    yield program
    if program.process and program.process.poll() is None:
        program.signal(signal.SIGTERM)
    shutil.rmtree(folder)


@pytest.fixture
def program() -> Iterator[Program]:
    """An installation that has its tables and was never served."""
    for program in _installation():
        tables.begin(program.data)
        yield program


@pytest.fixture(scope="module")
def running() -> Iterator[Program]:
    """An installation that began with nothing and runs; every test leaves it running."""
    for program in _installation():
        yield program.start()
