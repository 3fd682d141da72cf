"""``renmai backup``: database and files in one archive."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from renmai import __version__
from renmai.config.cli import database
from renmai.config.env import env
from renmai.config.errors import StartError
from renmai.config.postgres import Postgres

DUMP, MANIFEST, KEPT = "database.dump", "manifest.json", ("files", "secret_key", "vapid.pem")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file to write."""
    default = f"renmai-{datetime.now(UTC):%Y-%m-%d-%H%M}.zip"
    parser.add_argument("file", nargs="?", type=Path, default=Path(default), help=f"archive to write (default: {default})")


def handle(args: argparse.Namespace) -> None:
    """Save everything and print the archive's path."""
    with database() as url:
        backup(url, args.file)
    print(args.file.resolve())


def backup(url: str, target: Path) -> None:
    """Write an archive, readable by its owner only, that ``restore`` can bring back.

    The database is dumped first, as of one moment; a file, once there, does not change, so the files saved after it hold all it names.

    Args:
        url: address of the database.
        target: must not exist yet; appears only when it is whole.

    Raises:
        StartError: the target exists, or the disk is full.
    """
    if target.exists():
        raise StartError(f"{target} exists: choose another name.")
    half = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
            dump = Path(folder) / DUMP
            run_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", url=url)
            manifest = Path(folder) / MANIFEST
            manifest.write_text(json.dumps({"renmai": __version__, "made_at": datetime.now(UTC).isoformat()}))
            _pack(half, [manifest, dump])
        half.replace(target)
    except OSError as error:
        raise StartError(f"{target} cannot be written ({error.strerror}): make room, or choose another place.") from None
    finally:
        half.unlink(missing_ok=True)


def _pack(target: Path, first: list[Path]) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
        for path in first:
            archive.write(path, path.name)
        for path in (found for name in KEPT for found in (env.data / name, *(env.data / name).rglob("*"))):
            if path.is_file():
                archive.write(path, path.relative_to(env.data))


def run_tool(program: str, *arguments: str, url: str) -> None:
    """Run one of PostgreSQL's tools on a database; the password goes through the environment, where other users cannot read it.

    Raises:
        StartError: it failed.
    """
    from psycopg.conninfo import conninfo_to_dict

    names = {"dbname": "PGDATABASE"}
    variables = {names.get(key, f"PG{key.upper()}"): str(value) for key, value in conninfo_to_dict(url).items()}
    command = [str(Postgres(env.data).tools / program), *arguments]
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StartError(f"{program} failed: {done.stderr.strip().splitlines()[-1]}")
