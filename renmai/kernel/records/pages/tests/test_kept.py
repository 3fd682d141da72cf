"""What a list keeps from page to page, and when it makes it anew."""

from __future__ import annotations

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again

LEADS, USERS = registry["leads"], registry["users"]


@pytest.fixture
def lead(alice: User) -> str:
    return str(create(LEADS, {"name": "Orchid Ltd", "country": "TH", "expected_amount": "1234.5", "currency": "THB"}, alice).pk)


def listed(by: User, query: str = "") -> str:
    client = Client()
    client.force_login(again(by))
    return client.get(f"/leads/?{query}").content.decode()


def test_a_row_is_made_anew_when_what_it_shows_has_changed(lead: str, alice: User, dao: User) -> None:
    assert "Orchid Ltd" in listed(dao)
    update(LEADS, lead, {"name": "Lotus Ltd"}, alice)
    assert "Lotus Ltd" in listed(dao)
    update(USERS, alice.pk, {"name": "Alisa"}, dao)
    assert "Alisa" in listed(dao)


def test_a_row_is_made_anew_for_a_reader_of_another_language_or_era(lead: str, dao: User) -> None:
    first = listed(dao, "columns=country,created_at")
    assert "Thailand" in first
    update(USERS, dao.pk, {"language": "th", "era": "be"}, dao)
    second = listed(dao, "columns=country,created_at")
    assert "ไทย" in second
    assert "256" in second


def test_a_row_shows_nobody_what_is_hidden_from_them(lead: str, dao: User, bob: User) -> None:
    assert "1,234.50" in listed(dao, "columns=expected_amount")
    assert "1,234.50" in listed(bob, "columns=expected_amount")
    Role.objects.filter(name="rep").update(fields={"leads": {"expected_amount": "hidden"}})
    assert "1,234.50" not in listed(bob, "columns=expected_amount")


def test_the_head_offers_only_what_the_person_may_do(lead: str, dao: User, bob: User) -> None:
    assert "/leads/import/" in listed(dao)
    Role.objects.filter(name="rep").update(rights={"leads": {"view": "team"}})
    assert "/leads/import/" not in listed(bob)
