"""Typed text before it is understood: one width, one kind of digit, no invisible characters."""

from __future__ import annotations

import unicodedata

INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])


class _Digits(dict[int, int | str | None]):
    def __missing__(self, code: int) -> int | str:
        digit = unicodedata.decimal(chr(code), None)
        self[code] = found = code if digit is None else str(digit)
        return found


_PLAIN = _Digits(INVISIBLE)


def plain(text: str) -> str:
    """Fold full-width forms, turn every script's digits (๐-๙, ０-９…) into 0-9, and drop invisible characters and outer blanks."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).translate(_PLAIN).strip()
