"""Names of people, companies and places, by culture."""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

CULTURES = ("west", "zh_hans", "zh_hant", "th")

# Digits of a mobile and of an office number after the country code; x is any digit. All are valid where they belong.
PHONES = {
    "AU": ("614122xxxxx", "61 2 9234xxxx"),
    "CN": ("86138xxxxxxxx", "86 21 58xxxxxx"),
    "DE": ("4915112xxxxxx", "49 30 1234xxxx"),
    "FR": ("336123xxxxx", "33 1 4234xxxx"),
    "GB": ("4474001xxxxx", "44 20 79460xxx"),
    "SG": ("659123xxxx", "65 6345xxxx"),
    "TH": ("66812xxxxxx", "66 2 234xxxx"),
    "TW": ("886912xxxxxx", "886 2 223xxxxx"),
    "US": ("1415555xxxx", "1 212 555xxxx"),
}


@dataclass(frozen=True)
class Culture:
    """What people, companies and cities are called."""

    language: str
    female: list[str]
    male: list[str]
    family: list[str]
    honorifics: dict[str, list[str]]
    nicknames: dict[str, list[str]]
    brands: list[str]
    legal: str
    branch: str
    forms: list[str]
    suffixes: dict[str, list[str]]
    cities: list[dict[str, str]]

    def person(self, rng: random.Random) -> dict[str, Any]:
        """A person's names and gender."""
        gender = rng.choice(["female", "male"])
        return {
            "family_name": rng.choice(self.family),
            "given_name": rng.choice(self.female if gender == "female" else self.male),
            "honorific": rng.choice(self.honorifics[gender]),
            "nickname": rng.choice(self.nicknames[gender]) if self.nicknames and rng.random() < 0.6 else "",
            "gender": gender,
            "language": self.language,
        }

    def company(self, rng: random.Random) -> tuple[str, str]:
        """A company's name and industry."""
        industry = rng.choice(list(self.suffixes))
        space = " " if self.language == "en" else ""
        return f"{rng.choice(self.brands)}{space}{rng.choice(self.suffixes[industry])}", industry


@cache
def culture(name: str) -> Culture:
    """A culture by name."""
    return Culture(**tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")))


def phone(rng: random.Random, country: str, *, mobile: bool) -> str:
    """A number that is valid in its country, in E.164."""
    pattern = PHONES[country][0 if mobile else 1].replace(" ", "")
    return "+" + "".join(str(rng.randrange(10)) if character == "x" else character for character in pattern)


def ascii_name(text: str) -> str:
    """A name in lower-case letters, as addresses need it: Han as pinyin; empty for a script that has no table here."""
    letters = unicodedata.normalize("NFKD", "".join(lazy_pinyin(text)).lower().replace("ł", "l"))
    return re.sub("[^a-z0-9]+", "", letters)
