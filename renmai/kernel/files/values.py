"""Files as a field holds them: of each its id, name, size and media type, so that a list shows and finds them by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from renmai.kernel.files.model import StoredFile

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PARTS = {"id": str, "name": str, "size": int, "type": str}
MOST = 50


def as_value(stored: StoredFile) -> dict[str, Any]:
    """A file as a field holds it and as the API tells it."""
    return {"id": str(stored.pk), "name": stored.name, "size": stored.size, "type": stored.media_type}


def clean_stored(raw: Any) -> list[dict[str, Any]]:
    """Files as a field has held them.

    Raises:
        ValueError: it is something else; whether a person may name a file, ``field.named`` tells.
    """
    if not isinstance(raw, list) or held(raw) != raw:
        raise ValueError(_("Files are put here one record at a time."))
    return raw


def held(raw: Any) -> list[dict[str, Any]]:
    """What of a stored value is a file."""
    return [file for file in raw if _is_whole(file)] if isinstance(raw, list) else []


def _is_whole(file: Any) -> bool:
    return isinstance(file, dict) and file.keys() == PARTS.keys() and all(type(file[name]) is kind for name, kind in PARTS.items())


def names(files: Iterable[Mapping[str, Any]]) -> str:
    """What files are called, one on each line, as the database's ``renmai_names`` joins them."""
    return "\n".join(file["name"] for file in files)
