"""A program that asks too often is told when to ask again; nobody else waits for it."""

from __future__ import annotations

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.api import rates
from renmai.kernel.api.rates import Rates
from renmai.kernel.overlay.company import change_company, forget
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> object:
    """Three requests a minute, and a minute that does not end meanwhile."""
    monkeypatch.setattr(rates.time, "time", lambda: 1_800_000_015.0)
    monkeypatch.setattr(rates, "_here", Rates())
    change_company(api_per_minute=3)
    yield
    forget()


@pytest.mark.usefixtures("few")
def test_a_token_is_refused_until_the_next_minute_and_no_other_with_it(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    busy, quiet = Api(alice), Api(alice)
    answers = [busy.get("me/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json" and refused.json()["title"] == "Too many requests"
    assert (refused["Retry-After"], refused["RateLimit"], refused["RateLimit-Policy"]) == ("45", '"minute";r=0;t=45', '"minute";q=3;w=60')
    assert quiet.get("me/").status_code == 200
    monkeypatch.setattr(rates.time, "time", lambda: 1_800_000_061.0)
    assert busy.get("me/").status_code == 200


@pytest.mark.usefixtures("few")
def test_a_person_who_is_signed_in_has_a_count_too_and_pages_have_none(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert [client.get("/api/v1/me/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get("/leads/").status_code == 200


def test_processes_count_together() -> None:
    one, other = Rates(), Rates()
    taken = [process.take("x", 4, 60.0).is_over for process in (one, other, one, other, one, other)]
    assert taken == [False, False, False, False, True, True]


def test_who_asks_seldom_costs_no_query(django_assert_num_queries: object) -> None:
    process = Rates()
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = [process.take("x", 1_000, 60.0) for _ in range(19)]
    assert found[-1].left == 981


def test_without_a_limit_nothing_is_counted(alice: User) -> None:
    change_company(api_per_minute=0)
    answer = Api(alice).get("me/")
    forget()
    assert answer.status_code == 200 and "RateLimit-Limit" not in answer
