"""What people did, counted: for whom, over which days, and with the rows behind each number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.activity.statistics.pages import StatisticsPage
from renmai.kernel.access.user import Team, User
from renmai.kernel.overlay.company import change_company
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

pytestmark = pytest.mark.django_db
JULY, JUNE = "2026-07-15T05:00:00+00:00", "2026-06-15T05:00:00+00:00"


@pytest.fixture(autouse=True)
def summer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the last second of July in Bangkok."""
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 7, 31, 16, 59, 59, tzinfo=dt.UTC))
    change_company(set_up_at=timezone.now(), time_zone="Asia/Bangkok")


def make(slug: str, by: User, **values: Any) -> Any:
    return create(registry[slug], values, by)


def followed(by: User, at: str = JULY, **values: Any) -> Any:
    return make("follow-ups", by, body="Called", happened_at=at, **values)


def visited(by: User, *accounts: Any) -> Any:
    about = [{"type": "accounts", "id": str(account.pk)} for account in accounts]
    return make("visits", by, subject="There", happened_at=JULY, about=about)


def counted(user: User, name: str, **query: str) -> dict[str, tuple[int, int]]:
    """Person or team → the number, and the one before."""
    told = Api(user).get("activity-statistics/", **query).json()
    rows = {row["title"]: row["values"] for row in [*told["people"], *told["teams"]]} | {"total": told["total"]}
    return {title: (values[name]["count"], values[name]["before"]) for title, values in rows.items()}


def test_numbers_are_of_people_and_their_teams_and_beside_those_before(
    alice: User, bob: User, charlie: User, dao: User, north: Team
) -> None:
    north.parent = make("teams", dao, name="Sales")
    north.save(update_fields=["parent"])
    for by, at in ((alice, JULY), (alice, JULY), (alice, JUNE), (bob, JULY), (charlie, JULY)):
        followed(by, at)
    make("follow-ups", alice, body="Only a plan", due_at=JULY)
    make("tasks", bob, subject="Offer", due_at=JUNE, done_at=JULY)
    make("tasks", bob, subject="Open", due_at=JULY)
    found = counted(again(dao), "follow_ups")
    assert {name: found[name] for name in ("Alice", "Bob", "Charlie", "North", "Sales", "South", "total")} == {
        "Alice": (2, 1),
        "Bob": (1, 0),
        "Charlie": (1, 0),
        "North": (3, 1),
        "Sales": (3, 1),
        "South": (1, 0),
        "total": (4, 1),
    }
    assert counted(dao, "tasks_done")["Bob"] == counted(dao, "tasks_done")["total"] == (1, 0)
    assert counted(dao, "follow_ups", team=str(north.pk))["total"] == (3, 1)


def test_only_what_one_may_see_is_counted(alice: User, bob: User, charlie: User) -> None:
    for by in (alice, bob, charlie):
        followed(by)
    assert counted(alice, "follow_ups") == {"Alice": (1, 0), "Bob": (1, 0), "North": (2, 0), "total": (2, 0)}


def test_days_begin_at_midnight_where_the_company_is(alice: User) -> None:
    alice.time_zone = "America/New_York"
    alice.save(update_fields=["time_zone"])
    for at in ("2026-06-30T16:59:59+00:00", "2026-06-30T17:00:00+00:00", "2026-07-31T16:59:59+00:00"):
        followed(alice, at)
    type(later := followed(alice)).objects.filter(pk=later.pk).update(happened_at="2026-07-31T17:00:00+00:00")
    expected: list[tuple[dict[str, str], tuple[int, int]]] = [
        ({}, (2, 1)),
        ({"unit": "month", "day": "2026-08-02"}, (1, 2)),
        ({"unit": "day", "day": "2026-08-01"}, (1, 1)),
        ({"unit": "week", "day": "2026-08-02"}, (2, 0)),
        ({"unit": "quarter", "day": "2026-09-30"}, (3, 1)),
    ]
    assert [counted(again(alice), "follow_ups", **query)["total"] for query, _count in expected] == [count for _query, count in expected]


def test_it_says_what_is_wrong_with_a_question(alice: User) -> None:
    program = Api(alice)
    for query in ({"unit": "decade"}, {"day": "soon"}, {"day": "0001-01-01"}):
        answer = program.get("activity-statistics/", **query)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, *query)
    assert program.get("activity-statistics/", team="nobodys").status_code == 404


def rows_behind(user: User, address: str) -> int:
    """How many rows the list of an address has."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return int(Api(user).get(parts.path.lstrip("/"), **query, total="1").json()["total"])


def test_every_number_is_that_of_the_rows_behind_it(alice: User, bob: User, charlie: User, dao: User) -> None:
    for by, at in ((alice, JULY), (alice, "2026-06-30T17:00:00+00:00"), (bob, "2026-07-31T16:59:59+00:00"), (charlie, JULY)):
        followed(by, at)
    make("tasks", bob, subject="Offer", done_at=JULY)
    acme, other = (make("accounts", by, name=name) for by, name in ((alice, "Acme"), (charlie, "Elsewhere")))
    for by in (alice, alice, bob):
        visited(by, acme)
    visited(charlie, other)
    visited(dao, other, acme)
    make("visits", alice, subject="Only a plan", due_at=JULY, about=[{"type": "accounts", "id": str(acme.pk)}])
    for outcome in ("answered", "no_answer"):
        make("calls", alice, subject="Called", outcome=outcome, happened_at=JULY)
    assert counted(again(dao), "customers_visited") == {
        **dict.fromkeys(("Alice", "Bob", "Charlie", "North", "South"), (1, 0)),
        **dict.fromkeys(("Dao", "total"), (2, 0)),
    }
    assert (counted(alice, "calls")["Alice"], counted(alice, "calls_answered")["Alice"]) == ((2, 0), (1, 0))
    request = RequestFactory().get("/team-activity/")
    seen = 0
    for user in (alice, dao):
        page = StatisticsPage(request, again(user))
        for line in [*page.found.lines, page.found.total]:
            for measure in page.found.measures:
                now, _before, address = page.cell(line, measure)
                if now:
                    seen += 1
                    assert rows_behind(user, address) == now, (line.title, measure.name)
    assert seen > 30


def test_the_page_shows_charts_and_a_file_in_few_questions(alice: User, bob: User, api: Callable[[User], Api]) -> None:
    client = Client()
    client.force_login(alice)
    counts = []
    for number in (1, 3):
        for _number in range(number):
            followed(alice)
            followed(bob)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/team-activity/", {"measure": "follow_ups"}).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24
    assert page.count("<chart-view") == 2
    lines = client.get("/team-activity/", {"format": "csv"}).content.decode().splitlines()
    assert lines[-1].startswith("Total,✓,") and ",8," in lines[-1]
    assert any(line.startswith("Alice,,") for line in lines)
