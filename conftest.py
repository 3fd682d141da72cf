"""A database for the tests: the one of DATABASE_URL, or an embedded one that lives as long as the run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.utils import translation
from hypothesis import settings

from renmai.config.env import database
from renmai.config.postgres import Postgres
from renmai.config.settings import LANGUAGE_CODE
from tools import tables

# A test that runs beside others on a small machine says nothing about speed: that is the bench's.
settings.register_profile("renmai", deadline=None)
settings.load_profile("renmai")
pytest_plugins = ["renmai.kernel.testing.people"]
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
TEMPLATE = "RENMAI_TEST_TEMPLATE"
SERVER = pytest.StashKey[tuple[Postgres, "subprocess.Popen[bytes]"]]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once; processes that xdist starts afterwards find its address in the environment."""
    if not os.environ.get("DATABASE_URL"):
        data = Path(tempfile.mkdtemp(prefix="renmai-test-"))
        data.chmod(0o755)  # as root PostgreSQL runs as another user, who must reach its folder in here
        tables.begin(data)
        postgres = Postgres(data, FAST)
        config.stash[SERVER] = postgres, postgres.start()
        os.environ["DATABASE_URL"], os.environ[TEMPLATE] = postgres.url, "renmai"
        connections.databases["default"].update(database(postgres.url))
    connections.databases["default"].setdefault("TEST", {})["TEMPLATE"] = os.environ.get(TEMPLATE)


@pytest.fixture(autouse=True)
def _fresh_reader() -> Iterator[None]:
    """No test, and no world that several share, reads in the language, or with the company and its own fields, of the one before."""
    from renmai.kernel.overlay import version
    from renmai.kernel.overlay.company import forget
    from renmai.kernel.ui.reader import NOBODY, become

    translation.activate(LANGUAGE_CODE)
    become(NOBODY)
    forget()
    version.forget()
    yield
    version.forget()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what we started, and leave nothing on the disk."""
    if SERVER not in config.stash:
        return
    postgres, process = config.stash[SERVER]
    connections.close_all()
    postgres.stop(process)
    shutil.rmtree(postgres.data)
