"""Words written a letter otherwise: one wrong, missing or too many, or two that changed places.

These are the texts at a distance of one by Damerau, F. J. (1964), "A technique for computer detection and correction of spelling errors",
Communications of the ACM 7(3). Of all of them those are kept that stand anywhere: some 300 look-ups for a word of six letters, in an
index as it is, cost a few milliseconds and keep nothing.
"""

from __future__ import annotations

from functools import lru_cache
from string import ascii_lowercase

SHORTEST = 4  # a shorter word written otherwise is mostly another word
LONGEST = 24
CACHED = 200


@lru_cache(maxsize=CACHED)
def neighbours(word: str) -> frozenset[str]:
    """What somebody may have meant who typed this; nothing for a word that is short, or not of the letters a to z.

    Args:
        word: folded, as `renmai.kernel.search.fold` does.
    """
    if not (SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()):
        return frozenset()
    parted = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {begun + rest[1:] for begun, rest in parted if rest}
    swapped = {begun + rest[1] + rest[0] + rest[2:] for begun, rest in parted if len(rest) > 1}
    wrong = {begun + letter + rest[1:] for begun, rest in parted if rest for letter in ascii_lowercase}
    more = {begun + letter + rest for begun, rest in parted for letter in ascii_lowercase}
    return frozenset(missing | swapped | wrong | more) - {word}
