"""The calendar of a type: records on their days, moved under the rules of every change, and as of the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.testing.people import Api, again

Calls = Callable[[User], Api]
NOVEMBER = {"from": "2026-11-01", "to": "2026-12-01"}


def browser(user: User) -> Client:
    """A browser in which somebody is signed in."""
    made = Client(SERVER_NAME="127.0.0.1")
    made.force_login(user)
    return made


@pytest.fixture
def task(api: Calls, alice: User) -> dict[str, Any]:
    """Alice's task on a day of November."""
    values = {"subject": "Call Somchai", "due_at": "2026-11-10T02:00:00+00:00", "assignee": str(alice.pk)}
    return api(alice).post("tasks/", values).json()  # type: ignore[no-any-return]


def days(user: User, kind: str = "tasks", **asked: str) -> Any:
    return browser(user).get(f"/{kind}/days/", {**NOVEMBER, **asked})


def test_a_record_stands_on_its_day_in_the_readers_zone(task: Any, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone="Asia/Bangkok")
    (event,) = days(again(alice)).json()["events"]
    assert (event["title"], event["start"], event["allDay"]) == ("Call Somchai", "2026-11-10T09:00:00", False)


def test_only_what_may_be_seen_and_is_filtered_stands_there(task: Any, alice: User, charlie: User) -> None:
    assert days(charlie).json()["events"] == []
    assert days(alice, filter='{"field": "subject", "op": "eq", "value": "Other"}').json()["events"] == []
    assert days(alice, **{"from": "2026-10-01", "to": "2026-11-01"}).json()["events"] == []


def test_a_span_of_days_is_found_by_any_of_them_and_ends_with_its_last(api: Calls, dao: User) -> None:
    values = {"name": "Fair", "starts_on": "2026-10-20", "ends_on": "2026-11-03"}
    made = api(dao).post("campaigns/", values).json()
    (event,) = days(dao, "campaigns").json()["events"]
    assert (event["start"], event["end"]) == ("2026-10-20", "2026-11-04")
    sent = {"start": "2026-10-25", "end": "2026-11-09", "version": made["version"]}
    assert browser(dao).post(f"/campaigns/{made['id']}/day/", sent).status_code == 200
    now = api(dao).get(f"campaigns/{made['id']}/").json()
    assert (now["starts_on"], now["ends_on"]) == ("2026-10-25", "2026-11-08")


def test_a_span_of_one_day_keeps_its_end_where_it_is_moved(api: Calls, dao: User) -> None:
    api(dao).post("campaigns/", {"name": "Day", "starts_on": "2026-11-15", "ends_on": "2026-11-15"})
    (event,) = days(dao, "campaigns").json()["events"]
    assert event["end"] == "2026-11-16"


def test_a_record_is_moved_by_whoever_may_change_it(task: Any, api: Calls, alice: User, bob: User) -> None:
    sent, path = {"start": "2026-11-12T02:00:00", "version": task["version"]}, f"/tasks/{task['id']}/day/?by=due_at"
    assert browser(bob).post(path, sent).status_code in {403, 404}
    assert browser(alice).post(path, sent).json() == {"version": task["version"] + 1}
    assert dt.datetime.fromisoformat(api(alice).get(f"tasks/{task['id']}/").json()["due_at"]).day == 12
    assert browser(alice).post(path, sent).status_code == 412


def test_a_hidden_date_makes_no_calendar(task: Any, alice: User) -> None:
    Role.objects.filter(name="rep").update(fields={"tasks": {"due_at": "hidden"}})
    assert days(again(alice), by="due_at").status_code == 404


def test_a_calendar_of_the_past_shows_what_was_and_moves_nothing(task: Any, api: Calls, alice: User) -> None:
    from django.utils import timezone

    then = timezone.now().isoformat()
    api(alice).patch(f"tasks/{task['id']}/", {"subject": "Call Somchai again", "due_at": "2026-12-24T02:00:00+00:00"})
    (event,) = days(alice, as_of=then).json()["events"]
    assert (event["title"], event["editable"]) == ("Call Somchai", False)


def test_the_days_asked_for_are_few(alice: User) -> None:
    assert days(alice, to="2027-11-01").status_code == 422
    assert days(alice, **{"from": "soon"}).status_code == 422


def test_a_view_can_be_a_calendar(api: Calls, alice: User) -> None:
    values = {"name": "Due", "target": "tasks", "kind": "calendar", "by": "due_at"}
    view = api(alice).post("views/", values).json()
    page = browser(alice).get(f"/tasks/?view={view['id']}").content.decode()
    assert 'data-by="due_at"' in page and f"view={view['id']}" in page


def test_the_page_of_a_calendar_reads_no_record(task: Any, alice: User, django_assert_max_num_queries: Any) -> None:
    client = browser(alice)
    client.get("/tasks/?view=calendar")
    with django_assert_max_num_queries(5):
        assert client.get("/tasks/?view=calendar").status_code == 200
