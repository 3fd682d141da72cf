"""``renmai restore``: bring back what ``renmai backup`` has saved."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zipfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from renmai.config.claim import is_claimed
from renmai.config.cli import database
from renmai.config.commands.backup import DUMP, KEPT, MANIFEST, run_tool
from renmai.config.env import env
from renmai.config.errors import StartError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the archive, and the consent to lose what is there."""
    parser.add_argument("file", type=Path, help="an archive of 'renmai backup'")
    parser.add_argument("--replace", action="store_true", help="replace the data that is there now")


def handle(args: argparse.Namespace) -> None:
    """Bring an archive back and say so."""
    if is_claimed(env.data):
        raise StartError("Renmai is running: stop it with Ctrl-C, then restore.")
    with database() as url:
        restore(url, args.file, replace=args.replace)
    print(f"{args.file} is restored: start with 'renmai serve'.")


def restore(url: str, archive: Path, *, replace: bool) -> None:
    """Put the saved database and files in the place of what is there.

    The dump is read into a new database, which takes the name of the old one only when it is whole.

    Args:
        url: address of the database to replace.
        archive: made by ``backup``.
        replace: whether data that is there may be lost.

    Raises:
        StartError: the archive is none of ours, there is data and ``replace`` is false, or the role may not create a database.
    """
    if not replace and _has_tables(url):
        raise StartError("The database is not empty: add --replace to lose what is in it.")
    with tempfile.TemporaryDirectory(dir=env.data) as folder:
        _unpack(archive, Path(folder))
        _restore_database(url, Path(folder) / DUMP)
        for name in KEPT:
            _put(Path(folder) / name, env.data / name)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as file:
            file.extractall(folder)
    except (OSError, zipfile.BadZipFile) as error:
        raise StartError(f"{archive} cannot be read ({error}): name an archive of 'renmai backup'.") from None
    if not (folder / MANIFEST).exists() or not (folder / DUMP).exists():
        raise StartError(f"{archive} is not an archive of 'renmai backup'.")


def _restore_database(url: str, dump: Path) -> None:
    name = urlsplit(url).path.lstrip("/")
    fresh, old = f"{name}_restoring", f"{name}_replaced"
    with psycopg.connect(_sibling(url, "postgres"), autocommit=True) as server:
        _drop(server, fresh, old)
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(fresh)))
        except psycopg.errors.InsufficientPrivilege:
            raise StartError("The database's user may not create databases: let it with ALTER ROLE … CREATEDB.") from None
        run_tool("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={fresh}", str(dump), url=url)
        _rename(server, name, old)
        _rename(server, fresh, name)
        _drop(server, old)


def _has_tables(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())").fetchone()
    return bool(found and found[0])


def _sibling(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _drop(server: psycopg.Connection, *names: str) -> None:
    for name in names:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _rename(server: psycopg.Connection, old: str, new: str) -> None:
    server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [old])
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


def _put(source: Path, target: Path) -> None:
    if not source.exists():
        return
    if target.is_dir():
        shutil.rmtree(target)
    shutil.move(source, target)
    if target.is_file():
        target.chmod(0o600)
