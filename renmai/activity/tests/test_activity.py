"""Tasks, notes and follow-ups: about several records, on all their timelines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.run import run
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.store_many import New, create_many

ACCOUNTS, TASKS, NOTES, FOLLOW_UPS = (registry[slug] for slug in ("accounts", "tasks", "notes", "follow-ups"))


def about(*records: Any) -> list[dict[str, str]]:
    """What an activity is about."""
    return [{"type": registry.of(record).slug, "id": str(record.pk)} for record in records]


def test_a_note_stands_on_every_timeline_it_is_about(alice: User, api: Callable[[User], Api]) -> None:
    acme = create(ACCOUNTS, {"name": "Acme"}, alice)
    ann = create(registry["people"], {"name": "Ann"}, alice)
    create(NOTES, {"body": "Likes tea", "about": about(acme, ann)}, alice)
    for record in (acme, ann):
        items = api(alice).get(f"{registry.of(record).slug}/{record.pk}/timeline/").json()["items"]
        assert items[0]["kind"] == "note.created"
        assert items[0]["text"] == "Alice noted: Likes tea"
        assert items[0]["data"]["body"] == "Likes tea"


def test_the_main_one_comes_first(alice: User, api: Callable[[User], Api]) -> None:
    acme, other = (create(ACCOUNTS, {"name": name}, alice) for name in ("Acme", "Other"))
    note = create(NOTES, {"body": "Both", "about": about(other, acme)}, alice)
    assert [link["title"] for link in api(alice).get(f"notes/{note.pk}/").json()["about"]] == ["Other", "Acme"]


def test_a_note_is_not_about_what_one_may_not_see(alice: User, charlie: User, api: Callable[[User], Api]) -> None:
    acme = create(ACCOUNTS, {"name": "Acme"}, alice)
    assert api(charlie).post("notes/", {"body": "x", "about": about(acme)}).status_code == 422


def test_a_private_note_does_not_show_on_a_shared_timeline(alice: User, charlie: User, dao: User, api: Callable[[User], Api]) -> None:
    acme = create(ACCOUNTS, {"name": "Acme", "owner": charlie}, dao)
    create(NOTES, {"body": "Secret", "about": about(acme), "owner": alice}, dao)
    kinds = [item["kind"] for item in api(charlie).get(f"accounts/{acme.pk}/timeline/").json()["items"]]
    assert kinds == ["account.created"]


def test_a_contact_moves_the_last_touch_but_never_back(alice: User) -> None:
    acme = create(ACCOUNTS, {"name": "Acme"}, alice)
    now = timezone.now()
    for happened in (now - dt.timedelta(days=1), now - dt.timedelta(days=9)):
        create(FOLLOW_UPS, {"body": "Called", "about": about(acme), "happened_at": happened}, alice)
    acme.refresh_from_db()
    assert acme.last_touch_at == now - dt.timedelta(days=1)  # type: ignore[attr-defined]


def test_many_contacts_move_the_last_touches_of_a_type_in_one_statement(alice: User) -> None:
    now = timezone.now()
    touched = [create(ACCOUNTS, {"name": f"Acme {number}"}, alice) for number in range(3)]
    moments = [now - dt.timedelta(days=number + 1) for number in range(3)]
    contacts = [New({"body": "Called", "happened_at": at}, about=[acme]) for acme, at in zip(touched, moments, strict=True)]
    with CaptureQueriesContext(connection) as asked:
        create_many(FOLLOW_UPS, [*contacts, New({"body": "Met", "happened_at": now}, about=[touched[2]])], alice)
    for acme in touched:
        acme.refresh_from_db()
    assert [acme.last_touch_at for acme in touched] == [*moments[:2], now]  # type: ignore[attr-defined]
    assert len([query for query in asked if query["sql"].startswith("UPDATE")]) == 1


def test_a_plan_is_no_touch_until_it_is_done(alice: User) -> None:
    acme = create(ACCOUNTS, {"name": "Acme"}, alice)
    plan = create(FOLLOW_UPS, {"body": "Call", "about": about(acme), "due_at": timezone.now()}, alice)
    acme.refresh_from_db()
    assert acme.last_touch_at is None  # type: ignore[attr-defined]
    run(FOLLOW_UPS, "done", plan.pk, by=alice, arguments={"body": "She agrees"})
    acme.refresh_from_db()
    assert acme.last_touch_at is not None  # type: ignore[attr-defined]


def test_a_task_is_done_once(alice: User) -> None:
    task = create(TASKS, {"subject": "Call"}, alice)
    assert task.assignee == alice  # type: ignore[attr-defined]
    assert run(TASKS, "done", task.pk, by=alice).item.done_at is not None  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        run(TASKS, "done", task.pk, by=alice)


def test_a_contact_needs_a_text_or_a_subject(dao: User, api: Callable[[User], Api]) -> None:
    program = api(dao)
    assert program.post("follow-ups/", {"subject": "Called, no answer", "method": "call"}).status_code == 201
    assert program.post("follow-ups/", {"method": "call"}).json()["errors"][0]["field"] == "body"


@pytest.mark.parametrize("kind", [TASKS, NOTES, FOLLOW_UPS], ids=lambda kind: kind.slug)
def test_every_activity_has_the_same_times_method_and_assignee(kind: Any, alice: User, bob: User, api: Callable[[User], Api]) -> None:
    times = {"due_at": "2026-03-01T09:00:00+00:00", "happened_at": "2026-03-02T09:00:00+00:00"}
    values = {"subject": "Terms", "body": "Talk about terms", "method": "meeting", **times}
    read = api(alice).post(f"{kind.slug}/", {**values, "assignee": str(bob.pk)}).json()
    assert {name: read[name] for name in values} == values
    assert read["assignee"]["title"] == "Bob"
    assert "done_at" in read
    mine = api(alice).post(f"{kind.slug}/", {"subject": "Terms", "body": "x"}).json()
    assert mine["assignee"]["title"] == "Alice"
