"""The pages for machines."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from renmai.config import health
from renmai.kernel.access.user import User


def test_being_alive_asks_no_database(client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_ready_when_the_database_is_up_to_date(client: Client, db: None) -> None:
    assert client.get("/readyz").json() == {"ready": True}


def test_not_ready_while_migrations_are_missing(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "waiting_migrations", lambda: 2)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "renmai migrate" in answer.json()["reason"]


def test_not_ready_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise health.DatabaseError

    monkeypatch.setattr(health, "waiting_migrations", away)
    assert client.get("/readyz").status_code == 503


def test_metrics_count_requests_by_view_and_name_nobody(client: Client, alice: User) -> None:
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert 'renmai_requests_total{status="200",view="healthz"}' in text
    assert 'renmai_request_seconds_bucket{le="0.01",view="healthz"}' in text
    assert "# TYPE renmai_jobs gauge" in text
    assert alice.name not in text
