"""What each rule makes of a value, and what it leaves alone."""

from __future__ import annotations

import datetime as dt

import pytest

from renmai.kernel.cleansing import registration, texts
from renmai.kernel.cleansing.rules import chosen, tidied
from renmai.kernel.records.types import registry

PEOPLE, ACCOUNTS = registry["people"], registry["accounts"]


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        ("22099131", True),  # ten divides the sum, as before 2023
        ("04541302", True),
        ("12345675", True),  # a seventh digit of 7, counted as 0
        ("10458575", True),  # a seventh digit of 7, counted as 1
        ("00501503", True),
        ("22099136", True),  # only five divides the sum: new numbers
        ("00501508", True),
        ("00501502", False),
        ("12345678", False),
        ("2209913", False),
        ("2209913A", False),
    ],
)
def test_a_taiwanese_number_holds_by_the_rule_of_five(number: str, holds: bool) -> None:
    assert registration.is_valid(number, "TW") is holds


@pytest.mark.parametrize(
    ("typed", "tidy", "holds"),
    [
        ("0107544000108", "0107544000108", True),
        ("0-1075-44000-10-8", "0107544000108", True),
        ("๐๑๐๗๕๔๔๐๐๐๑๐๘ สำนักงานใหญ่", "0107544000108-00000", True),
        ("0107544000108 (สำนักงานใหญ่)", "0107544000108-00000", True),
        ("0107544000108 Head Office", "0107544000108-00000", True),
        ("0107544000108 สาขาที่ 12", "0107544000108-00012", True),
        ("0107544000108 สาขา 00012", "0107544000108-00012", True),
        ("0107544000108 / Branch No. 3", "0107544000108-00003", True),
        ("0107544000108-00001", "0107544000108-00001", True),
        ("0107544000108 00001", "0107544000108-00001", True),
        ("0107544000109-00001", "0107544000109-00001", False),
        ("0107544000108-1", "01075440001081", False),
    ],
)
def test_a_thai_number_has_its_branch_behind_it(typed: str, tidy: str, holds: bool) -> None:
    assert (registration.tidy(typed, "TH"), registration.is_valid(typed, "TH")) == (tidy, holds)


@pytest.mark.parametrize(
    ("typed", "country", "tidy", "holds"),
    [
        ("9111 0000 6000 3734 1l", "CN", "91110000600037341L", True),
        ("DE 136,695 976", "DE", "DE136695976", True),
        ("GB123", "GB", "GB123", False),
        ("anything", "", "anything", True),
        ("anything", "AQ", "ANYTHING", True),
    ],
)
def test_other_numbers_go_by_their_country(typed: str, country: str, tidy: str, holds: bool) -> None:
    assert (registration.tidy(typed, country), registration.is_valid(typed, country)) == (tidy, holds)


@pytest.mark.parametrize(
    ("typed", "name", "title"),
    [
        ("SMITH, JOHN", "John Smith", ""),
        ("  anna   o'brien-mcdonald ", "Anna O'Brien-McDonald", ""),
        ("VINCENT VAN GOGH", "Vincent van Gogh", ""),
        ("Mr. John Smith", "John Smith", "Mr."),
        ("นาย สมชาย ใจดี", "สมชาย ใจดี", "นาย"),
        ("Mr Smith", "Mr Smith", ""),
        ("DeShawn Lee", "DeShawn Lee", ""),
        ("IBM", "IBM", ""),
        ("王伟", "王伟", ""),
        ("王先生", "王先生", ""),
        ("นายกสมาคม ไทย", "นายกสมาคม ไทย", ""),
        ("Ｊｏｈｎ　Smith", "John Smith", ""),
    ],
)
def test_names_keep_what_is_in_doubt(typed: str, name: str, title: str) -> None:
    assert texts.person(typed) == (name, title)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("mailto:Ann@Gmial.com", "ann@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("d@hotmial.com", "d@hotmail.com"),
        ("b@mail.com", "b@mail.com"),
        ("e@ymail.com", "e@ymail.com"),
        ("x@qq.com", "x@qq.com"),
        ("ann@acme.co.th", "ann@acme.co.th"),
        ("nobody", "nobody"),
    ],
)
def test_misspelt_hosts_are_those_that_were_meant(typed: str, address: str) -> None:
    assert texts.email(typed) == address


def test_web_addresses_have_a_scheme_or_are_bare_hosts() -> None:
    assert [texts.url(text) for text in ("WWW.Acme.com/", "http://Foo.co/Bar?a=1", "no host")] == [
        "https://www.acme.com",
        "http://foo.co/Bar?a=1",
        "no host",
    ]
    assert [texts.host(text) for text in ("https://www.Acme.com/about", "acme.com", "localhost")] == ["acme.com", "acme.com", "localhost"]


@pytest.mark.parametrize(
    ("typed", "entry"),
    [("IT", "technology"), ("Health-care", "medical"), ("餐饮", "hospitality"), ("ธนาคาร", "finance"), ("Manufacturng", "manufacturing")],
)
def test_an_industry_is_the_entry_that_is_meant(typed: str, entry: str) -> None:
    assert chosen(ACCOUNTS.fields["industry"], typed) == entry
    assert chosen(ACCOUNTS.fields["industry"], "Astrology") == "Astrology"


def test_a_record_is_tidied_field_by_field_by_its_country(db: None) -> None:
    person = PEOPLE.model(name="Mr. JOHN SMITH", mobile="081 234 5678", country="TH", birthday=dt.date(2533, 5, 1))
    every = [PEOPLE.fields[name] for name in ("name", "honorific", "mobile", "birthday", "city")]
    assert tidied(PEOPLE, every, person) == {
        "name": "John Smith",
        "honorific": "Mr.",
        "mobile": "+66812345678",
        "birthday": dt.date(1990, 5, 1),
    }
    assert tidied(PEOPLE, every[:1], person) == {}, "a title has no place but its own field"
    leap = PEOPLE.model(birthday=dt.date(2543 + 1, 2, 28))
    assert tidied(PEOPLE, every, leap) == {"birthday": dt.date(2001, 2, 28)}
