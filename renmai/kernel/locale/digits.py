"""Typed text before it is understood: one width, one kind of digit, no invisible characters."""

from __future__ import annotations

import unicodedata

INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
# They choose the shape of an emoji, or of a character in a name (葛󠄀城): kept as written, the same to whoever seeks or sorts it.
VARIATION_SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


class _Digits(dict[int, int | str | None]):
    def __missing__(self, code: int) -> int | str:
        digit = unicodedata.decimal(chr(code), None)
        self[code] = found = code if digit is None else str(digit)
        return found


_PLAIN = _Digits(INVISIBLE)


def plain(text: str) -> str:
    """Fold full-width forms, turn every script's digits (๐-๙, ０-９…) into 0-9, and drop invisible characters and outer blanks."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).translate(_PLAIN).strip()
