"""The singular e-mail, phone and address are the primary entries of their lists, whichever of the two was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.testing.people import Api

PLACE = {"country": "TH", "region": "", "city": "Bangkok"}
EMPTY = {"region": "", "district": "", "postcode": ""}


@pytest.mark.parametrize("slug", ["accounts", "people"])
def test_an_address_becomes_the_first_of_the_list(slug: str, alice: User, api: Callable[[User], Api]) -> None:
    made = api(alice).post(f"{slug}/", {"name": "Somchai", "address": "1 Rama IV Road", **PLACE}).json()
    assert made["addresses"] == [{"kind": "visit", **EMPTY, **PLACE, "lines": "1 Rama IV Road"}]
    moved = api(alice).patch(f"{slug}/{made['id']}/", {"address": "2 Silom Road"}).json()
    assert [entry["lines"] for entry in moved["addresses"]] == ["2 Silom Road"]


@pytest.mark.parametrize("slug", ["accounts", "people"])
def test_the_first_of_the_list_becomes_the_address(slug: str, alice: User, api: Callable[[User], Api]) -> None:
    billing = {"kind": "billing", "country": "CN", "city": "上海", "lines": "南京路1号\n二楼"}
    made = (
        api(alice).post(f"{slug}/", {"name": "华为", "addresses": [{"kind": "visit", "lines": "x"}, {**billing, "primary": True}]}).json()
    )
    assert (made["address"], made["city"], made["country"]) == ("南京路1号 二楼", "上海", "CN")
    assert [entry["kind"] for entry in made["addresses"]] == ["billing", "visit"]
    renamed = api(alice).patch(f"{slug}/{made['id']}/", {"city": "北京"}).json()
    assert (renamed["addresses"][0]["city"], renamed["addresses"][0]["lines"]) == ("北京", "南京路1号\n二楼")


def test_without_addresses_the_place_stays(alice: User, api: Callable[[User], Api]) -> None:
    made = api(alice).post("accounts/", {"name": "Acme", "address": "1 Rama IV Road", **PLACE}).json()
    gone = api(alice).patch(f"accounts/{made['id']}/", {"addresses": []}).json()
    assert (gone["address"], gone["country"], gone["city"]) == ("", "TH", "Bangkok")
    assert api(alice).post("accounts/", {"name": "Only a country", "country": "TH"}).json()["addresses"] == []


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [("TH", "081 234 5678", "+66812345678"), ("CN", "138 0013 8000", "+8613800138000"), ("", "12345", "12345")],
)
def test_a_number_belongs_to_the_country_of_its_record(
    country: str, typed: str, stored: str, alice: User, api: Callable[[User], Api]
) -> None:
    made = api(alice).post("people/", {"name": "Somchai", "country": country, "mobile": typed, "phones": [{"value": typed}]}).json()
    assert (made["mobile"], made["phone"], made["phones"][0]["value"]) == (stored, stored, stored)


def test_a_number_given_later_belongs_to_the_country_that_is_known(alice: User, api: Callable[[User], Api]) -> None:
    made = api(alice).post("leads/", {"name": "Somchai", "country": "TH"}).json()
    changed = api(alice).patch(f"leads/{made['id']}/", {"phone": "02-123-4567"}).json()
    assert (changed["phone"], changed["version"]) == ("+6621234567", 2)
    assert api(alice).patch(f"leads/{made['id']}/", {"phone": "02 123 4567"}).json()["version"] == 2


def closed(level: str, names: list[str], dao: User, person: User) -> User:
    """The person with a role that closes these fields of people."""
    role = Api(dao).post("roles/", {"name": "Closed", "rights": {"*": {"*": "all"}}, "fields": {"people": dict.fromkeys(names, level)}})
    Api(dao).patch(f"users/{person.pk}/", {"roles": [role.json()["id"]]})
    return User.objects.get(pk=person.pk)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("single", "several"), [("email", "emails"), ("phone", "phones"), ("address", "addresses"), ("account", "affiliations")]
)
def test_who_may_not_see_one_does_not_see_the_list_either(single: str, several: str, dao: User, charlie: User) -> None:
    for name in (single, several):
        reader = Api(closed("hidden", [name], dao, charlie))
        made: dict[str, Any] = reader.post("people/", {"name": "Ann"}).json()
        assert not {single, several} & set(made)
        refused = reader.get("people/", filter=json.dumps({"field": several, "op": "is_set"}))
        assert refused.status_code == 422


def test_who_may_only_read_one_does_not_write_the_list(dao: User, charlie: User) -> None:
    reader = Api(closed("read", ["email"], dao, charlie))
    assert reader.post("people/", {"name": "Ann", "emails": [{"value": "a@example.com"}]}).status_code == 403
