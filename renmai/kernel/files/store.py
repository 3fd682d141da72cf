"""Keeping files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from renmai.config.env import env
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.places import place
from renmai.kernel.files.sniff import PROGRAMS, media_type_of

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from renmai.kernel.access.user import User

LONGEST_NAME = 200


def receive(sent: UploadedFile[Any] | None, *, by: User | None) -> StoredFile:
    """Store a file that somebody sends to have it on a record.

    Raises:
        Invalid: there is none, it is empty or too large, or of a kind that is not taken; the field is ``file``.
    """
    if sent is None:
        raise Invalid({"file": [_("Send the file as the part “file” of a form.")]})
    _require_size(sent.size or 0)
    _require_ending(sent.name or "")
    stored = make(sent.name or "", by=by)
    with stored.path.open("wb") as file:
        for chunk in sent.chunks():
            file.write(chunk)
    stored.media_type = media_type_of(stored.path)
    if env.refused_files and stored.media_type in PROGRAMS:
        stored.path.unlink()
        raise Invalid({"file": [_("This file is a program, whatever its name says. Programs are not taken.")]})
    return close(stored)


def _require_size(size: int) -> None:
    if not size:
        raise Invalid({"file": [_("This file is empty.")]})
    if size > env.file_limit:
        most = env.file_limit // (1024 * 1024)
        raise Invalid({"file": [_("This file is too large: files of up to %(most)s MB are taken.") % {"most": most}]})


def _require_ending(name: str) -> None:
    ending = Path(name).suffix.lstrip(".").lower()
    if ending in env.refused_files:
        raise Invalid({"file": [_("Files of the kind “.%(ending)s” are not taken.") % {"ending": ending}]})


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
    types = by.access.reach_types if by is not None else []
    stored = StoredFile(name=called(name), by=by, types=types, media_type=media_type)
    stored.path.parent.mkdir(parents=True, exist_ok=True)
    return stored


def called(name: str) -> str:
    """A name for people: without folders and control characters, not too long, its ending kept."""
    last = Path("".join(letter for letter in name.replace("\\", "/") if letter.isprintable())).name
    path = Path(last or "file")
    return f"{path.stem[: LONGEST_NAME - len(path.suffix)]}{path.suffix}" if len(path.suffix) < LONGEST_NAME else last[:LONGEST_NAME]


def close(stored: StoredFile) -> StoredFile:
    """Store the row of a file whose bytes are written, and bring the bytes to their place."""
    stored.size = stored.path.stat().st_size
    place().put(stored.path, stored.key)
    stored.save(force_insert=True)
    return stored


def destroy(stored: StoredFile) -> None:
    """Delete a file for good; its bytes once the transaction is through."""
    path, key = stored.path, stored.key
    stored.delete()
    transaction.on_commit(lambda: place().drop(path, key))
