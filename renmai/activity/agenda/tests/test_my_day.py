"""My day: what is due and late, what is done, and one touch to change that."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.activity.agenda.postponing import ways
from renmai.kernel.access.user import User
from renmai.kernel.overlay.company import change_company
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Friday noon in Bangkok."""
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 12, 4, 5, 0, tzinfo=dt.UTC))
    change_company(set_up_at=timezone.now(), time_zone="Asia/Bangkok")


def make(slug: str, by: User, **values: Any) -> Any:
    return create(registry[slug], values, by)


def page_of(user: User, address: str = "/my-day/") -> str:
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode()


def test_the_parts_of_a_day_are_those_of_the_persons_own_zone(alice: User, bob: User) -> None:
    make("tasks", alice, subject="Late", due_at="2026-12-03T16:59:00+00:00")
    make("tasks", alice, subject="After midnight", due_at="2026-12-03T17:00:00+00:00")
    make("follow-ups", alice, subject="Tonight", body="x", due_at="2026-12-04T16:59:00+00:00")
    make("tasks", alice, subject="Tomorrow morning", due_at="2026-12-04T17:00:00+00:00")
    make("tasks", alice, subject="Behind me", due_at="2026-12-01T17:00:00+00:00", done_at="2026-12-04T01:00:00+00:00")
    make("tasks", bob, subject="Not mine", due_at="2026-12-04T02:00:00+00:00")
    day = Api(alice).get("my-day/").json()
    parts = {name: [item["title"] for item in found] for name, found in day.items() if name != "date"}
    assert (day["date"], parts["overdue"], parts["to_do"]) == ("2026-12-04", ["Late"], ["After midnight", "Tonight"])
    assert parts["done"] == ["Behind me"]


def test_as_many_questions_are_asked_for_a_full_day_as_for_a_nearly_empty_one(alice: User) -> None:
    acme = make("accounts", alice, name="Acme")
    counts = []
    for number in (1, 4):
        for hour in range(number):
            about = [{"type": "accounts", "id": str(acme.pk)}]
            make("tasks", alice, subject="Offer", due_at=f"2026-12-04T0{hour}:00:00+00:00", about=about)
        client = Client()
        client.force_login(alice)
        with CaptureQueriesContext(connection) as asked:
            client.get("/my-day/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24


def test_an_empty_day_says_something_kind(alice: User) -> None:
    assert "Nothing is waiting for you today." in page_of(alice)
    make("tasks", alice, subject="Offer", done_at="2026-12-04T01:00:00+00:00")
    assert "Time for a cup of tea." in page_of(alice)


def test_later_is_tomorrow_the_next_day_that_is_worked_or_next_week(alice: User) -> None:
    days = {way.name: way.day for way in ways(alice)}
    assert days == {"tomorrow": dt.date(2026, 12, 5), "working-day": dt.date(2026, 12, 7)}


def test_a_holiday_is_no_day_to_postpone_to(alice: User, dao: User) -> None:
    make("working-calendars", dao, name="Ours", days=[{"on": "2026-12-07", "kind": "holiday", "name": "Feast"}], users=[str(alice.pk)])
    assert {way.name: way.day for way in ways(alice)}["working-day"] == dt.date(2026, 12, 8)
    client = Client()
    client.force_login(alice)
    events = client.get("/calendar/events/", {"from": "2026-12-07", "to": "2026-12-08"}).json()["events"]
    assert [(event["title"], event["display"]) for event in events] == [("Feast", "background")]


def test_who_wants_it_has_the_day_on_the_home_page_instead_of_what_is_to_do(alice: User) -> None:
    make("tasks", alice, subject="Offer", due_at="2026-12-04T02:00:00+00:00")
    assert 'id="to-do"' in page_of(alice, "/")
    client = Client()
    client.force_login(alice)
    client.post("/my-day/home/", {"on": "1"})
    home = page_of(alice, "/")
    assert 'id="my-day"' in home and "Offer" in home and 'id="to-do"' not in home
