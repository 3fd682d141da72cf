"""A lead who is a person already, or of a company that is an account, is told as such, and converted into them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.actions.run import run
from renmai.kernel.matching.find import known_elsewhere
from renmai.kernel.overlay import version
from renmai.kernel.records import store
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.store_many import New
from renmai.kernel.transfer.twins import set_apart

pytestmark = pytest.mark.django_db
LEADS, PEOPLE, ACCOUNTS, RULES = (registry[slug] for slug in ("leads", "people", "accounts", "duplicate-rules"))
ANN = {"name": "Anne Lee", "email": "ann@acme.example", "mobile": "+66812345678"}


@pytest.fixture
def known(alice: User) -> tuple[Any, Any]:
    """A person and an account of Alice's."""
    acme = store.create(ACCOUNTS, {"name": "Acme Co., Ltd.", "domain": "acme.example"}, alice)
    return store.create(PEOPLE, {"name": "Ann Lee", "emails": [{"value": "ann@acme.example"}], "account": acme.pk}, alice), acme


def test_a_program_is_refused_with_the_person_and_their_company(api: Callable[[User], Api], alice: User, known: tuple[Any, Any]) -> None:
    person, acme = known
    refused = api(alice).post("leads/", {**ANN, "company": "ACME"})
    assert refused.status_code == 409
    assert [(one["type"], one["id"]) for one in refused.json()["candidates"]] == [("people", str(person.pk)), ("accounts", str(acme.pk))]
    assert refused.json()["candidates"][0]["reasons"] == ["same e-mail address", "names alike"]
    assert api(alice).post("leads/?allow_duplicate=1", ANN).status_code == 201


def test_a_known_company_alone_stops_nobody(api: Callable[[User], Api], alice: User, known: tuple[Any, Any]) -> None:
    assert api(alice).post("leads/", {"name": "Bo Chan", "email": "bo@acme.example", "company": "Acme"}).status_code == 201


def test_who_may_not_see_them_is_told_of_nobody(api: Callable[[User], Api], charlie: User, known: tuple[Any, Any]) -> None:
    assert api(charlie).post("leads/", {**ANN, "company": "Acme"}).status_code == 201


def test_the_form_tells_while_it_is_typed_and_the_page_leads_into_them(client: Client, alice: User, known: tuple[Any, Any]) -> None:
    person, acme = known
    client.force_login(alice)
    typed = client.post("/leads/twins/", {**ANN, "company": "Acme"}).content.decode()
    assert "Known already:" in typed
    assert f'href="/people/{person.pk}/"' in typed and f'href="/accounts/{acme.pk}/"' in typed
    asked = client.post("/leads/new/", {**ANN, "version": "0"})
    assert (asked.status_code, f'href="/people/{person.pk}/"' in asked.content.decode()) == (409, True)
    lead = store.create(LEADS, {**ANN, "company": "Acme"}, alice)
    assert f'hx-get="/leads/{lead.pk}/known/"' in client.get(f"/leads/{lead.pk}/").content.decode()
    strip = client.get(f"/leads/{lead.pk}/known/").content.decode()
    assert f"/leads/{lead.pk}/do/convert/?account={acme.pk}&amp;person={person.pk}" in strip
    dialog = client.get(f"/leads/{lead.pk}/do/convert/", {"account": acme.pk, "person": person.pk}).content.decode()
    assert "Ann Lee" in dialog and "Acme Co., Ltd." in dialog
    run(LEADS, "convert", lead.pk, by=alice, arguments={"account": str(acme.pk), "person": str(person.pk)})
    assert client.get(f"/leads/{lead.pk}/known/").content.decode().strip() == ""


def test_a_file_gives_back_who_is_known_where_the_rule_wants_it(dao: User, alice: User, charlie: User, known: tuple[Any, Any]) -> None:
    store.create(RULES, {"name": "Leads", "record_type": "leads", "at_import": "skip"}, dao)
    version.refresh()
    for by, problem in ((alice, "This is known already: Ann Lee."), (charlie, "")):
        new = New(ANN)
        new.record = store.draft(LEADS, ANN, by)
        assert (set_apart(LEADS, [new], by) == []) is bool(problem)
        assert (new.problem or "") == problem


def test_the_company_says_at_which_types_a_rule_looks(api: Callable[[User], Api], dao: User, alice: User, known: tuple[Any, Any]) -> None:
    rule = store.create(RULES, {"name": "Leads", "record_type": "leads", "also": {"people": "not", "accounts": "stop"}}, dao)
    version.refresh()
    told = api(alice).post("leads/", {**ANN, "company": "Acme"}).json()["candidates"]
    assert [one["type"] for one in told] == ["accounts"]
    assert api(dao).patch(f"duplicate-rules/{rule.pk}/", {"also": {"tasks": "stop"}}).status_code == 422
    assert api(dao).patch(f"duplicate-rules/{rule.pk}/", {"also": {"people": "perhaps"}}).status_code == 422


def test_a_whole_file_is_looked_up_in_two_queries_a_type(django_assert_num_queries: Any, alice: User, known: tuple[Any, Any]) -> None:
    drafts = [store.draft(LEADS, {**ANN, "company": "Acme"}, alice) for _time in range(20)]
    with django_assert_num_queries(4):
        assert [len(twins) for twins in known_elsewhere(LEADS, drafts)] == [2] * 20
