"""What a file is, by what it holds: neither its name nor what the sender says of it is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import puremagic

LOOKED_AT = 8_192
PROGRAMS = {
    "application/vnd.microsoft.portable-executable",
    "application/x-executable",
    "application/x-sharedlib",
    "application/x-mach-binary",
    "application/x-msdownload",
    "application/x-dosexec",
}
UNKNOWN: Final = "application/octet-stream"


def media_type_of(path: Path) -> str:
    """The media type, ``application/octet-stream`` where it cannot be told; text is ``text/plain``, whatever it is written in."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    if _is_text(head):
        return "text/plain"
    try:
        return puremagic.from_string(head, mime=True, filename=path.name) or UNKNOWN
    except (puremagic.PureError, ValueError):
        return UNKNOWN


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters, save for a letter that is cut in two at the end."""
    try:
        text = head.decode()
    except UnicodeDecodeError as problem:
        if problem.start < len(head) - 3:
            return False
        text = head[: problem.start].decode()
    return all(letter >= " " or letter in "\t\n\r\f" for letter in text)
