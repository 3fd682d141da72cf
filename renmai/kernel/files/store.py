"""Keeping files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from renmai.kernel.files.model import StoredFile

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def keep(name: str, chunks: Iterable[bytes], *, by: User | None, media_type: str = "application/octet-stream") -> StoredFile:
    """Store what comes in pieces.

    Args:
        name: its name for people; folders in it are dropped.
        chunks: the bytes.
    """
    stored = make(name, by=by, media_type=media_type)
    with stored.path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return close(stored)


def keep_copy(path: Path, *, by: User | None) -> StoredFile:
    """Store a copy of a file that lies on this machine."""
    stored = make(path.name, by=by)
    shutil.copyfile(path, stored.path)
    return close(stored)


def make(name: str, *, by: User | None, media_type: str = "application/octet-stream") -> StoredFile:
    """A place to write to, whose row is stored by ``close``."""
    stored = StoredFile(name=Path(name.replace("\\", "/")).name or "file", by=by, media_type=media_type)
    stored.path.parent.mkdir(parents=True, exist_ok=True)
    return stored


def close(stored: StoredFile) -> StoredFile:
    """Store the row of a file whose bytes are written."""
    stored.size = stored.path.stat().st_size
    stored.save(force_insert=True)
    return stored
