"""The calendar as other programs read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from renmai.activity.agenda.link import CalendarLink
from renmai.kernel.access.user import User
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

pytestmark = pytest.mark.django_db
TASKS = registry["tasks"]
TITLE = "拜訪立德禮品並確認明年度的合約條款與付款方式，ยืนยันใบเสนอราคากับคุณสมชายก่อนเข้าพบ " * 2


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day whose year the feed lies about."""
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 11, 24, 5, 0, tzinfo=dt.UTC))


def read(secret: str, **headers: str) -> Any:
    return Client(headers=headers).get(f"/calendar/feed/{secret}.ics")


def task(by: User, **values: Any) -> Any:
    return create(TASKS, {"subject": TITLE, "due_at": "2026-11-25T02:00:00+00:00", **values}, by)


def test_another_program_reads_the_same_back_in_every_script(alice: User) -> None:
    alice.time_zone, alice.language = "Asia/Taipei", "zh-Hant"
    alice.save(update_fields=["time_zone", "language"])
    acme = create(registry["accounts"], {"name": "Acme"}, alice)
    made = task(alice, body="第一行\n第二行; 含逗號, 分號", about=[{"type": "accounts", "id": str(acme.pk)}])
    update(TASKS, made.pk, {"priority": "high"}, alice)
    answer = read(CalendarLink.issue(alice)[1])
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75 and all(line.decode() is not None for line in lines)
    found = Calendar.from_ical(answer.content)
    [event] = found.walk("VEVENT")
    assert (str(event["uid"]), str(event["summary"]), event["sequence"], str(event["status"])) == (
        str(made.pk),
        TITLE.strip(),
        1,
        "CONFIRMED",
    )
    assert event.start == dt.datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Taipei"))
    assert str(event["description"]) == "第一行\n第二行; 含逗號, 分號\n\nAcme"
    assert [str(zone["tzid"]) for zone in found.walk("VTIMEZONE")] == ["Asia/Taipei"] and not found.get_missing_tzids()


def test_what_has_not_changed_is_not_sent_again(alice: User) -> None:
    made = task(alice)
    secret = CalendarLink.issue(alice)[1]
    etag = read(secret)["ETag"]
    assert read(secret, **{"If-None-Match": etag}).status_code == 304
    update(TASKS, made.pk, {"subject": "Offer"}, alice)
    assert read(secret, **{"If-None-Match": etag}).status_code == 200


def test_it_holds_ones_own_and_says_for_a_while_what_was_deleted(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = task(alice, subject="Gone")
    task(bob, subject="Of Bob")
    done = task(alice, subject="Behind me", done_at="2026-11-24T03:00:00+00:00")
    task(alice, subject="Long ago", due_at="2026-01-01T02:00:00+00:00")
    secret = CalendarLink.issue(alice)[1]
    remove(TASKS, gone.pk, alice)

    def told() -> dict[str, str]:
        events = Calendar.from_ical(read(secret).content).walk("VEVENT")
        return {str(event["summary"]): str(event["status"]) for event in events}

    assert told() == {"Gone": "CANCELLED", f"✓ {done.title}": "CONFIRMED"}
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 12, 25, 5, 0, tzinfo=dt.UTC))
    assert told() == {f"✓ {done.title}": "CONFIRMED"}


def test_a_link_may_tell_only_some_types_or_only_that_one_is_busy(alice: User) -> None:
    task(alice, subject="Secret plan", body="with words")
    create(registry["follow-ups"], {"body": "Call", "due_at": "2026-11-25T04:00:00+00:00"}, alice)
    busy = read(CalendarLink.issue(alice, types=["tasks"], busy_only=True)[1]).content
    [event] = Calendar.from_ical(busy).walk("VEVENT")
    assert str(event["summary"]) == "Busy" and b"Secret" not in busy and b"words" not in busy


def test_a_link_is_made_and_revoked_at_the_api(alice: User, bob: User, api: Callable[[User], Api]) -> None:
    made = api(alice).post("calendar-links/", {"name": "Phone", "types": ["tasks"]})
    assert made.status_code == 201
    secret = made.json()["url"].rpartition("/")[2].removesuffix(".ics")
    assert read(secret).status_code == 200
    assert CalendarLink.objects.get().digest != secret
    [listed] = api(alice).get("calendar-links/").json()["items"]
    assert listed["last_used_at"] and "url" not in listed
    assert api(bob).delete(f"calendar-links/{listed['id']}/").status_code == 404
    assert api(alice).delete(f"calendar-links/{listed['id']}/").status_code == 204
    assert read(secret).status_code == 404
    for wrong in ({"types": ["leads"]}, {"types": "tasks"}, {"name": 3}, {"busy_only": "yes"}, {"colour": "red"}):
        assert api(alice).post("calendar-links/", wrong).status_code == 422


def test_nobody_reads_the_calendar_of_who_has_left(alice: User) -> None:
    secret = CalendarLink.issue(alice)[1]
    alice.active = False
    alice.save(update_fields=["active"])
    assert read(secret).status_code == 404


def test_an_address_is_made_on_the_settings_page_and_shown_once(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    page = client.post("/settings/calendar/", {"name": "Phone", "types": ["tasks"], "busy_only": "true"}).content.decode()
    assert ".ics</code>" in page and ".ics</code>" not in client.get("/settings/calendar/").content.decode()
    link = CalendarLink.objects.get()
    assert (link.name, link.types, link.busy_only) == ("Phone", ["tasks"], True)
    client.post(f"/settings/calendar/{link.pk}/revoke/")
    assert not CalendarLink.objects.exists()


def test_one_entry_is_a_file(alice: User, charlie: User) -> None:
    made = task(alice, subject="Offer")
    times = {"due_at": "2026-11-24T02:00:00+00:00", "ends_at": "2026-11-24T03:30:00+00:00"}
    meeting = create(registry["meetings"], {"subject": "Terms", "place": "台北市信義區", "link": "https://meet.example", **times}, alice)
    client = Client()
    client.force_login(again(alice))
    answer = client.get(f"/calendar/tasks/{made.pk}.ics")
    assert str(Calendar.from_ical(answer.content).walk("VEVENT")[0]["summary"]) == "Offer"
    [event] = Calendar.from_ical(client.get(f"/calendar/meetings/{meeting.pk}.ics").content).walk("VEVENT")
    assert (str(event["location"]), event.duration, str(event["transp"])) == ("台北市信義區", dt.timedelta(minutes=90), "OPAQUE")
    client.force_login(charlie)
    assert client.get(f"/calendar/tasks/{made.pk}.ics").status_code == 404
