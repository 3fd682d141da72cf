"""Text that a spreadsheet would run as a formula, made harmless on the way out and restored on the way in."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_FIRST = frozenset("'=+-@\t\r\n＝＋－＠")  # a look at it spares the pattern for most cells
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula (OWASP, "CSV Injection")."""
    return f"'{text}" if text[:1] in _FIRST and _FORMULA.match(text) else text


def guarded_all(texts: Sequence[str | None]) -> Sequence[str | None]:
    """The same of each text; most columns begin with nothing that calls for it."""
    if _FIRST.isdisjoint({text[:1] for text in texts if text}):
        return texts
    return [text and guarded(text) for text in texts]


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given."""
    return text[1:] if _GUARDED.match(text) else text
