"""Sending a file to a browser: what came from outside never becomes a page of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing

if TYPE_CHECKING:
    from renmai.kernel.files.model import StoredFile

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def send(stored: StoredFile, *, shown: bool = False) -> FileResponse:
    """A file as a download.

    Args:
        shown: as a picture in a page of ours, where it is one.

    Raises:
        Missing: its bytes are gone.
    """
    if not stored.is_here():
        raise Missing(_("There is no such file."))
    as_picture = shown and stored.is_picture
    media_type = stored.media_type if as_picture else "application/octet-stream"
    file = stored.path.open("rb")
    return FileResponse(file, as_attachment=not as_picture, filename=stored.name, content_type=media_type, headers=HEADERS)
