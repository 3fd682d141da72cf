"""Follow-ups, calls, meetings and visits: what took place is a contact, what is planned is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from renmai.activity.meeting.record import MeetingType
from renmai.activity.touch import is_ahead
from renmai.kernel.access.user import User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

SAID = {"calls": {"outcome": "no_answer"}, "meetings": {"subject": "Terms"}, "visits": {"purpose": "first"}}


@pytest.mark.parametrize("slug", SAID)
def test_only_what_took_place_is_a_contact_and_the_plan_stays_beside_it(slug: str, alice: User, api: Callable[[User], Api]) -> None:
    program, acme = api(alice), create(registry["accounts"], {"name": "Acme"}, alice)
    due = (timezone.now() + dt.timedelta(days=1)).isoformat()
    about = [{"type": "accounts", "id": str(acme.pk)}]
    plan = program.post(f"{slug}/", {**SAID[slug], "body": "Ask for the budget", "due_at": due, "about": about}).json()
    assert (plan["happened_at"], plan["done_at"]) == (None, None)
    assert program.get(f"accounts/{acme.pk}/").json()["last_touch_at"] is None
    kept = program.post(f"{slug}/{plan['id']}/done/", {"body": "She agrees"}).json()["item"]
    assert (kept["plan"], kept["body"]) == ("Ask for the budget", "She agrees")
    assert program.get(f"accounts/{acme.pk}/").json()["last_touch_at"] == kept["happened_at"] == kept["done_at"] is not None
    assert program.post(f"{slug}/{plan['id']}/done/").status_code == 409
    bare: Any = program.post(f"{slug}/", SAID[slug]).json()
    assert bare["happened_at"] is not None and bare["title"]


def test_nothing_has_happened_in_the_future(alice: User, api: Callable[[User], Api]) -> None:
    tomorrow = (timezone.now() + dt.timedelta(days=1)).isoformat()
    refused = api(alice).post("calls/", {"subject": "Called", "happened_at": tomorrow})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "happened_at")
    plan = api(alice).post("calls/", {"subject": "Call", "due_at": tomorrow}).json()
    refused = api(alice).post(f"calls/{plan['id']}/done/", {"at": tomorrow})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "at")


def test_a_file_of_another_system_brings_what_is_still_to_come_as_a_plan() -> None:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    values: dict[str, Any] = {"happened_at": tomorrow}
    MeetingType().recall(values)
    assert values == {"happened_at": None, "due_at": tomorrow}
    assert not is_ahead(timezone.now())


def test_a_meeting_does_not_end_before_it_begins(alice: User, api: Callable[[User], Api]) -> None:
    times = {"due_at": "2026-11-24T10:00:00+00:00", "ends_at": "2026-11-24T09:00:00+00:00"}
    assert api(alice).post("meetings/", {"subject": "Terms", **times}).status_code == 422


def test_the_next_contact_is_planned_with_what_was_said(alice: User, api: Callable[[User], Api]) -> None:
    program, acme = api(alice), create(registry["accounts"], {"name": "Acme"}, alice)
    soon = (timezone.now() + dt.timedelta(days=2)).isoformat()
    about = [{"type": "accounts", "id": str(acme.pk)}]
    said = program.post("follow-ups/", {"body": "Likes it", "about": about, "next_at": soon, "next_plan": "Send the offer"}).json()
    plan = program.get(f"follow-ups/{said['next']['id']}/").json()
    assert (plan["body"], plan["happened_at"], plan["about"][0]["id"]) == ("Send the offer", None, str(acme.pk))
    assert dt.datetime.fromisoformat(plan["due_at"]) == dt.datetime.fromisoformat(soon)
    program.patch(f"follow-ups/{said['id']}/", {"body": "Likes it a lot"})
    assert program.get("follow-ups/", total=1).json()["total"] == 2


def test_whoever_takes_part_sees_the_meeting_and_whoever_does_it_may_change_it(
    alice: User, charlie: User, dao: User, api: Callable[[User], Api]
) -> None:
    meeting = api(alice).post("meetings/", {"subject": "Terms", "participants": [str(charlie.pk)]}).json()["id"]
    assert api(charlie).get(f"meetings/{meeting}/").status_code == 200
    assert api(charlie).patch(f"meetings/{meeting}/", {"place": "Here"}).status_code == 403
    api(dao).patch(f"meetings/{meeting}/", {"assignee": str(charlie.pk)})
    assert api(charlie).patch(f"meetings/{meeting}/", {"place": "Here"}).status_code == 200
