"""One spelling for what people would call the same text: case, width, accents, both Chinese scripts, Thai typing order."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

from renmai.kernel.locale.digits import INVISIBLE, VARIATION_SELECTORS

# Blocks written without spaces, or whose letters are more than one character; they are searched by bigrams.
DENSE = (
    "\u0900-\u0963\u0966-\u109f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
)
HAN = "\u3400-\u9fff"
_HAN_CODES = range(0x3400, 0xA000)
_NO_LETTERS = dict.fromkeys(map(ord, "'’‘ʼ`´ฯ"))
_THAI_SIGNS = dict.fromkeys(map(ord, "฿๏๚๛"), " ")
_LETTERS_WITHOUT_PARTS = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
_LAST_ALPHABET = "\u052f"  # Latin, Greek and Cyrillic end here; the marks of later scripts are letters of their own

_THAI = re.compile("[\u0e01-\u0e4e]")
_THAI_SWAPPED = re.compile("([\u0e48-\u0e4e])([\u0e31\u0e34-\u0e3a\u0e47])")
_THAI_AM = re.compile("(?:\u0e4d([\u0e48-\u0e4b])|([\u0e48-\u0e4b])?\u0e4d)\u0e32([\u0e48-\u0e4b])?")


class _Folding(dict[int, str | None]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = _fold_character(chr(code))
        return folded


def fold(text: str) -> str:
    """The searchable form of a text.

    NFKC, case-folded, accents of alphabets dropped, digits of every script as 0-9, traditional characters as simplified ones,
    tone marks and vowels of Thai in one order, invisible characters, choices of a shape and apostrophes gone.
    """
    if text.isascii():
        return text.lower().translate(_NO_LETTERS)
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_folding())
    return _in_thai_order(folded) if _THAI.search(folded) else folded


def _in_thai_order(text: str) -> str:
    """Vowel before tone mark, ำ as one letter, and แ for two เ: the eye cannot tell them apart."""
    return _THAI_AM.sub("\\1\\2\\3\u0e33", _THAI_SWAPPED.sub(r"\2\1", text)).replace("เเ", "แ")


def _fold_character(character: str) -> str | None:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    base = unicodedata.normalize("NFD", character)[0]
    if base > _LAST_ALPHABET:
        return character
    if unicodedata.category(base) == "Mn":
        return None
    return _LETTERS_WITHOUT_PARTS.get(base, base)


@cache
def _folding() -> _Folding:
    return _Folding(_traditional_to_simplified() | _NO_LETTERS | _THAI_SIGNS | INVISIBLE | VARIATION_SELECTORS)


def _traditional_to_simplified() -> dict[int, str]:
    """Character by character, because a query is often only a part of the phrase by which OpenCC would decide."""
    converter = OpenCC("t2s")
    separated = "\n".join(map(chr, _HAN_CODES))
    simplified = converter.convert(separated).split("\n")
    return {code: folded for code, folded in zip(_HAN_CODES, simplified, strict=True) if chr(code) != folded}
