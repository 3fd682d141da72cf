"""The palette and the keys."""

from __future__ import annotations

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.following.marks import saw
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again

LEADS = registry["leads"]


@pytest.fixture
def lead(alice: User) -> Record:
    """A lead of Alice's."""
    return create(LEADS, {"name": "Ann Lee"}, alice)


def offered(client: Client, user: User, **query: str) -> str:
    client.force_login(user)
    return client.get("/palette/", query).content.decode()


def test_what_can_be_done_with_the_open_record_comes_first(client: Client, alice: User, bob: User, charlie: User, lead: Record) -> None:
    at = f"/leads/{lead.pk}/"
    assert f"{at}do/qualify/" in offered(client, alice, at=at)
    assert f"{at}edit/" in offered(client, alice, at=at, q="edit")
    seen = offered(client, bob, at=at)
    assert f"{at}do/qualify/" not in seen and f"{at}history/" in seen
    assert str(lead.pk) not in offered(client, charlie, at=at)


def test_an_address_that_is_no_record_offers_none(client: Client, alice: User) -> None:
    for at in ("/leads/", "/leads/01a2037d-1181-72a8-9117-445a9c305d50/", "nonsense", "/nothing/01a2037d-1181-72a8-9117-445a9c305d50/"):
        assert "/do/" not in offered(client, alice, at=at)


def test_empty_it_offers_what_was_seen_lately(client: Client, alice: User, lead: Record) -> None:
    saw(LEADS, lead, alice)
    assert "Ann Lee" in offered(client, alice)
    assert f'href="/leads/{lead.pk}/"' not in offered(client, alice, at=f"/leads/{lead.pk}/")


def test_settings_are_found_by_those_who_may_go_there(client: Client, alice: User, dao: User) -> None:
    assert "/settings/company/" in offered(client, dao, q="company")
    assert "/settings/company/" not in offered(client, alice, q="company")


def test_letters_are_switched_off(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert 'data-go="l"' in client.get("/leads/").content.decode()
    client.post("/keys/", {})
    assert again(alice).preferences["keys"] is False
    assert '<meta name="keys" content="off">' in client.get("/leads/").content.decode()
    assert "checked" not in client.get("/keys/").content.decode()
