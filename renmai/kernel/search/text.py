"""Search text: the lexemes stored for a record and the query that asks them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"\w+")


def lexemes(values: Iterable[tuple[str, str]]) -> list[str]:
    """The lexemes to store for a record.

    Args:
        values: pairs of field kind (`text`, `phone`, `email`…) and text.

    Returns:
        Sorted lexemes without repeats, ready for `SearchField`.
    """
    return sorted({word for _, text in values for word in _words(text)})


def query(text: str) -> str:
    """A tsquery, as text, that finds records by what a person typed; empty when there is nothing to look for."""
    return " & ".join(f"'{word}':*" for word in _words(text))


def _words(text: str) -> list[str]:
    return [word[:40] for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold())]
