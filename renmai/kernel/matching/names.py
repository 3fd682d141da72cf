"""Names in the one form in which they are compared: without titles and legal forms, and as they sound."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from jellyfish import metaphone

from renmai.kernel.locale.names import COMPOUND_SURNAMES, split
from renmai.kernel.search import pinyin
from renmai.kernel.search.fold import HAN, fold


def _listed(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


SHORTEST_ALONE = 6
_TITLES = _listed("mr mrs ms miss mx dr prof sir madam khun คุณ")
_LEGAL_WORDS = _listed("""
inc incorporated corp corporation co company ltd limited llc llp lp plc pcl
gmbh ag kg sa sas sarl srl spa bv nv oy ab as aps pty pte sdn bhd kk
บริษัท จำกัด มหาชน บจก บมจ หจก หสน ห้างหุ้นส่วนจำกัด ห้างหุ้นส่วน
""")
_LEGAL_RUNS = re.compile("股份有限公司|有限责任公司|有限公司|公司|集团|บริษัท|จำกัด|มหาชน|ห้างหุ้นส่วน")
_HAN_RUN = re.compile(f"[{HAN}]+")
_NOT_DIGITS = re.compile(r"\D+")
_THAI = re.compile("[\u0e00-\u0e7f]")
_THAI_MARKS = re.compile("[\u0e47-\u0e4e]")
_WORD = re.compile(r"[^\W_]+(?:[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+[^\W_]*)*")


class Name(NamedTuple):
    """A name as it is compared.

    Attributes:
        plain: folded words in order of the alphabet, so that it does not matter which part stands first.
        spoken: the same as it sounds: Han characters in pinyin, Thai without tone marks.
        script: ``han``, ``thai`` or ``latin`` (all others with it).
        digits: those in it: “Branch 12” is not “Branch 13”.
        letters: what is compared letter by letter; empty for Han characters, of which another is another name.
    """

    plain: str
    spoken: str
    script: str
    digits: str
    letters: str

    @property
    def keys(self) -> list[str]:
        """By which alike names are found: their letters in any order, and of Latin ones the sound of their words."""
        letters = "".join(sorted(self.spoken.replace(" ", "")))
        sound = _sound(self.spoken) if self.script != "thai" else ""
        return [key for key in (f"n:{letters}" if letters else "", f"s:{sound}" if sound else "") if key]


@lru_cache(maxsize=4_096)
def person(text: str) -> Name | None:
    """The name of a human being; None where nothing of it is left."""
    parts = split(text)
    words = _words(f"{parts.given} {parts.family}" if parts and _THAI.search(text) else f"{parts.family}{parts.given}" if parts else text)
    return _name([word for word in words if word not in _TITLES] or words, of_person=True)


@lru_cache(maxsize=4_096)
def company(text: str) -> Name | None:
    """The name of a company without its legal form; None where nothing of it is left."""
    words = _words(text)
    kept = [short for word in words if (short := _LEGAL_RUNS.sub("", word)) and short not in _LEGAL_WORDS]
    return _name(kept or words, of_person=False)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text.replace(".", "" if "." in text[:-1] and " " in text else " ")))


def _name(words: list[str], *, of_person: bool) -> Name | None:
    if not words:
        return None
    digits = _NOT_DIGITS.sub("", " ".join(words))
    han = "".join(run for word in words for run in _HAN_RUN.findall(word))
    if han:
        return Name(han, _pinyin(han, of_person=of_person), "han", digits, "")
    plain = " ".join(sorted(words))
    if _THAI.search(plain):
        spoken = _THAI_MARKS.sub("", plain)
        return Name(plain, spoken, "thai", digits, spoken)
    return Name(plain, plain, "latin", digits, plain)


def _pinyin(han: str, *, of_person: bool) -> str:
    """Family name and given name as two words in order of the alphabet, as they stand in a passport."""
    if not of_person or len(han) < 2:
        return _spelled(han)
    end = 2 if han[:2] in COMPOUND_SURNAMES and len(han) > 2 else 1
    return " ".join(sorted([_spelled(han[:end]), _spelled(han[end:])]))


def _spelled(han: str) -> str:
    found = pinyin.joined(han)
    return found[0] if found else han


def _sound(spoken: str) -> str:
    words = spoken.split()
    if not spoken.isascii() or (len(words) < 2 and len(spoken) < SHORTEST_ALONE):
        return ""
    return " ".join(sorted(filter(None, map(_word_sound, words))))


@lru_cache(maxsize=4_096)
def _word_sound(word: str) -> str:
    return metaphone(word) if word.isalpha() else word
