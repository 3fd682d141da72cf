"""Which rule tidies a field, and what is valid in it: it follows from the field's kind, and for texts from what they are compared as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy, override
from jellyfish import jaro_winkler_similarity

from renmai.kernel.cleansing import addresses, registration, texts
from renmai.kernel.cleansing.synonyms import SYNONYMS
from renmai.kernel.locale.digits import plain
from renmai.kernel.locale.phones import normalise_phone
from renmai.kernel.matching.rule import TraitKind
from renmai.kernel.overlay.company import company
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

Values = dict[str, Any]
ALIKE = 0.93
BUDDHIST, MINGUO = 543, 1911
FIRST_YEAR, LAST_YEAR = 1850, 2200


@dataclass(frozen=True)
class Rule:
    """How one sort of field is tidied.

    Attributes:
        label: what it does, in words.
        tidy: the fields to change, by name, with what they shall hold; what is right already may stand among them.
        is_valid: whether a filled field holds what it should.
    """

    label: Any
    tidy: Callable[[FieldSpec, Any, Record], Values]
    is_valid: Callable[[FieldSpec, Any, Record], bool] = lambda _spec, _value, _record: True


def country_of(record: Record) -> str:
    """The country whose rules hold for a record; the company's where it names none."""
    return getattr(record, "country", "") or company().country


def _person(spec: FieldSpec, value: str, record: Record) -> Values:
    name, title = texts.person(value)
    wants_title = title and getattr(record, "honorific", None) == ""
    return {spec.name: name if wants_title or not title else value, **({"honorific": title} if wants_title else {})}


def _phone(spec: FieldSpec, value: str, record: Record) -> Values:
    return {spec.name: normalise_phone(value, country_of(record))}


def _registration(spec: FieldSpec, value: str, record: Record) -> Values:
    return {spec.name: registration.tidy(value, country_of(record))}


def _address(spec: FieldSpec, value: dict[str, str], record: Record) -> Values:
    return {spec.name: addresses.tidy(value, country_of(record))}


def _addresses(spec: FieldSpec, value: list[dict[str, str]], record: Record) -> Values:
    """Each of a list; its entries have every part, empty or not."""
    home, parts = country_of(record), addresses.PARTS
    return {
        spec.name: [
            {
                **entry,
                **dict.fromkeys(entry.keys() & parts, ""),
                **addresses.tidy({part: entry[part] for part in entry.keys() & parts}, home),
            }
            for entry in value
        ]
    }


def _place(spec: FieldSpec, value: str, record: Record) -> Values:
    return {spec.name: addresses.place(spec.name, value, country_of(record))}


def _pick(spec: FieldSpec, value: str, record: Record) -> Values:
    return {spec.name: value if value in dict(spec.choices) else chosen(spec, value)}


def chosen(spec: FieldSpec, text: str) -> str:
    """The entry of a pick-list that a text means: by its label in any language, by another word for it, or by its spelling."""
    known, wanted = _known(spec), _key(text)
    if wanted in known:
        return known[wanted]
    near = max(known, key=lambda label: jaro_winkler_similarity(wanted, label), default="")
    return known[near] if near and jaro_winkler_similarity(wanted, near) >= ALIKE else text


@lru_cache(maxsize=128)
def _known(spec: FieldSpec) -> dict[str, str]:
    """Entry by each of its words."""
    found = {}
    for value, label in spec.choices:
        for language, _name in settings.LANGUAGES:
            with override(language):
                found[_key(str(label))] = value
        for word in (value, *SYNONYMS.get(value, ())):
            found[_key(word)] = value
    return found


def _key(text: str) -> str:
    return " ".join(plain(text).casefold().replace("&", " and ").replace("-", " ").replace("_", " ").split())


def _date(spec: FieldSpec, value: dt.date, record: Record) -> Values:
    year = value.year - BUDDHIST if value.year > LAST_YEAR else value.year + MINGUO if value.year < BUDDHIST else value.year
    if year == value.year or not FIRST_YEAR <= year <= LAST_YEAR:
        return {spec.name: value}
    try:
        return {spec.name: value.replace(year=year)}
    except ValueError:  # a 29 February of the other era
        return {spec.name: value}


def _entries(rule: Rule, part: FieldSpec) -> Rule:
    """The same for each entry of a list, such as a second telephone number."""

    def tidy(spec: FieldSpec, value: list[dict[str, Any]], record: Record) -> Values:
        return {spec.name: [{**entry, "value": rule.tidy(part, entry["value"], record)[part.name]} for entry in value]}

    def is_valid(_spec: FieldSpec, value: list[dict[str, Any]], record: Record) -> bool:
        return all(rule.is_valid(part, entry["value"], record) for entry in value)

    return Rule(rule.label, tidy, is_valid)


def _plainly(tidy: Callable[[str], str]) -> Callable[[FieldSpec, Any, Record], Values]:
    return lambda spec, value, _record: {spec.name: tidy(value)}


ADDRESSES = gettext_lazy("Addresses: every part in its field, one name for each place, the form of the postcode")
PLACES = frozenset({"region", "city", "district"})
RULES: dict[str, Rule] = {
    "name": Rule(gettext_lazy("Names: capitals, order, titles, blanks"), _person),
    "company": Rule(gettext_lazy("Texts: blanks, width of letters and digits"), _plainly(texts.words)),
    "text": Rule(gettext_lazy("Texts: blanks, width of letters and digits"), _plainly(texts.words)),
    "email": Rule(
        gettext_lazy("E-mail: small letters, misspelt hosts"), _plainly(texts.email), lambda _s, value, _r: texts.email(value) == value
    ),
    "phone": Rule(gettext_lazy("Phone: with the code of the country"), _phone, lambda _s, value, _r: value.startswith("+")),
    "url": Rule(gettext_lazy("Web: scheme, small letters in the host"), _plainly(texts.url)),
    "domain": Rule(
        gettext_lazy("Web: the bare host"), _plainly(texts.host), lambda _s, value, _r: texts.host(value) == value and "." in value
    ),
    "address": Rule(ADDRESSES, _address, lambda _spec, value, record: addresses.is_valid(value, country_of(record))),
    "addresses": Rule(
        ADDRESSES, _addresses, lambda _spec, value, record: all(addresses.is_valid(entry, country_of(record)) for entry in value)
    ),
    "place": Rule(gettext_lazy("Regions and cities: one name for each"), _place),
    "pick": Rule(gettext_lazy("Pick-lists: the entry that is meant"), _pick, lambda spec, value, _record: value in dict(spec.choices)),
    "date": Rule(gettext_lazy("Dates: years of another era"), _date, lambda _spec, value, _record: FIRST_YEAR <= value.year <= LAST_YEAR),
    "number": Rule(
        gettext_lazy("Registration numbers: one form by country"),
        _registration,
        lambda _spec, value, record: registration.is_valid(value, country_of(record)),
    ),
}
BY_TRAIT = {TraitKind.NAME: "name", TraitKind.COMPANY: "company", TraitKind.NUMBER: "number", TraitKind.DOMAIN: "domain"}


def rule_of(kind: RecordType, spec: FieldSpec) -> Rule | None:
    """The rule for a field, if there is one; for a list of addresses or numbers that of each entry."""
    if spec.kind == "json" and "value" in spec.parts:
        rule = RULES.get(spec.parts["value"].kind)
        return _entries(rule, spec.parts["value"]) if rule is not None else None
    if spec.kind == "json":
        return RULES["addresses"] if "postcode" in spec.parts else None
    name = "pick" if spec.kind == "choice" and spec.name in kind.custom else spec.kind
    if name == "text" and spec.name in PLACES and "country" in kind.fields:
        name = "place"
    if name == "text" and kind.duplicates is not None:
        traits = (trait for trait in kind.duplicates.traits if spec.name in trait.fields and trait.kind in BY_TRAIT)
        name = next((BY_TRAIT[trait.kind] for trait in traits), name)
    return RULES.get(name)


def tidied(kind: RecordType, specs: list[FieldSpec], record: Record) -> Values:
    """The fields of a record that are not as they should be, with what they should hold.

    What would move a part of a value into a field that is not among ``specs`` leaves it where it is.
    """
    found: Values = {}
    open_to = {spec.name for spec in specs}
    for spec in specs:
        rule, value = rule_of(kind, spec), getattr(record, spec.column, None)
        if rule is not None and value not in (None, "", {}, []):
            values = rule.tidy(spec, value, record)
            found |= values if values.keys() <= open_to else {}
    return {name: value for name, value in found.items() if getattr(record, kind.fields[name].column) != value}


def is_valid(kind: RecordType, spec: FieldSpec, record: Record) -> bool:
    """Whether what a filled field holds can be true."""
    rule = rule_of(kind, spec)
    return rule is None or rule.is_valid(spec, getattr(record, spec.column), record)
