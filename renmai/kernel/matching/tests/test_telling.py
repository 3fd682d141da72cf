"""Whoever makes what is there already is told, as far as they may know, and may go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.overlay import version
from renmai.kernel.records import store
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db
PEOPLE, RULES = registry["people"], registry["duplicate-rules"]
ANN = {"name": "Ann Lee", "email": "ann@acme.com", "mobile": "+66812345678"}


def ann(by: User) -> Any:
    """Somebody who is there."""
    return store.create(PEOPLE, ANN, by)


def test_a_program_is_refused_with_what_is_there_and_may_go_on(api: Callable[[User], Api], alice: User) -> None:
    there = ann(alice)
    refused = api(alice).post("people/", {"name": "Anne Lee", "email": "ann@acme.com"})
    assert refused.status_code == 409
    told = refused.json()["candidates"]
    assert [(one["type"], one["id"], one["title"]) for one in told] == [("people", str(there.pk), "Ann Lee")]
    assert told[0]["probability"] > 0.9
    assert told[0]["reasons"] == ["same e-mail address", "names alike"]
    assert api(alice).post("people/?allow_duplicate=1", ANN).status_code == 201
    assert api(alice).post("people/", {"name": "Bo Chan", "email": "bo@acme.com"}).status_code == 201


def test_what_may_not_be_seen_is_masked_unless_the_rule_keeps_silent(
    api: Callable[[User], Api], alice: User, charlie: User, dao: User
) -> None:
    ann(alice)
    refused = api(charlie).post("people/", ANN)
    assert (refused.status_code, refused.json()["candidates"]) == (409, [{"masked": True}])
    assert "Ann" not in refused.content.decode()
    store.create(RULES, {"name": "People", "record_type": "people", "tells_of_hidden": False}, dao)
    version.refresh()
    assert api(charlie).post("people/", ANN).status_code == 201


def test_the_form_keeps_what_was_typed_and_saves_all_the_same(client: Client, alice: User, charlie: User) -> None:
    there = ann(alice)
    client.force_login(alice)
    sent = {"name": "Ann Lee", "email": "ann@acme.com", "job_title": "Buyer", "version": "0"}
    shown = client.post("/people/new/", sent)
    page = shown.content.decode()
    assert shown.status_code == 409
    assert f'href="/people/{there.pk}/"' in page
    assert 'value="Buyer"' in page
    assert client.post("/people/new/", {**sent, "allow_duplicate": "1"}).status_code == 303
    client.force_login(charlie)
    page = client.post("/people/new/", sent).content.decode()
    assert "It is looked after by Alice, North." in page
    assert str(there.pk) not in page


def test_while_it_is_typed_what_may_be_the_same_is_shown(client: Client, alice: User, charlie: User) -> None:
    there = ann(alice)
    client.force_login(alice)
    typed = {"name": "lee ann", "mobile": "081 234 5678", "country": "TH"}
    assert client.post("/people/twins/", {"name": "lee ann", "country": "TH"}).content.decode().strip() == ""
    assert str(there.pk) in client.post("/people/twins/", typed).content.decode()
    client.force_login(charlie)
    masked = client.post("/people/twins/", typed).content.decode()
    assert "Alice" in masked
    assert "Ann" not in masked
    assert client.post("/tasks/twins/", {"subject": "Call"}).content.decode().strip() == ""
