"""Tasks that come again, and what one is reminded of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from renmai.activity.reminder.listeners import remind
from renmai.activity.task.listeners import when_due
from renmai.activity.task.recurrence import Recurrence
from renmai.kernel.access.user import User
from renmai.kernel.facts import Fact
from renmai.kernel.notify.model import Notification
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

BANGKOK = ZoneInfo("Asia/Bangkok")
BEGINS = dt.datetime(2026, 11, 23, 9)
TASK = registry["tasks"].model


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2026-11-26", "2026-11-29"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-26", "2026-11-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-31", "2027-01-31"),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-12-08", "2027-01-12"),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30", "2026-12-31"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29", "2032-02-29"),
        ("FREQ=DAILY;COUNT=2", "2026-11-24", ""),
        ("FREQ=DAILY;UNTIL=20261124", "2026-11-24", ""),
        ("FREQ=DAILY;UNTIL=20261124T020000Z", "2026-11-24", ""),
        ("FREQ=DAILY;UNTIL=20261124T015959Z", "", ""),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", "", ""),
    ],
)
def test_a_rule_says_when_it_is_next(rule: str, first: str, second: str) -> None:
    read, found = Recurrence.read(rule, BANGKOK), []
    moment: dt.datetime | None = BEGINS
    for _number in range(2):
        moment = read.after(moment, BEGINS) if moment is not None else None
        found.append(f"{moment:%Y-%m-%d}" if moment is not None else "")
    assert found == [first, second]


@pytest.mark.parametrize(
    "rule", ["daily", "FREQ=HOURLY", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;X=1"]
)
def test_a_rule_that_cannot_be_read_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Recurrence.read(rule, BANGKOK)


def made(program: Api, **values: Any) -> dict[str, Any]:
    """A task, as it is read."""
    response = program.post("tasks/", {"subject": "Call the mill", **values})
    assert response.status_code == 201, response.content
    return response.json()  # type: ignore[no-any-return]


def later(**ahead: float) -> str:
    """A moment to come."""
    return (timezone.now() + dt.timedelta(**ahead)).replace(microsecond=0).isoformat()


def test_the_next_task_is_made_once_when_one_is_done_and_follows_its_series(alice: User, api: Callable[[User], Api]) -> None:
    program, due = api(alice), later(hours=1)
    acme = program.post("accounts/", {"name": "Acme"}).json()
    task = made(program, due_at=due, recurrence="FREQ=DAILY;COUNT=3", about=[{"type": "accounts", "id": acme["id"]}], reminders=["10"])
    program.patch(f"tasks/{task['id']}/", {"subject": "This time write", "due_at": later(hours=2)})
    second = program.post(f"tasks/{task['id']}/done/").json()["item"]["next"]
    read = program.get(f"tasks/{second['id']}/").json()
    assert (read["subject"], read["about"][0]["id"], read["reminders"]) == ("Call the mill", acme["id"], ["10"])
    assert dt.datetime.fromisoformat(read["due_at"]) == dt.datetime.fromisoformat(due) + dt.timedelta(days=1)
    program.patch(f"tasks/{second['id']}/", {"subject": "Write from now on"})
    program.post(f"tasks/{second['id']}/change-following/")
    program.post(f"tasks/{second['id']}/end-series/")
    assert program.post(f"tasks/{second['id']}/done/").json()["item"]["next"] is None
    assert TASK.objects.count() == 2


def test_the_next_task_is_made_when_one_is_due_on_the_next_working_day(alice: User, api: Callable[[User], Api]) -> None:
    alice.time_zone = "Asia/Bangkok"
    alice.save(update_fields=["time_zone"])
    friday = "2026-11-27T09:00:00+07:00"
    task = made(api(alice), due_at=friday, recurrence="FREQ=DAILY", again="due", working_days=True)
    assert when_due(dt.datetime(2026, 11, 27, 1, tzinfo=dt.UTC)) == 0
    when_due(dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC))
    when_due(dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC))
    following = TASK.objects.exclude(pk=task["id"]).get()
    assert following.due_at == dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    assert following.occurs_at == dt.datetime(2026, 11, 28, 2, tzinfo=dt.UTC)


def test_a_recurrence_that_cannot_be_read_is_refused(alice: User, api: Callable[[User], Api]) -> None:
    refused = api(alice).post("tasks/", {"subject": "x", "recurrence": "every day"})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["recurrence"]


def test_each_reminder_goes_out_once_and_moves_with_the_due_time(alice: User, bob: User, api: Callable[[User], Api]) -> None:
    program = api(alice)
    task = made(program, due_at=later(hours=3), reminders=["60", "10"], assignee=str(bob.pk))
    now = timezone.now()
    assert remind(now + dt.timedelta(hours=1)) == 0
    assert [remind(now + dt.timedelta(hours=2, minutes=1)) for _again in range(2)] == [1, 0]
    program.patch(f"tasks/{task['id']}/", {"due_at": later(hours=5)})
    assert [remind(now + dt.timedelta(hours=hours)) for hours in (3.5, 4.1, 4.2, 5)] == [0, 1, 0, 1]
    facts = Fact.objects.filter(kind="task.reminded")
    assert Notification.objects.filter(user=bob, fact__in=facts).count() == facts.count() == 3
    program.post(f"tasks/{task['id']}/done/")
    assert program.get(f"tasks/{task['id']}/").json()["remind_at"] is None
