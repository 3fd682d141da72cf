"""The calendar: what stands in it for whom, and moving it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from renmai.activity.agenda.postponing import ways
from renmai.activity.task.model import Task
from renmai.kernel.access.user import User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

pytestmark = pytest.mark.django_db
WEEK = {"from": "2026-11-23", "to": "2026-11-30"}


def make(slug: str, by: User, **values: Any) -> Any:
    return create(registry[slug], values, by)


def signed_in(user: User) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    return client


def test_it_holds_what_one_may_see_of_whom_one_asks(alice: User, bob: User, charlie: User, dao: User, api: Callable[[User], Api]) -> None:
    acme = make("accounts", alice, name="Acme")
    make("tasks", alice, subject="Offer", due_at="2026-11-24T02:00:00+00:00", about=[{"type": "accounts", "id": str(acme.pk)}])
    make("follow-ups", bob, body="Called", happened_at="2026-11-23T01:00:00+00:00")
    make("tasks", charlie, subject="Elsewhere", due_at="2026-11-25T02:00:00+00:00")
    make("tasks", alice, subject="Next month", due_at="2026-12-24T02:00:00+00:00")

    def titles(user: User, **query: str) -> list[str]:
        return [item["title"] for item in api(user).get("agenda/", **WEEK, **query).json()["items"]]

    assert titles(alice) == ["Offer"]
    assert titles(alice, who="team") == titles(alice, who="all") == ["Called", "Offer"]
    assert titles(alice, who=str(bob.pk)) == ["Called"]
    assert titles(alice, who="team", types="tasks") == ["Offer"]
    assert titles(dao, who="all") == ["Called", "Offer", "Elsewhere"]
    [offer] = api(alice).get("agenda/", **WEEK).json()["items"]
    assert (offer["about"][0]["title"], offer["assignee"]["title"], offer["done"]) == ("Acme", "Alice", False)


def test_it_says_what_is_wrong_with_a_question(alice: User) -> None:
    program = Api(alice)
    wrong: list[tuple[dict[str, str], int, list[str]]] = [
        ({"from": "soon", "to": "2026-11-30"}, 422, ["from"]),
        ({"from": "2026-01-01", "to": "2026-11-30"}, 422, ["to"]),
        ({**WEEK, "types": "leads"}, 422, ["types"]),
        ({**WEEK, "who": "nobody"}, 404, []),
    ]
    for query, status, fields in wrong:
        answer = program.get("agenda/", **query)
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (status, fields)


def test_a_day_is_the_persons_own(alice: User) -> None:
    make("tasks", alice, subject="Early in Taipei", due_at="2026-11-22T17:00:00+00:00")
    alice.time_zone = "Asia/Taipei"
    alice.save(update_fields=["time_zone"])
    client = signed_in(again(alice))
    found = client.get("/calendar/events/", {"from": "2026-11-23", "to": "2026-11-24"}).json()["events"]
    assert [(event["title"], event["start"]) for event in found] == [("Early in Taipei", "2026-11-23T01:00:00")]
    assert client.get("/calendar/events/", {"from": "2026-11-22", "to": "2026-11-23"}).json()["events"] == []


def test_as_many_questions_are_asked_for_many_entries_as_for_one(alice: User) -> None:
    acme = make("accounts", alice, name="Acme")
    about = [{"type": "accounts", "id": str(acme.pk)}]
    client = signed_in(alice)
    counts = []
    for number in (1, 4):
        for hour in range(number):
            make("tasks", alice, subject="Offer", due_at=f"2026-11-24T0{hour}:00:00+00:00", about=about)
        with CaptureQueriesContext(connection) as asked:
            client.get("/calendar/events/", WEEK)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 17


def test_an_entry_is_dragged_with_its_version_and_stays_where_somebody_else_was_quicker(alice: User, charlie: User) -> None:
    task = make("tasks", alice, subject="Offer", due_at="2026-11-24T02:00:00+00:00")
    client = signed_in(alice)
    [event] = client.get("/calendar/events/", WEEK).json()["events"]
    assert event["editable"] is True
    sent = {"start": "2026-11-25T10:00:00", "version": event["extendedProps"]["version"]}
    assert client.post(event["extendedProps"]["move"], sent).status_code == 200
    task.refresh_from_db()
    assert task.due_at == dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)
    assert client.post(event["extendedProps"]["move"], sent).status_code == 412
    assert signed_in(charlie).post(event["extendedProps"]["move"], sent).status_code == 404
    assert signed_in(charlie).get(event["extendedProps"]["ask"]).status_code == 404


def test_a_meeting_is_made_longer_and_postponed_as_long_as_it_is(alice: User, bob: User) -> None:
    times = {"due_at": "2026-11-24T02:00:00+00:00", "ends_at": "2026-11-24T03:00:00+00:00"}
    meeting = make("meetings", alice, subject="Terms", participants=[str(bob.pk)], **times)
    client = signed_in(bob)
    [event] = client.get("/calendar/events/", WEEK).json()["events"]  # a colleague who takes part has it in his own calendar
    assert (event["start"], event["end"]) == ("2026-11-24T02:00:00", "2026-11-24T03:00:00")
    client = signed_in(alice)
    sent = {"start": "2026-11-24T02:00:00", "end": "2026-11-24T04:30:00", "version": meeting.version}
    assert client.post(event["extendedProps"]["move"], sent).status_code == 200
    assert client.post(f"/calendar/meetings/{meeting.pk}/move/", {"to": "2026-11-27"}).status_code == 204
    meeting.refresh_from_db()
    assert (meeting.due_at, meeting.ends_at) == tuple(dt.datetime(2026, 11, 27, *clock, tzinfo=dt.UTC) for clock in ((2, 0), (4, 30)))
    late = {"from": "2026-11-27", "to": "2026-11-28"}
    assert len(client.get("/calendar/events/", late).json()["events"]) == 1


def test_an_entry_is_moved_by_menu_to_the_same_time_of_another_day(alice: User) -> None:
    task = make("tasks", alice, subject="Offer", due_at="2026-11-24T02:30:00+00:00")
    client = signed_in(alice)
    page = client.get(f"/calendar/tasks/{task.pk}/").content.decode()
    assert all(way.label in page for way in ways(alice))
    assert client.post(f"/calendar/tasks/{task.pk}/move/", {"to": "2026-12-04", "version": task.version}).status_code == 204
    task.refresh_from_db()
    assert task.due_at == dt.datetime(2026, 12, 4, 2, 30, tzinfo=dt.UTC)
    assert client.post(f"/calendar/tasks/{task.pk}/move/", {"to": "2026-12-05", "version": 1}).status_code == 412
    assert client.post(f"/calendar/tasks/{task.pk}/move/", {"due_at": ""}).status_code == 422
    assert client.get(f"/calendar/notes/{task.pk}/").status_code == 404


def test_what_is_done_stays_where_it_is(alice: User) -> None:
    make("tasks", alice, subject="Offer", due_at="2026-11-24T02:00:00+00:00", done_at="2026-11-24T03:00:00+00:00")
    [event] = signed_in(alice).get("/calendar/events/", WEEK).json()["events"]
    assert (event["editable"], "agenda-done" in event["classNames"]) == (False, True)


def test_something_is_planned_where_there_was_room(alice: User, charlie: User) -> None:
    acme = make("accounts", alice, name="Acme")
    client = signed_in(alice)
    page = client.get("/calendar/new/", {"start": "2026-11-24T14:00:00", "end": "2026-11-24T15:00:00"}).content.decode()
    assert 'value="2026-11-24T14:00"' in page
    sent = {"type": "tasks", "subject": "Offer", "due_at": "2026-11-24T14:00", "about": f"accounts/{acme.pk}"}
    assert client.post("/calendar/new/", sent).status_code == 204
    made = Task.objects.get()
    assert (made.title, made.assignee, made.due_at) == ("Offer", alice, dt.datetime(2026, 11, 24, 14, tzinfo=dt.UTC))
    again = client.post("/calendar/new/", {**sent, "subject": ""})
    assert again.status_code == 422 and "Acme" in again.content.decode()
    assert signed_in(charlie).post("/calendar/new/", sent).status_code == 422  # who may not see the account plans nothing about it


def test_a_week_of_the_team_has_a_row_for_each_colleague(alice: User, bob: User, charlie: User) -> None:
    make("tasks", bob, subject="Offer of Bob", due_at="2026-11-24T02:00:00+00:00")
    page = signed_in(alice).get("/calendar/team/", {"day": "2026-11-25"}).content.decode()
    table = page[page.index('id="team-week"') : page.index("</section>", page.index('id="team-week"'))]
    assert all(text in table for text in ("Alice", "Bob", "Offer of Bob")) and "Charlie" not in table
    assert signed_in(alice).get("/calendar/team/", {"day": "9999-12-31"}).status_code == 200
