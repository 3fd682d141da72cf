"""The whole company from a folder into an empty system."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.archive.older import Taking, takings
from renmai.kernel.archive.tables import Table
from renmai.kernel.archive.write import AT_ONCE, DATA, FILES, FORMAT, MANIFEST, Tell, migrations, steps
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.places import place
from renmai.kernel.overlay import company, indexes, version
from renmai.kernel.overlay.computed.install import install
from renmai.kernel.overlay.computed.marks import mark_all, take_some
from renmai.kernel.records.numbers import number_fields, sequence
from renmai.kernel.records.types import registry


def manifest_of(folder: Path) -> dict[str, Any]:
    """What a folder says of itself.

    Raises:
        Refused: it is no whole export, or one of a later version.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Refused(_("This folder holds no whole export: %(name)s is missing.") % {"name": MANIFEST}) from None
    if found.get("format") != FORMAT or not set(found.get("migrations", {}).items()) <= steps():
        raise Refused(
            _("This export was made by Renmai %(version)s, which has tables that are not known here: bring this Renmai up to date first.")
            % {"version": found.get("renmai", "?")}
        )
    return found  # type: ignore[no-any-return]


def require_empty() -> None:
    """Raise ``Refused`` where somebody has worked here: an import of everything takes the place of what is there."""
    made = [kind for kind in registry.all() if kind.model.objects.filter(created_by__isnull=False).exists()]
    if made or User.objects.count() > 1:
        raise Refused(_("There is data here already. Everything can only be imported into an empty system."))


def read(folder: Path, tell: Tell = lambda name, rows: None) -> dict[str, Any]:
    """Bring everything back, in one transaction: all of it or nothing. What was there goes.

    Returns:
        The manifest.

    Raises:
        Refused: see ``manifest_of`` and ``takings``.
    """
    manifest = manifest_of(folder)
    coming = takings(folder, manifest)
    found = [one.table for one in coming]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(_named(table) for table in found)} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _switch(cursor, found, "DISABLE")  # the history comes along as it was, and nothing follows a second time
        for one in coming:
            tell(one.name, _take(cursor, one, folder / DATA / f"{one.name}.jsonl"))
        cursor.execute("UPDATE kernel_user SET password = '!' WHERE password = ''")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _switch(cursor, found, "ENABLE")
        _count_on(cursor, found)
        cursor.execute("UPDATE kernel_customfield SET version = version WHERE false")  # its trigger tells every process to look again
    _files(folder)
    company.forget()
    version.refresh()
    install()
    indexes.build_missing(0)
    if manifest["migrations"] != migrations():
        _index_anew()
    return manifest


def _index_anew() -> None:
    """What older search text does not know, records are not found by."""
    for kind in registry.all():
        mark_all(kind)
    take_some()


def _named(table: Table) -> str:
    return f'"{table.table}"'


def _switch(cursor: Any, found: list[Table], how: str) -> None:
    for table in found:
        cursor.execute(f"ALTER TABLE {_named(table)} {how} TRIGGER USER")


def _take(cursor: Any, one: Taking, path: Path) -> int:
    """Take the rows of one table in, some at a time."""
    rows = 0
    with path.open(encoding="utf-8") as file:
        for lines in _portions(file):
            cursor.execute(one.insert, [*one.given.values(), f"[{','.join(lines)}]"])
            rows += len(lines)
    return rows


def _portions(file: Iterator[str]) -> Iterator[list[str]]:
    while lines := list(islice(file, AT_ONCE)):
        yield lines


def _count_on(cursor: Any, found: list[Table]) -> None:
    """Let the numbers that the database gives go on behind those that came."""
    for table in found:
        if any(one.name == table.key and one.kind in {"int2", "int4", "int8"} for one in table.columns):
            highest = f'SELECT max("{table.key}") FROM {_named(table)}'  # noqa: S608
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{_named(table)}', '{table.key}'), ({highest})) WHERE ({highest}) IS NOT NULL"
            )
    for kind in registry.all():
        for numbered in number_fields(kind):
            highest = f'SELECT max(substring("{numbered.column}" from \'([0-9]{{1,9}})$\')::bigint) FROM "{kind.model._meta.db_table}"'  # noqa: S608
            cursor.execute(f"SELECT setval('{sequence(kind)}', ({highest})) WHERE ({highest}) IS NOT NULL")


def _files(folder: Path) -> None:
    """Put the files back into their place."""
    for stored in StoredFile.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        source = folder / FILES / stored.key
        if source.is_file():
            stored.path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, stored.path)
            place().put(stored.path, stored.key)
