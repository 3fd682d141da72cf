"""The order of text, as bytes that PostgreSQL compares: see docs/decisions/0010-sort-keys.md for the rule and its reasons.

A key is three levels with a zero byte between them: what the letters are, their accents and tone marks, their case. The
levels decide in this order, so that `ana`, `Ana` and `Ána` stand together.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

from django.conf import settings

from renmai.kernel.locale.digits import VARIATION_SELECTORS, plain

HanOrder = Literal["pinyin", "stroke"]
MAX_CHARACTERS = 64
CACHED = 4_000  # sales, tasks and documents are called alike

_SPACE, _NUMBER, _LATIN, _OTHER, _THAI, _HAN, _RARE_HAN = 0x02, 0x10, 0x30, 0x50, 0x60, 0xC0, 0xD0
_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF
_PLAIN, _LOWER, _UPPER = b"\x01", b"\x01", b"\x02"
_DIGITS = re.compile(r"(\d+)")
_THAI_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_THAI_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_THAI_MARKS = frozenset(chr(code) for code in range(0x0E47, 0x0E4F))
_LATIN_LETTERS = {"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"}


class _Weight(NamedTuple):
    letter: bytes
    accent: bytes
    case: bytes


def sort_key(text: str, han: HanOrder | None = None) -> bytes:
    """The key by which text is ordered.

    Numbers come first and by value, then Latin letters, other scripts by code point, Thai in dictionary order, and Han by
    pinyin or by strokes. Punctuation does not count; case and accents count only between words that are otherwise the same.

    Args:
        text: any text; the first 64 characters count.
        han: how Han characters are ordered; by default strokes where the company's language is Traditional Chinese, else pinyin.

    Returns:
        At most 400 bytes. Equal keys mean that the texts differ in nothing but punctuation, width or invisible characters.
    """
    return _key(plain(text)[:MAX_CHARACTERS], han or company_order())


def beginning(text: str) -> bytes:
    """What the keys of all texts begin with that begin with this one; a number at its end must be the whole number."""
    return _levels(plain(text)[:MAX_CHARACTERS], company_order())[0]


@lru_cache(maxsize=CACHED)
def _key(text: str, han: HanOrder) -> bytes:
    letters, accents, cases = _levels(text, han)
    return b"\x00".join([letters, accents.rstrip(_PLAIN), cases.rstrip(_LOWER)])


def _levels(text: str, han: HanOrder) -> tuple[bytes, ...]:
    """Letters, accents and case of a text."""
    if text.isascii() and not _DIGITS.search(text):
        letters, cases = _ascii(han)
        return text.encode().translate(*letters), b"", text.encode().translate(*cases)
    ordered, weights = _dictionary_order(text), weights_of(han)
    units = chain.from_iterable(_units(part, weights) for part in _split_numbers(ordered))
    return tuple(map(b"".join, zip(*units, strict=True))) if ordered else (b"", b"", b"")


@cache
def _ascii(han: HanOrder) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
    """Letter and case of each ASCII character as ``bytes.translate`` wants them, with those that have none; accents there are not."""
    weights = list(map(weights_of(han).__getitem__, map(chr, range(128))))
    return _table([weight.letter for weight in weights]), _table([weight.case for weight in weights])


def _table(of: list[bytes]) -> tuple[bytes, bytes]:
    return b"".join(one or b"\0" for one in of).ljust(256, b"\0"), bytes(code for code, one in enumerate(of) if not one)


def company_order() -> HanOrder:
    """How the company orders Han characters: by strokes where its language is Traditional Chinese, else by pinyin."""
    return "stroke" if settings.LANGUAGE_CODE.lower() == "zh-hant" else "pinyin"


def _dictionary_order(text: str) -> str:
    """A Thai vowel that is written before its consonant is sorted after it; ำ is one letter."""
    return text if text.isascii() else _THAI_LEADING_VOWEL.sub(r"\2\1", _THAI_AM.sub("\\1\u0e33", text))


def _split_numbers(text: str) -> list[str]:
    """Runs of digits and of everything else."""
    return list(filter(None, _DIGITS.split(text)))


def _units(part: str, weights: Weights) -> list[_Weight]:
    if part.isdecimal():
        value = part.lstrip("0")
        return [_Weight(bytes([_NUMBER, len(value)]) + value.encode(), _PLAIN, b"")]
    return list(map(weights.__getitem__, part))


class Weights(dict[str, _Weight]):
    """The weight of each character, worked out when it is first met."""

    def __init__(self, ranks: array[int]) -> None:
        super().__init__()
        self._ranks = ranks

    def has_rank(self, character: str) -> bool:
        """It is a Han character of the tables."""
        return _FIRST_HAN <= ord(character) <= _LAST_HAN and bool(self._ranks[ord(character) - _FIRST_HAN])

    def ranks_as_bytes(self) -> bytes:
        """The rank of each Han character from U+3400 on, in two bytes, the higher one first."""
        return b"".join(rank.to_bytes(2, "big") for rank in self._ranks)

    def __missing__(self, character: str) -> _Weight:
        self[character] = weight = self._weigh(character)
        return weight

    def _weigh(self, character: str) -> _Weight:
        if character in _THAI_MARKS:
            return _Weight(b"", bytes([ord(character) - 0x0E40]), b"")
        if "\u0e01" <= character <= "\u0e46":
            return _Weight(bytes([_THAI + ord(character) - 0x0E01]), _PLAIN, b"")
        if "\u3400" <= character <= "\u9fff" and (rank := self._ranks[ord(character) - _FIRST_HAN]):
            return _Weight(bytes([_HAN, *divmod(rank, 256)]), _PLAIN, b"")
        if unicodedata.category(character)[0] in "LM" and ord(character) not in VARIATION_SELECTORS:
            return _letter(character)
        return _Weight(bytes([_SPACE]), _PLAIN, b"") if character.isspace() or character in "-_/" else _Weight(b"", b"", b"")


def _letter(character: str) -> _Weight:
    """A letter of an alphabet: its base letters, its marks, its case."""
    base, *marks = list(unicodedata.normalize("NFD", character))
    if unicodedata.category(base)[0] == "M":
        return _Weight(b"", _accents([base]), b"")
    folded = base.casefold()
    plain_letters = _LATIN_LETTERS.get(folded, folded)
    accent = _accents(marks) if plain_letters == folded else b"\x7f"
    case = _UPPER if base != base.lower() else _LOWER
    return _Weight(b"".join(map(_base_letter, plain_letters)), _PLAIN + accent, case)


def _base_letter(letter: str) -> bytes:
    if "a" <= letter <= "z":
        return bytes([_LATIN + ord(letter) - ord("a")])
    lead = _RARE_HAN if unicodedata.name(letter, "").startswith("CJK") else _OTHER
    return bytes([lead]) + ord(letter).to_bytes(3, "big")


def _accents(marks: list[str]) -> bytes:
    return bytes(2 + ord(mark) % 0x7D for mark in marks)


@cache
def weights_of(han: HanOrder) -> Weights:
    """The weight of each character."""
    listed = (Path(__file__).parent / "data" / f"han_{han}.txt").read_text(encoding="utf-8").replace("\n", "")
    ranks = array("H", bytes(2 * (_LAST_HAN - _FIRST_HAN + 1)))
    for rank, character in enumerate(listed, start=1):
        ranks[ord(character) - _FIRST_HAN] = rank
    return Weights(ranks)
