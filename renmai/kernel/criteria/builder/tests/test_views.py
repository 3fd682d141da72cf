"""The builder in the browser: its parts, the size of what it finds, and the dialog over a list."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db
NAMED = {
    "filter.kind": "group",
    "filter.match": "all",
    "filter.0.kind": "line",
    "filter.0.step": "name",
    "filter.0.op": "contains",
    "filter.0.value": "o",
}
Browse = Callable[[User], Client]


@pytest.fixture
def browse() -> Browse:
    """Signs somebody in."""

    def signed_in(user: User) -> Client:
        client = Client(headers={"HX-Request": "true"})
        client.force_login(user)
        return client

    return signed_in


def test_the_dialog_shows_the_filter_of_the_list(browse: Browse, alice: User) -> None:
    tree = {"or": [{"field": "name", "op": "contains", "value": "Ali"}, {"field": "team", "op": "is_empty"}]}
    page = browse(alice).get("/users/criteria/", {"filter": json.dumps(tree)}).content.decode()
    assert 'value="Ali"' in page and 'name="filter.1.step"' in page


def test_a_change_of_shape_gives_the_builder_anew_with_what_was_typed(browse: Browse, alice: User) -> None:
    page = browse(alice).post("/users/criteria/", {**NAMED, "do": "line", "place": "filter"}).content.decode()
    assert 'value="o"' in page and 'name="filter.1.step"' in page and "autofocus" in page


@pytest.mark.parametrize("place", ["filter.7", "filter.0.where.2", "filter.x", "other"])
def test_a_place_that_is_not_there_is_no_error_of_the_server(browse: Browse, alice: User, place: str) -> None:
    assert browse(alice).post("/users/criteria/", {**NAMED, "do": "drop", "place": place}).status_code == 404


def test_the_size_is_that_of_what_the_asker_may_see(browse: Browse, alice: User, charlie: User) -> None:
    for subject in ("Call Somchai", "Call Napat"):
        create(registry["tasks"], {"subject": subject, "owner": str(alice.pk)}, alice)
    form = {**NAMED, "filter.0.step": "subject", "filter.0.value": "call"}
    assert "2 records" in browse(alice).post("/tasks/criteria/said/", form).content.decode()
    assert "0 records" in browse(charlie).post("/tasks/criteria/said/", form).content.decode()


def test_what_is_built_is_read_back_as_a_sentence(browse: Browse, alice: User) -> None:
    assert "Name contains o" in browse(alice).post("/users/criteria/said/", NAMED).content.decode()
    unfinished = {**NAMED, "filter.0.value": ""}
    assert "1 condition is not complete yet." in browse(alice).post("/users/criteria/said/", unfinished).content.decode()


def test_the_dialog_leads_to_the_list_with_its_criteria(browse: Browse, alice: User) -> None:
    answer = browse(alice).post("/users/criteria/apply/?sort=name&after=x&filter=%7B%7D", NAMED)
    query: Any = parse_qs(urlsplit(answer["HX-Redirect"]).query)
    assert json.loads(query.pop("filter")[0]) == {"field": "name", "op": "contains", "value": "o"}
    assert query == {"sort": ["name"]}


def test_the_dialog_stays_open_while_something_makes_no_sense(browse: Browse, alice: User) -> None:
    answer = browse(alice).post("/users/criteria/apply/", {**NAMED, "filter.0.value": ""})
    assert answer.status_code == 422 and "A value is missing here." in answer.content.decode()


def test_only_who_may_change_rights_names_every_field(browse: Browse, alice: User, dao: User) -> None:
    from renmai.kernel.access.user import Role

    Role.objects.filter(name="rep").update(fields={"users": {"email": "hidden"}})
    asked = {"company": "1"}
    assert 'value="email"' not in browse(alice).post("/users/criteria/?company=1", asked).content.decode()
    assert 'value="email"' in browse(dao).post("/users/criteria/?company=1", asked).content.decode()


def test_a_form_of_another_kind_is_refused(browse: Browse, alice: User) -> None:
    assert browse(alice).post("/users/criteria/", {"filter.0.kind": "lost", "filter.0.lost": "{"}).status_code == 422


def test_a_kept_address_of_a_list_says_what_is_gone_and_lists_nothing(browse: Browse, alice: User) -> None:
    gone = {"and": [{"field": "name", "op": "is_set"}, {"not": {"field": "budget", "op": "is_set"}}]}
    answer = browse(alice).get("/users/", {"filter": json.dumps(gone)})
    assert answer.status_code == 200
    assert "The field “budget” no longer exists." in answer.content.decode() and "<tr id=" not in answer.content.decode()
    assert alice.email in browse(alice).get("/users/").content.decode()


@pytest.mark.parametrize("variable", ["me", "my_team", "my_branch"])
def test_a_list_knows_who_reads_it(browse: Browse, alice: User, charlie: User, variable: str) -> None:
    create(registry["tasks"], {"subject": "Call Somchai", "owner": str(alice.pk)}, alice)
    tree = json.dumps({"field": "owner", "op": "eq", "value": {"var": variable}})
    assert "Call Somchai" in browse(alice).get("/tasks/", {"filter": tree}).content.decode()
    assert "Call Somchai" not in browse(charlie).get("/tasks/", {"filter": tree}).content.decode()
