"""The whole company into a folder: JSON Lines and Parquet per type, its schema and its files, as of one moment."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from renmai import __version__
from renmai.kernel.archive.tables import LEFT_OUT, Table, tables
from renmai.kernel.files.model import StoredFile

FORMAT = 1
AT_ONCE = 2_000
MEMORY = "300MB"
LONGEST = 32_000_000  # bytes of one row as JSON; the reader takes a few times as much
MANIFEST, SCHEMA, DATA, FILES = "manifest.json", "schema.json", "data", "files"
Tell = Callable[[str, int], None]


def migrations() -> dict[str, str]:
    """The last step of each part of the database: two systems with the same ones have the same tables."""
    return dict(sorted(steps()))


def steps() -> set[tuple[str, str]]:
    """Every step that the database has taken."""
    return set(MigrationRecorder.Migration.objects.values_list("app", "name"))


def write(folder: Path, tell: Tell = lambda name, rows: None) -> dict[str, Any]:
    """Write everything into a folder.

    Args:
        folder: empty, or not there yet.
        tell: called after each table with its name and number of rows.

    Returns:
        The manifest.
    """
    (folder / DATA).mkdir(parents=True, exist_ok=True)
    found = tables()
    with transaction.atomic():
        if not connection.savepoint_ids:  # all as of one moment, where the transaction is our own
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        counts = {table.name: _lines(table, folder, tell) for table in found}
        files = _files(folder)
        last = migrations()
    with duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{MEMORY}'; SET threads = 1; SET preserve_insertion_order = true")
        for table in found:
            _parquet(database, table, folder)
    manifest = {
        "renmai": __version__,
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "migrations": last,
        "rows": counts,
        "files": files,
        "left_out": LEFT_OUT,
    }
    _json(folder / SCHEMA, [table.as_json() for table in found])
    _json(folder / MANIFEST, manifest)  # last: a folder without it is not whole
    return manifest


def _lines(table: Table, folder: Path, tell: Tell) -> int:
    """One table as JSON Lines, read through a cursor of the server."""
    rows = 0
    with (
        connection.cursor() as outer,
        outer.connection.cursor(name=f"archive_{table.table}") as cursor,
        (folder / DATA / f"{table.name}.jsonl").open("w", encoding="utf-8", newline="\n") as file,
    ):
        outer.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.itersize = AT_ONCE
        cursor.execute(table.query)
        for (line,) in cursor:
            file.write(line + "\n")
            rows += 1
    tell(table.name, rows)
    return rows


def _parquet(database: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> None:
    """The same rows as Parquet, without what only this program can read."""
    columns = {one.name: one.outside for one in table.columns if one.outside}
    told = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    source, target = (str(folder / DATA / f"{table.name}.{suffix}").replace("'", "''") for suffix in ("jsonl", "parquet"))
    reading = f"read_json('{source}', format = 'newline_delimited', maximum_object_size = {LONGEST}, columns = {{{told}}})"
    database.execute(f"COPY (SELECT * FROM {reading}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")  # noqa: S608


def _files(folder: Path) -> int:
    """Copies of the files that people brought."""
    found = 0
    for stored in StoredFile.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        if stored.is_here():
            target = folder / FILES / stored.key
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(stored.path, target)
            found += 1
    return found


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
