"""Postal addresses: each part in its own field and in one form, as far as the text leaves no doubt.

What lies where: region is 省, 縣市, จังหวัด or the part of Hong Kong; city is 市, 鄉鎮市, อำเภอ or เขต, and of a 直辖市 or 直轄市 itself;
district is 区县, 區, ตำบล or แขวง.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from renmai.kernel.cleansing import texts
from renmai.kernel.locale.countries import country_code, country_names
from renmai.kernel.locale.digits import plain
from renmai.kernel.locale.places import divisions, is_postcode, latin_names, located, official, short, walk

Parts = dict[str, str]
PARTS = frozenset({"country", "region", "city", "district", "postcode", "lines"})
BANGKOK = "กรุงเทพมหานคร"
CAPITAL = "เมือง"  # the district of a province's capital, which often stands without the province's name
NO_POSTCODE = re.compile("0+|999077")  # what people in Hong Kong type where a form insists on one
DIGITS_ONLY = frozenset({"CN", "TW", "TH"})
_BANGKOK = re.compile(r"กรุงเทพ(?:มหานคร|ฯ|ๆ)?|กทม\.?")
_THAI_PREFIX = {"region": r"จังหวัด|จ\.", "city": r"อำเภอ|เขต|อ\.", "district": r"ตำบล|แขวง|ต\."}
_NEXT = r"(?=$|[\s,\d]|จังหวัด|จ\.|อำเภอ|เขต|อ\.|ตำบล|แขวง|ต\.|กรุงเทพ|กทม)"


def _thai_part(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s,\d\u0e01-\u0e4e]))(?:{prefix})\s*([\u0e01-\u0e4e]+?){_NEXT}")


_THAI_REGION = _thai_part(_THAI_PREFIX["region"])
_IN_BANGKOK = {"city": _thai_part("เขต"), "district": _thai_part("แขวง")}
_ELSEWHERE = {"city": _thai_part(r"อำเภอ|อ\."), "district": _thai_part(r"ตำบล|ต\.")}
_TAIL_POSTCODE = {
    "TH": re.compile(r"(?:^|[\s,]|(?<=[\u0e01-\u0e4e]))(?:รหัสไปรษณีย์\s*)?(\d{5})[\s,.]*$"),
    "CN": re.compile(r"(?:[\s,，(（:：]|邮政编码|邮编|郵編)+(\d{6})[)）\s]*$"),
}
_HEAD_POSTCODE = {
    "CN": re.compile(r"^(?:(?:邮政编码|邮编|郵編)\s*[:：]?\s*)?(\d{6})(?!\d)[\s,，]*"),
    "TW": re.compile(r"^(?:郵遞區號\s*[:：]?\s*)?[(（]?(\d{3}(?:-?\d{2,3})?)[)）]?(?![\d號号])[\s,，]*(?=[\u4e00-\u9fff])"),
}
_REPEATED = re.compile(r"\s*([,，、])(?:\s*[,，、])+|[ \t]{2,}")
AMBIGUOUS = frozenset({"GE"})  # Georgia is one of the United States, too


def tidy(address: Mapping[str, str], home: str) -> Parts:
    """The same address with its parts in their fields.

    What a field holds already is not written over; what the text says of it otherwise stays in the text.

    Args:
        home: the country whose forms hold where the address names none.

    Returns:
        The parts that are there.
    """
    given = {part: text for part, text in address.items() if text}
    found = _tidier(given, home)
    return found if found == given else tidy(found, home)  # what stood there twice goes, too


def _tidier(address: Parts, home: str) -> Parts:
    found = {part: "\n".join(map(texts.words, text.splitlines())) for part, text in address.items()}
    written = found.get("lines", "")
    lines, country = _without_country(written, found.get("country", ""), home)
    form = country or home
    code = postcode(found.get("postcode", ""), form)
    for part in ("region", "city", "district"):
        found[part] = place(part, found.get(part, ""), form)
    lines, code = _without_postcode(lines, form, code)
    lines, country = _without_country(lines, country, home)
    named, rest = PLACED.get(form, _nothing)(lines, found)
    if named and _fits(found, named):
        found, lines, country = found | named, rest, form
    elif not country and code and not found.get("postcode"):  # five digits of nobody knows where
        lines, code = written, ""
    found |= {"lines": _cleaned(lines), "country": country, "postcode": code}
    return {part: text for part, text in found.items() if text}


def place(part: str, text: str, country: str) -> str:
    """The name of a region, city or district in its one form: without จ. before it, กทม. in full, 臺北 for 台北."""
    found = texts.words(text)
    if country == "TW":
        return official(found)
    if country == "TH" and part in _THAI_PREFIX:
        found = re.sub(rf"^(?:{_THAI_PREFIX[part]})\s*(?=[\u0e01-\u0e4e])", "", found)
        return BANGKOK if _BANGKOK.fullmatch(found) else found
    return found


def postcode(text: str, country: str) -> str:
    """Narrow capital letters and digits; only digits where there is nothing else, and nothing in Hong Kong, which has no postcodes."""
    found = plain(text).upper()
    if country in DIGITS_ONLY:
        found = "".join(re.findall(r"[^\s-]", found))
    return "" if country == "HK" and NO_POSTCODE.fullmatch(found) else found


def is_valid(address: Mapping[str, str], home: str) -> bool:
    """Whether its postcode has the form of its country."""
    code = address.get("postcode", "")
    return not code or is_postcode(code, address.get("country") or home)


def _without_country(lines: str, country: str, home: str) -> tuple[str, str]:
    """The text without the name of the country at its end, or before Chinese, and the country; another one than is known stays."""
    head, comma, last = lines.rstrip(" ,.，").rpartition(",")
    meant = country_code(last) if comma and len(last.strip()) > 2 else None
    if meant and country in {"", meant} and meant not in AMBIGUOUS:
        return head, meant
    for name in country_names(country or home):
        if lines.casefold().endswith((f" {name}", f"\n{name}")):
            return lines[: -len(name)].rstrip(" ,，\n"), country or home
    for code in [country] if country else ("CN", "TW", "HK"):
        for name in country_names(code):
            rest = lines[len(name) :].lstrip(" ,，\n")
            if not name.isascii() and lines.startswith(name) and not located(lines, code)[0] and located(rest, code)[0]:
                return rest, code
    return lines, country


def _without_postcode(lines: str, country: str, known: str) -> tuple[str, str]:
    """The text without the postcode at its end or its beginning, and the postcode; another one than is known stays."""
    for form in (_TAIL_POSTCODE.get(country), _HEAD_POSTCODE.get(country)):
        found = form.search(lines) if form else None
        if found and found[0].strip() != lines.strip():
            code = postcode(found[1], country)
            return (f"{lines[: found.start()]} {lines[found.end() :]}".strip(), code) if known in {"", code} else (lines, known)
    return lines, known


def _nothing(lines: str, _address: Parts) -> tuple[Parts, str]:
    return {}, lines


def _chinese(country: str) -> Callable[[str, Parts], tuple[Parts, str]]:
    """From the largest part; where the fields hold region and city, the text may begin with the district."""

    def placed(lines: str, address: Parts) -> tuple[Parts, str]:
        names, rest = located(official(lines), country)
        if not names:
            region = divisions(country).get(address["region"], {})
            names, rest = walk(lines, region.get(address["city"], region if address["region"].endswith("市") else {}))
            return dict(zip(["district"], names, strict=False)), rest
        region_name, *below = names
        if region_name.endswith("市"):
            below = [region_name, *below]
        return dict(zip(("region", "city", "district"), [region_name, *below], strict=False)), rest

    return placed


def _of_hong_kong(lines: str, _address: Parts) -> tuple[Parts, str]:
    """Chinese from the largest, English from the smallest, with commas."""
    names, rest = located(lines, "HK")
    if names:
        return dict(zip(("region", "district"), names, strict=False)), rest
    found: tuple[str, ...] = ()
    segments = re.split(r"\s*[,\n]\s*", lines)
    while len(segments) > 1 and (path := latin_names("HK").get(segments[-1].casefold())) and path[: len(found)] == found:
        found = path
        segments.pop()
    return dict(zip(("region", "district"), found, strict=False)), ", ".join(segments)


def _thai(lines: str, address: Parts) -> tuple[Parts, str]:
    """By จ. อ. ต. or the words in full, which may stand anywhere; a province also without, at the end, or in its field."""
    named, rest = _thai_region(lines)
    region = named or address["region"]
    if region not in divisions("TH"):
        return ({"region": named} if named else {}), rest
    found = {"region": region}
    for part, form in (_IN_BANGKOK if region == BANGKOK else _ELSEWHERE).items():
        told = list(form.finditer(rest))
        if len(told) == 1:
            found[part], rest = told[0][1], f"{rest[: told[0].start()]} {rest[told[0].end() :]}"
    if found.get("city") == CAPITAL:
        found["city"] += region
    return found, rest


def _thai_region(lines: str) -> tuple[str, str]:
    for form in (_THAI_REGION, _BANGKOK, _province(), _latin_province()):
        for told in form.finditer(lines):
            name = BANGKOK if form is _BANGKOK else told[1]
            if name in divisions("TH") or name.casefold() in latin_names("TH"):
                return name, f"{lines[: told.start()]} {lines[told.end() :]}"
    return "", lines


@cache
def _province() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s,]))({'|'.join(divisions('TH'))})[\s,]*$")


@cache
def _latin_province() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s,]))({'|'.join(latin_names('TH'))})[\s,]*$", re.IGNORECASE)


PLACED: dict[str, Callable[[str, Parts], tuple[Parts, str]]] = {
    "CN": _chinese("CN"),
    "TW": _chinese("TW"),
    "HK": _of_hong_kong,
    "TH": _thai,
}


def _fits(address: Parts, named: Parts) -> bool:
    """Nothing that was found is otherwise in its field; a city that only repeats the region gives way."""
    return all(
        not (held := address.get(part)) or _key(held) == _key(name) or (part == "city" and _key(held) == _key(named["region"]))
        for part, name in named.items()
    )


def _key(name: str) -> str:
    return short(name).casefold()


def _cleaned(lines: str) -> str:
    """Without what the parts that were taken out left between them."""
    kept = (_REPEATED.sub(lambda found: found[1] or " ", line).strip(" ,，、") for line in lines.splitlines())
    return "\n".join(line for line in kept if line)
