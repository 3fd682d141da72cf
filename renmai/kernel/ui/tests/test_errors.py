"""What is said when a request cannot be answered."""

from __future__ import annotations

import pytest
from django.test import Client

from renmai.kernel.access.user import User

pytestmark = pytest.mark.django_db


def test_a_missing_page_says_so(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    response = client.get("/no/such/page/at/all/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_programs_read_it_as_json(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    response = client.get("/api/v1/leads/x/y/z/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_an_old_form_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a@example.com", "password": "x"})
    assert response.status_code == 403
    assert "This page has become old" in response.content.decode()


def test_an_accident_tells_no_detail(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("secret detail")

    client = Client(raise_request_exception=False)
    client.force_login(alice)
    monkeypatch.setattr("renmai.kernel.settings.cards.cards", broken)
    response = client.get("/settings/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
    assert "secret detail" not in response.content.decode()


def test_a_request_for_another_host_is_told_so_before_anybody_is_known() -> None:
    response = Client(headers={"host": "other.example.com"}).get("/sign-in/")
    assert response.status_code == 400
    assert "This request cannot be understood" in response.content.decode()
