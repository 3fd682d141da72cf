"""Invitations as files."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.activity.agenda.invitation import read, take_in
from renmai.activity.meeting.model import Meeting
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.reader import zone_named

BANGKOK = zone_named("Asia/Bangkok")
INVITATION = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
METHOD:{method}
BEGIN:VEVENT
UID:abc@example.com
DTSTAMP:20261101T000000Z
DTSTART:{start}
DTEND:{end}
SUMMARY:ประชุมเรื่องสัญญา
LOCATION:อาคารสาทร
END:VEVENT
END:VCALENDAR
"""


def invitation(start: str = "20261124T020000Z", end: str = "20261124T030000Z", method: str = "REQUEST") -> bytes:
    return INVITATION.format(start=start, end=end, method=method).replace("\n", "\r\n").encode()


def test_times_without_a_zone_and_whole_days_are_those_of_the_reader() -> None:
    [plain] = read(invitation("20261124T090000", "20261124T100000"), BANGKOK)
    assert plain.values["due_at"] == "2026-11-24T09:00:00+07:00" and plain.values["ends_at"] == "2026-11-24T10:00:00+07:00"
    whole = invitation("20261124", "20261125").replace(b"DTSTART:", b"DTSTART;VALUE=DATE:").replace(b"DTEND:", b"DTEND;VALUE=DATE:")
    [day] = read(whole, BANGKOK)
    assert (day.values["due_at"], day.values["ends_at"]) == ("2026-11-24T09:00:00+07:00", None)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", b"BEGIN:VEVENT", b"x" * 1_000_001])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read(data, BANGKOK)


@pytest.mark.django_db
def test_an_invitation_becomes_a_meeting_that_the_next_one_changes_or_calls_off(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    file = SimpleUploadedFile("invite.ics", invitation(), content_type="text/calendar")
    assert client.post("/settings/calendar/invitation/", {"file": file})["Location"] == "/calendar/"
    made = Meeting.objects.get()
    assert (made.title, made.place, made.assignee, made.due_at.hour) == ("ประชุมเรื่องสัญญา", "อาคารสาทร", alice, 2)
    [changed] = take_in(invitation("20261125T020000Z", "20261125T033000Z"), alice)
    assert changed.pk == made.pk and changed.due_at == dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC)  # type: ignore[attr-defined]
    assert take_in(invitation(method="CANCEL"), alice) == []
    assert Meeting.objects.get().deleted_at is not None
    assert client.post("/settings/calendar/invitation/", {})["Location"] == "/settings/calendar/"
