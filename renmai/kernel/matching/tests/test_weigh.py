"""What tells that two are the same: names in three scripts, addresses, numbers, and how they are weighed together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.matching import names
from renmai.kernel.matching.portrait import keys_of, portrait
from renmai.kernel.matching.rule import TraitKind
from renmai.kernel.matching.values import values
from renmai.kernel.matching.weigh import Weighed, compare, reasons, weigh
from renmai.kernel.records.types import registry

BORN = dt.date(1980, 1, 2)
PEOPLE, ACCOUNTS = registry["people"], registry["accounts"]


@pytest.mark.parametrize(
    ("kind", "one", "other", "level"),
    [
        ("name", "John Smith", "Smith, JOHN", "same"),
        ("name", "Mr. John Smith", "Jon Smith", "alike"),
        ("name", "John Smith", "Mary Brown", "different"),
        ("name", "Dr. José Núñez", "Jose Nunez", "same"),
        ("name", "王伟", "王偉", "same"),
        ("name", "王小明", "Xiaoming Wang", "alike"),
        ("name", "王小明先生", "王小明", "same"),
        ("name", "王伟", "李娜", "different"),
        ("name", "楊宜蓁", "楊宜君", "different"),
        ("name", "王晓明", "王小明", "alike"),
        ("name", "王伟", "David Chan", ""),
        ("name", "นายสมชาย ใจดี", "สมชาย ใจดี", "same"),
        ("name", "คุณสมชาย ใจดี", "สมชาย ใจดี", "same"),
        ("name", "สมชาย ใจดี", "วิภา แก้วใส", "different"),
        ("name", "สมชาย ใจดี", "Somchai Jaidee", ""),
        ("company", "Acme Co., Ltd.", "ACME", "same"),
        ("company", "华为技术有限公司", "華為技術股份有限公司", "same"),
        ("company", "บริษัท ไทยเบฟ จำกัด (มหาชน)", "ไทยเบฟ", "same"),
        ("company", "บมจ. ไทยเบฟ", "ไทยเบฟ", "same"),
        ("company", "Globex", "Initech", "different"),
        ("company", "Lotus branch 12", "Lotus branch 13", "different"),
        ("email", "Ann+news@Acme.com", "ann@acme.com", "same"),
        ("phone", "+66812345678;ext=12", "+66812345678", "same"),
        ("phone", "123", "123", ""),
        ("number", "0-1055-61234-567", "0105561234567", "same"),
        ("number", "0105561234567", "0105561234576", "alike"),
        ("domain", "https://www.acme.com/about", "sales@acme.com", "same"),
        ("domain", "ann@gmail.com", "bob@gmail.com", ""),
        ("date", "1980-01-02", "1980-01-03", "alike"),
        ("date", "1980-01-02", "1991-11-30", "different"),
        ("text", "Bangkok", "bangkok ", "same"),
    ],
)
def test_values_are_compared_by_what_they_mean(kind: str, one: str, other: str, level: str) -> None:
    trait = TraitKind(kind)
    assert compare(trait, values(trait, [one]), values(trait, [other])) == level
    assert compare(trait, values(trait, [other]), values(trait, [one])) == level


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Smith John"),
        ("王小明", "Xiaoming Wang"),
        ("Catherine Jones", "Katherine Jones"),
        ("Somchai Jaidee", "Somchay Jaidee"),
    ],
)
def test_alike_names_have_a_key_in_common(one: str, other: str) -> None:
    a, b = names.person(one), names.person(other)
    assert a is not None
    assert b is not None
    assert set(a.keys) & set(b.keys)


def test_what_says_nothing_has_no_keys() -> None:
    assert names.person("—") is None
    assert names.company("Ltd.") is not None
    assert values(TraitKind.EMAIL, ["nobody"]).plain == ()


def _weighed(one: dict[str, Any], other: dict[str, Any]) -> Weighed:
    rule = PEOPLE.duplicates
    assert rule is not None
    return weigh(rule, *(portrait(PEOPLE, rule, Person(**values)) for values in (one, other)))


@pytest.mark.parametrize(
    ("one", "other", "is_told"),
    [
        ({"name": "Ann Lee", "email": "ann@acme.com"}, {"name": "Ann Lee", "email": "ann@acme.com"}, True),
        ({"name": "王伟", "email": "w@acme.com"}, {"name": "David Wang", "email": "w@acme.com"}, True),
        ({"name": "John Smith", "mobile": "+66812345678"}, {"name": "Jon Smith", "phone": "+66812345678"}, True),
        ({"name": "John Smith"}, {"name": "John Smith"}, False),
        ({"name": "John Smith", "city": "Bangkok", "birthday": BORN}, {"name": "Jon Smith", "city": "Bangkok", "birthday": BORN}, True),
        ({"name": "John Smith", "phone": "+6621234567"}, {"name": "Mary Brown", "phone": "+6621234567"}, False),
        ({"name": "John Smith", "birthday": BORN}, {"name": "John Smith", "birthday": dt.date(1995, 7, 30)}, False),
    ],
)  # fmt: skip
def test_people_are_told_apart(one: dict[str, Any], other: dict[str, Any], is_told: bool) -> None:
    assert (_weighed(one, other).percent >= 50) is is_told


def test_the_reasons_are_told_in_words_without_what_is_hidden() -> None:
    rule = PEOPLE.duplicates
    assert rule is not None
    weighed = _weighed(
        {"name": "John Smith", "mobile": "+66812345678", "city": "Bangkok"},
        {"name": "Jon Smith", "mobile": "+66812345678", "city": "BANGKOK"},
    )
    assert reasons(PEOPLE, rule, weighed) == ["same phone number", "names alike", "same: City"]
    assert reasons(PEOPLE, rule, weighed, {"mobile"}) == ["names alike", "same: City"]
    assert weighed.probability < 1


def test_only_what_finds_makes_keys() -> None:
    rule = ACCOUNTS.duplicates
    assert rule is not None
    found = keys_of(ACCOUNTS, rule, Account(name="Acme Ltd", city="Bangkok", domain="www.acme.com", registration_number="0105561234567"))
    assert found[0] == "r:registration_number:0105561234567"
    assert "d:acme.com" in found
    assert not any("bangkok" in key for key in found)
