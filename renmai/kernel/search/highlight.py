"""Which part of a title answers a query, shown as spans of the title as it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, groupby

from renmai.kernel.search import pinyin
from renmai.kernel.search.fold import DENSE, fold
from renmai.kernel.search.typos import neighbours

Span = tuple[str, bool]

_RUN = re.compile(rf"[{DENSE}]+|[^\W_{DENSE}]+")
_NIKHAHIT, _SARA_AA = "\u0e4d", "\u0e32"


def highlight(title: str, text: str, *, is_mistyped: bool = False) -> list[Span]:
    """Split a title into what a query found and what it did not.

    Args:
        title: as it is shown.
        text: what was typed.
        is_mistyped: words written a letter otherwise were found, too.

    Returns:
        Pairs of text and whether it was found; joined, the texts are the title. No letter is cut from its marks.
    """
    clusters = list(_clusters(title))
    folded = [fold(cluster) for cluster in clusters]
    found = {index for word in words_of(text) for index in _places(word, folded) or (_alike(word, folded) if is_mistyped else ())}
    marked = [(cluster, index in found) for index, cluster in enumerate(clusters)]
    return [("".join(cluster for cluster, _hit in group), hit) for hit, group in groupby(marked, key=lambda pair: pair[1])]


def words_of(text: str) -> list[str]:
    """The words of what was typed, folded: runs of letters of one kind."""
    return _RUN.findall(fold(text))


def _clusters(text: str) -> Iterator[str]:
    """Letters with the marks that stand on them."""
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not _continues(text[start:index], text[index]):
            yield text[start:index]
            start = index


def _continues(cluster: str, character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or (character == _SARA_AA and _NIKHAHIT in cluster)


def _places(word: str, folded: list[str]) -> set[int]:
    """Indexes of the clusters in which the word, or its pinyin, is found."""
    whole = "".join(folded)
    starts = list(accumulate(map(len, folded), initial=0))
    owners = [index for index, cluster in enumerate(folded) for _letter in cluster]
    places = {owners[at] for start in _occurrences(word, whole) for at in range(start, start + len(word))}
    if not places and word.isascii() and word.isalpha():
        places = {index for start in range(len(starts) - 1) for index in _read_as(word, folded, start)}
    return places


def _alike(word: str, folded: list[str]) -> set[int]:
    """Indexes of the clusters of words that differ from this one by a letter."""
    owners = [index for index, cluster in enumerate(folded) for _letter in cluster]
    there = [found for found in _RUN.finditer("".join(folded)) if found[0] in neighbours(word)]
    return {owners[at] for found in there for at in range(found.start(), found.end())}


def _occurrences(word: str, whole: str) -> list[int]:
    """Where the word stands; one or two letters of an alphabet only at the beginning of a word."""
    short = len(word) < 3 and word.isascii()
    pattern = rf"(?<![^\W_{DENSE}]){re.escape(word)}" if short else re.escape(word)
    return [found.start() for found in re.finditer(pattern, whole)]


def _read_as(word: str, folded: list[str], start: int) -> range:
    """The clusters from `start` whose pinyin or initials are the word."""
    end = _spelled_until(word, folded, start)
    if end is None and len(word) > 1:
        heads = [{reading[0] for reading in pinyin.readings(cluster)} for cluster in folded[start : start + len(word)] if len(cluster) == 1]
        end = (
            start + len(word) if len(heads) == len(word) and all(letter in head for letter, head in zip(word, heads, strict=True)) else None
        )
    return range(start, end) if end else range(0)


def _spelled_until(word: str, folded: list[str], start: int) -> int | None:
    """The index after the last character that the letters spell, the last syllable perhaps unfinished."""
    if start == len(folded) or len(folded[start]) != 1:
        return None
    for reading in pinyin.readings(folded[start]):
        if reading.startswith(word):
            return start + 1
        if word.startswith(reading) and (end := _spelled_until(word[len(reading) :], folded, start + 1)):
            return end
    return None
