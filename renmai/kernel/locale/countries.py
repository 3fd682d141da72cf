"""Countries by ISO 3166-1: their names in our languages, and the code for a name that someone typed."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from renmai.kernel.locale.digits import plain
from renmai.kernel.locale.reader import LOCALES, locale_of

# CLDR also names groups, parts of countries and test values by two letters; these are no ISO 3166-1 codes.
_NOT_ISO = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])
_OTHER_NAMES = {
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states of america": "US",
    "the united states": "US",
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "p.r. china": "CN",
    "pr china": "CN",
    "people's republic of china": "CN",
    "中华人民共和国": "CN",
    "中華人民共和國": "CN",
    "中国大陆": "CN",
    "中國大陸": "CN",
    "臺灣": "TW",
    "中国台湾": "TW",
    "香港": "HK",
    "hong kong": "HK",
    "ฮ่องกง": "HK",
    "澳门": "MO",
    "澳門": "MO",
    "macao": "MO",
    "macau": "MO",
    "มาเก๊า": "MO",
    "ประเทศไทย": "TH",
    "republic of korea": "KR",
    "viet nam": "VN",
    "russian federation": "RU",
    "the netherlands": "NL",
    "burma": "MM",
    "myanmar": "MM",
    "turkey": "TR",
    "ivory coast": "CI",
    "czech republic": "CZ",
}


@cache
def countries() -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 codes of all countries, in alphabetical order."""
    codes = map(str, Locale.parse("en").territories)
    return tuple(sorted(code for code in codes if len(code) == 2 and code.isalpha() and code not in _NOT_ISO))


@cache
def _names(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale.parse(locale_of(language)).territories.items()}


def country_name(code: str, language: str) -> str:
    """The country's name in a language of ours; the code itself when it is none."""
    return _names(language).get(code, code)


def country_code(text: str) -> str | None:
    """The alpha-2 code for a code (alpha-2 or alpha-3) or a name in any of our languages.

    A name must be written right: a misspelling finds nothing, because a wrong country is worse than none.
    """
    return _codes().get(_key(text))


@cache
def country_names(code: str) -> tuple[str, ...]:
    """All names by which a country is found, in small letters and without its codes, the longest first."""
    names = (name for name, of in _codes().items() if of == code and not (name.isascii() and len(name) <= 3))
    return tuple(sorted(names, key=len, reverse=True))


def _key(text: str) -> str:
    return plain(text).casefold().replace("’", "'")


@cache
def _codes() -> dict[str, str]:
    names = {_key(country_name(code, language)): code for language in LOCALES for code in countries()}
    known = set(countries())
    three_letters = {
        key.casefold(): codes[0]
        for key, codes in get_global("territory_aliases").items()
        if len(key) == 3 and key.isalpha() and codes[0] in known and len(codes) == 1
    }
    return (
        three_letters | {code.casefold(): code for code in countries()} | names | {_key(name): code for name, code in _OTHER_NAMES.items()}
    )
