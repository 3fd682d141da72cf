"""Search text: the lexemes stored for a record and the query that asks them.

Lexemes are of several kinds; a leading sign, which no folded text contains, keeps them apart:

| lexeme | made from | example |
| --- | --- | --- |
| `word` | a word of an alphabet, or digits; at most 24 letters | `huawei` |
| `^wo` | its first letter and its first two | `^h`, `^hu` |
| `~wor` | its trigrams | `~hua`, `~uaw` |
| `华`, `华为` | characters and bigrams of a run of Han, Thai, kana… | `สม` |
| `=syllable` | the readings of a Han character | `=hua` |
| `>joined` | pinyin from each character to the end of the run | `>huawei` |
| `@initials` | first letters of the pinyin, likewise | `@hw` |
| `+digits` | a telephone number from its first, second, third and fourth digit | `+66812345678` |
| `-stigid` | the same number backwards, so that its end is found by a prefix | `-87654321866` |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from types import MappingProxyType

from renmai.kernel.locale.names import compose, split
from renmai.kernel.search import pinyin
from renmai.kernel.search.fold import DENSE, HAN, fold
from renmai.kernel.search.terms import Lexeme, Term, either, every
from renmai.kernel.search.typos import neighbours

MAX_WORD = 24
MAX_VALUE = 20_000
MAX_HAN_RUN = 40
MAX_QUERY = 200
MAX_TERMS = 12
MAX_MISTYPED = 3
CACHED = 2_000
SHORT = 80
UNPARTED = 3  # so long a word is its own trigram
PARTED = range(6, 25)
UNSAID = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "sir",
        "khun",
        "and",
        "&",
        "the",
        "co",
        "ltd",
        "inc",
        "llc",
        "gmbh",
        "plc",
        "บ",
        "บจก",
        "บมจ",
        "หจก",
        "จก",
    ]
)
PROSE = frozenset({"long_text"})

_RUN = re.compile(rf"([{DENSE}]+)|([^\W_{DENSE}]+)")
_ASCII_RUN = re.compile("[a-z0-9]+")
_THAI_RUN = re.compile("[\u0e01-\u0e4e]+")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_E164 = re.compile(r"\+\d{7,15}(?:;ext=\d+)?")
_PHONE = re.compile(r"(?<!\w)\+?\d[\d ().\-]{4,}\d(?!\w)")
_NATIONAL_ZERO = re.compile(r"\(0\)")


def lexemes(values: Iterable[tuple[str, str]]) -> list[str]:
    """The lexemes to store for a record.

    Args:
        values: pairs of field kind and text. Of `long_text` only words and bigrams are kept, of `phone` and of any E.164
            number the digits as one number, of all others also trigrams and pinyin.

    Returns:
        Lexemes without repeats, in no order, ready for `SearchField`.
    """
    found: set[str] = set()
    for kind, text in values:
        found.update(_of_short(kind, text) if len(text) <= SHORT else _of_value(kind, text[:MAX_VALUE]))
    return list(found)


def query(text: str) -> str:
    """A tsquery, as text, that finds records by what a person typed.

    Every word must be found, in any order. A word of an alphabet is found by its beginning, by its middle from three letters, as
    pinyin or as initials; a run of Han or Thai anywhere; a telephone number by its beginning or its last four digits or more.

    Returns:
        Text that PostgreSQL always accepts; empty when there is nothing to look for.
    """
    term = parse(text)
    return str(term) if term else ""


def parse(text: str, *, in_prose: bool = True) -> Term | None:
    """The query as a tree, which can also be answered in memory; None when there is nothing to look for.

    Args:
        in_prose: long texts are looked through, too. Without them a word of four letters or more is asked for by its trigrams only,
            among which its beginning is, in half the time.
    """
    whole, core = _parse(text, in_prose), parse_core(text, in_prose=in_prose)
    return either([whole, core]) if whole and core else whole


def parse_core(text: str, *, in_prose: bool = True) -> Term | None:
    """The query without titles of people and forms of companies, which are often typed and seldom stored, or stored otherwise."""
    name = split(text)
    words = (compose(name.family, name.given) if name else text[:MAX_QUERY]).split()
    return _parse(" ".join(word for word in words if fold(word).strip(".,") not in UNSAID), in_prose) or _parse(text, in_prose)


def _parse(text: str, in_prose: bool) -> Term | None:
    terms = _terms(fold(text[:MAX_QUERY]), in_prose=in_prose)
    return every(terms) if terms else None


def parse_mistyped(text: str, standing: Callable[[set[str]], set[str]]) -> Term | None:
    """The same, where up to three words may be written a letter otherwise, or a blank be missing in Thai; None when none can be.

    Args:
        standing: tells which of some words stand anywhere.
    """
    folded = fold(text[:MAX_QUERY])
    runs = [run or word for run, word in _RUN.findall(folded) if neighbours(word) or _is_parted(run)][:MAX_MISTYPED]
    known = standing(set().union(*map(neighbours, runs)))
    mistyped = {run: known & neighbours(run) for run in runs if _is_parted(run) or known & neighbours(run)}
    return every(_terms(folded, mistyped)) if mistyped else None


def _of_value(kind: str, text: str) -> tuple[str, ...]:
    return tuple(chain.from_iterable(_parts(kind, fold(text))))


_of_short = lru_cache(maxsize=CACHED)(_of_value)  # names, towns and companies come again and again in an import


def _parts(kind: str, folded: str) -> Iterator[Iterable[str]]:
    phone = kind == "phone" or (folded.startswith("+") and _E164.fullmatch(folded))
    if phone:
        yield _phone("".join(filter(str.isdecimal, folded.partition(";ext=")[0])))
    split = _beginnings if kind in PROSE or phone else _word
    if folded.isascii():
        yield from map(split, _ASCII_RUN.findall(folded))
        return
    for dense, word in _RUN.findall(folded):
        if dense:
            yield _dense(dense)
            if kind not in PROSE:
                yield _pinyin(dense)
        else:
            yield split(word)


@lru_cache(maxsize=CACHED)
def _word(word: str) -> tuple[str, ...]:
    middles = _trigrams(word) if len(word) > UNPARTED else []
    return (*_beginnings(word), *middles)


def _beginnings(word: str) -> tuple[str, ...]:
    return (word[:MAX_WORD], f"^{word[0]}", f"^{word[:2]}")


def _trigrams(word: str) -> list[str]:
    return [f"~{word[start : start + 3]}" for start in range(min(len(word), MAX_WORD) - 2)]


@lru_cache(maxsize=CACHED)
def _dense(run: str) -> tuple[str, ...]:
    return (*run, *_bigrams(run))


def _bigrams(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)]


@lru_cache(maxsize=CACHED)
def _pinyin(run: str) -> tuple[str, ...]:
    return tuple(lexeme for han in _HAN_RUN.findall(run) for lexeme in _pinyin_of_han(han[:MAX_HAN_RUN]))


def _pinyin_of_han(run: str) -> Iterator[str]:
    yield from [f"={reading}" for character in set(run) for reading in pinyin.readings(character)]
    for joined, initials in pinyin.from_each(run):
        yield from [f">{word}" for word in joined]
        yield from [f"@{word}" for word in initials]


def _phone(digits: str) -> list[str]:
    """A country code has one to three digits, so one of the later beginnings is the number as it is dialled at home."""
    return [f"+{digits[start:MAX_WORD]}" for start in range(min(4, len(digits)))] + [f"-{digits[::-1][:MAX_WORD]}"] if digits else []


def _terms(folded: str, mistyped: Mapping[str, Iterable[str]] = MappingProxyType({}), *, in_prose: bool = True) -> list[Term]:
    """One expression per word or run; a telephone number typed with spaces may also be several words."""
    terms: list[Term] = []
    rest = 0
    for phone in _PHONE.finditer(folded):
        terms += _run_terms(folded[rest : phone.start()], mistyped, in_prose=in_prose)
        terms.append(_phone_term(phone[0]))
        rest = phone.end()
    return [*terms, *_run_terms(folded[rest:], mistyped, in_prose=in_prose)][:MAX_TERMS]


def _run_terms(folded: str, mistyped: Mapping[str, Iterable[str]] = MappingProxyType({}), *, in_prose: bool = True) -> list[Term]:
    def term(dense: str, word: str) -> Term:
        if dense:
            return _dense_term(dense, is_parted=dense in mistyped)
        return _word_term(word, mistyped.get(word, ()), in_prose=in_prose)

    return [term(dense, word) for dense, word in _RUN.findall(folded)]


def _phone_term(typed: str) -> Term:
    digits = "".join(filter(str.isdecimal, _NATIONAL_ZERO.sub("", typed)))
    return either([*_digits_terms(digits), every(_run_terms(typed))])


def _dense_term(run: str, *, is_parted: bool = False) -> Term:
    bigrams = _bigrams(run)
    if is_parted:  # the two letters beside the missing blank stand nowhere together
        return either(every(map(Lexeme, bigrams[:place] + bigrams[place + 1 :])) for place in range(1, len(bigrams) - 1))
    return every(map(Lexeme, bigrams or run))


def _is_parted(run: str) -> bool:
    """Whether a run may be given name and family name, typed without the blank between them."""
    return bool(_THAI_RUN.fullmatch(run)) and len(run) in PARTED


def _word_term(word: str, alike: Iterable[str] = (), *, in_prose: bool = True) -> Term:
    word = word[:MAX_WORD]
    if len(word) < 3:
        return either([Lexeme(f"^{word}"), *_pinyin_terms(word)])
    middle = every(map(Lexeme, _trigrams(word)))
    beginning = [_begins(word)] if in_prose or len(word) <= UNPARTED or not word.isalpha() else []
    return either([*beginning, middle, *_pinyin_terms(word), *_digits_terms(word), *map(Lexeme, sorted(alike))])


def _pinyin_terms(word: str) -> list[Term]:
    return [_begins(f"{sign}{word}") for sign, possible in zip("=>@", pinyin.guess(word), strict=True) if possible]


def _digits_terms(word: str) -> list[Term]:
    """A number by its beginning, with or without the zero that is dialled at home, and by its end from four digits."""
    if not word.isdecimal():
        return []
    home = word.lstrip("0")
    end = home if len(home) > 3 else word
    ends = [_begins(f"-{end[::-1][:MAX_WORD]}")] if len(end) > 3 else []
    return [*(_begins(f"+{digits[:MAX_WORD]}") for digits in (word, home) if digits), *ends]


def _begins(lexeme: str) -> Term:
    return Lexeme(lexeme, begins=True)
