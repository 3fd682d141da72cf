"""The embedded PostgreSQL, really started."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from renmai.config.postgres import Postgres

pytestmark = pytest.mark.whole


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that PostgreSQL's own user can reach, as the folders that pytest makes cannot be."""
    folder = Path(tempfile.mkdtemp(prefix="renmai-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_it_is_made_started_stopped_and_started_again(data: Path) -> None:
    postgres = Postgres(data)
    process = postgres.start()
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('人脈')")
    postgres.stop(process)
    process = postgres.start()
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("人脈",)
    postgres.stop(process)
    assert not (postgres.folder / "postmaster.pid").exists()


def test_nobody_enters_without_the_password_and_it_listens_on_no_port(data: Path) -> None:
    postgres = Postgres(data)
    process = postgres.start()
    try:
        with psycopg.connect(postgres.url) as connection:
            shown = connection.execute("SELECT current_setting('listen_addresses'), rolsuper FROM pg_roles WHERE rolname = current_user")
            assert shown.fetchone() == ("", False)
        for url in (postgres.url.replace(postgres.url.split(":")[2].split("@")[0], "guess"), postgres.url.replace("renmai:", "postgres:")):
            with pytest.raises(psycopg.OperationalError, match=r"authentication failed|no pg_hba.conf entry"):
                psycopg.connect(url)
    finally:
        postgres.stop(process)


def test_folders_and_secrets_are_for_their_owner_only(data: Path) -> None:
    before = stat.S_IMODE(data.parent.stat().st_mode)
    postgres = Postgres(data)
    postgres.stop(postgres.start())
    assert stat.S_IMODE(postgres.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "database_password").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o755
    assert stat.S_IMODE(data.parent.stat().st_mode) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user made for PostgreSQL")
def test_as_root_it_runs_as_a_user_of_its_own_also_where_that_user_cannot_go(data: Path) -> None:
    data.chmod(0o700)
    postgres = Postgres(data)
    process = postgres.start()
    try:
        assert postgres.account
        assert Path(f"/proc/{process.pid}").stat().st_uid == postgres.account.uid != 0
        assert not postgres.folder.is_relative_to(data)
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
    finally:
        postgres.stop(process)
        shutil.rmtree(postgres.folder)


def test_a_path_too_long_for_a_socket_is_no_trouble(data: Path) -> None:
    deep = data / ("deep" * 25)
    deep.mkdir()
    postgres = Postgres(deep)
    process = postgres.start()
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    postgres.stop(process)
    assert not postgres.socket_folder.exists()
