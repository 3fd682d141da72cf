"""The page on which records are compared and merged, and what the page of the survivor says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.merging.model import Merge
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

ACCOUNTS, PEOPLE = registry["accounts"], registry["people"]


@pytest.fixture
def pair(alice: User) -> tuple[Any, Any]:
    a = create(ACCOUNTS, {"name": "Acme", "city": "Tak", "country": "TH"}, alice)
    b = create(ACCOUNTS, {"name": "Acme Ltd", "domain": "acme.example", "country": "TH", "tags": ["vip"]}, alice)
    create(PEOPLE, {"name": "Mali", "account": b.pk}, alice)
    return a, b


def browser(user: User) -> Client:
    made = Client(SERVER_NAME="127.0.0.1")
    made.force_login(again(user))
    return made


def test_two_records_stand_side_by_side_and_become_one_and_two_again(alice: User, pair: tuple[Any, Any]) -> None:
    a, b = pair
    page = browser(alice)
    shown = page.get("/accounts/merge/", {"ids": f"{a.pk},{b.pk}"}).content.decode()
    assert 'name="choice-name"' in shown and 'name="choice-country"' not in shown
    assert f'name="choice-domain" value="{b.pk}" checked' in shown
    assert "People" in shown and "vip" in shown
    sent = {"ids": [a.pk, b.pk], "into": b.pk, "choice-name": a.pk, f"version-{a.pk}": 1, f"version-{b.pk}": 1}
    answer = page.post("/accounts/merge/", sent)
    assert (answer.status_code, answer["Location"]) == (303, f"/accounts/{b.pk}/")
    survivor = ACCOUNTS.model.objects.get(pk=b.pk)
    assert (survivor.title, survivor.city, survivor.domain) == ("Acme", "Tak", "acme.example")
    assert page.get(f"/accounts/{a.pk}/")["Location"] == f"/accounts/{b.pk}/"

    told = [item["text"] for item in Api(alice).get(f"accounts/{b.pk}/timeline/").json()["items"]]
    assert {"Alice created Acme", "Alice created Acme, which was merged into this one later"} <= set(told)
    made = Merge.objects.get()
    assert f"/accounts/{b.pk}/apart/{made.pk}/" in page.get(f"/accounts/{b.pk}/").content.decode()
    update(ACCOUNTS, b.pk, {"city": "Trat"}, alice)
    create(PEOPLE, {"name": "Later", "account": b.pk}, alice)
    dialog = page.get(f"/accounts/{b.pk}/apart/{made.pk}/").content.decode()
    assert "stays with “Acme”" in dialog and "City" in dialog
    assert Merge.objects.standing().exists(), "only looked at"
    assert page.post(f"/accounts/{b.pk}/apart/{made.pk}/")["Location"] == f"/accounts/{a.pk}/"
    survivor.refresh_from_db()
    assert (survivor.title, survivor.city) == ("Acme Ltd", "Trat")


def test_what_somebody_changed_meanwhile_comes_back_with_what_was_chosen(alice: User, pair: tuple[Any, Any]) -> None:
    a, b = pair
    update(ACCOUNTS, b.pk, {"city": "Phrae"}, alice)
    sent = {"ids": [a.pk, b.pk], "into": a.pk, "choice-name": b.pk, f"version-{a.pk}": 1, f"version-{b.pk}": 1}
    answer = browser(alice).post("/accounts/merge/", sent)
    assert answer.status_code == 412
    shown = answer.content.decode()
    assert f'name="choice-name" value="{b.pk}" checked' in shown and f'name="version-{b.pk}" value="2"' in shown


def test_one_record_asks_for_the_other_and_a_list_leads_there(alice: User, charlie: User, pair: tuple[Any, Any]) -> None:
    a, b = pair
    page = browser(alice)
    assert "/accounts/pick/" in page.get("/accounts/merge/", {"ids": a.pk}).content.decode()
    led = page.get("/accounts/bulk/", {"do": "merge", "ids": f"{a.pk},{b.pk}"})
    assert led["Location"].startswith("/accounts/merge/?ids=")
    assert f"/accounts/merge/?ids={a.pk}" in page.get(f"/accounts/{a.pk}/").content.decode()
    assert browser(charlie).get("/accounts/merge/", {"ids": f"{a.pk},{b.pk}"}).status_code == 404
    assert page.get("/users/merge/", {"ids": alice.pk}).status_code == 404


def test_a_field_that_is_closed_to_somebody_is_not_compared(alice: User, pair: tuple[Any, Any]) -> None:
    a, b = pair
    Role.objects.filter(name="rep").update(fields={"accounts": {"domain": "hidden", "city": "read"}})
    shown = browser(alice).get("/accounts/merge/", {"ids": f"{a.pk},{b.pk}"}).content.decode()
    assert "acme.example" not in shown and "Tak" not in shown
