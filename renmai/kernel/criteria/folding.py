"""Text as it is compared: the same folding in Python and in PostgreSQL.

Both do NFKC (Unicode Standard Annex 15) and then the *simple* lower-case mapping, one character to one character. Python's own
``str.lower`` is the full mapping, which differs for two characters: capital sigma, whose form depends on what follows, and
capital I with a dot, which becomes two characters.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any
from unicodedata import normalize

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import TextField, Transform

FUNCTION = "renmai_fold"
BRINGS_ITS_OWN = 170_000
SURROGATES = range(0xD800, 0xE000)


def fold(text: str) -> str:
    """The text as it is compared: ``"ＡＢＣ Ltd."`` and ``"abc ltd."`` fold to the same."""
    return simple_lower(normalize("NFKC", text))


def simple_lower(text: str) -> str:
    """The simple lower-case mapping of UnicodeData.txt, whatever stands around a character."""
    return text.replace("İ", "i").replace("Σ", "σ").lower()


class Fold(Transform):
    """``renmai_fold(column)``: what ``fold`` is in Python."""

    lookup_name = "fold"
    function = FUNCTION
    output_field = TextField()


def capitals() -> Iterator[str]:
    """Every character beyond ASCII that NFKC keeps and lower-casing changes."""
    for point in range(0x80, sys.maxunicode + 1):
        letter = chr(point)
        if point not in SURROGATES and simple_lower(letter) != letter == normalize("NFKC", letter):
            yield letter


def ranges(letters: Iterable[str], gap: int = 64) -> list[tuple[str, str]]:
    """The letters as few ranges, joined where fewer than ``gap`` characters lie between."""
    found: list[tuple[str, str]] = []
    for letter in letters:
        if found and ord(letter) - ord(found[-1][1]) < gap:
            found[-1] = (found[-1][0], letter)
        else:
            found.append((letter, letter))
    return found


def builtin_definition(name: str = FUNCTION) -> str:
    """The function where PostgreSQL brings the simple mapping itself, the same on every machine (17 and later)."""
    return f"""CREATE OR REPLACE FUNCTION {name}(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN lower(normalize($1, NFKC) COLLATE pg_c_utf8)"""


def portable_definition(name: str = FUNCTION) -> str:
    """The function where ``lower`` depends on the machine (PostgreSQL 15 and 16).

    ``translate`` looks through its whole list for every character, so text without capitals beyond ASCII, Han and Thai
    among it, goes without.
    """
    letters = list(capitals())
    classes = "".join(f"{first}-{last}" for first, last in ranges(letters))
    small = "".join(simple_lower(letter) for letter in letters)
    lowered = 'lower(normalize($1, NFKC) COLLATE "C")'
    return f"""CREATE OR REPLACE FUNCTION {name}(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN CASE WHEN {lowered} ~ '[{classes}]' THEN translate({lowered}, '{"".join(letters)}', '{small}') ELSE {lowered} END"""


def install_folding(using: str = DEFAULT_DB_ALIAS, **_rest: Any) -> None:
    """Make the function as this PostgreSQL can; before each migration, so that tables may have indexes over it."""
    with connections[using].cursor() as cursor:
        version = cursor.connection.info.server_version
        cursor.execute(builtin_definition() if version >= BRINGS_ITS_OWN else portable_definition())
