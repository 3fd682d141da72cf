"""A new lead is answered within a goal of working time; who has it is reminded once, and it is passed on once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.user import Team, User
from renmai.kernel.actions.run import run
from renmai.kernel.facts import Fact
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, person
from renmai.sales.lead.model import Lead
from renmai.sales.response.clock import look, start

pytestmark = pytest.mark.django_db
LEADS, GOALS, CALENDARS, FOLLOW_UPS = (registry[slug] for slug in ("leads", "response-goals", "working-calendars", "follow-ups"))
BANGKOK, TAIPEI = ZoneInfo("Asia/Bangkok"), ZoneInfo("Asia/Taipei")
OFFICE = [{"weekday": day, "from": "09:00", "to": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")]


def arrived(user: User | None, moment: dt.datetime, **values: Any) -> Any:
    """A lead that came at a moment: a default is not asked of a clock that was put to another time."""
    lead: Any = create(LEADS, values, user)
    Lead.objects.filter(pk=lead.pk).update(created_at=moment)
    lead.refresh_from_db()
    start([lead], moment)
    return lead


def at(zone: ZoneInfo, *parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=zone)  # type: ignore[misc, arg-type]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Puts the clock to a moment."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def goals(dao: User, alice: User, charlie: User) -> None:
    """An hour for the large, eight for the others; Alice works in Bangkok, Charlie in Taipei, with the day after their Monday off."""
    off = [{"on": "2026-03-03", "kind": "holiday", "name": "Off"}]
    for user, zone in ((alice, "Asia/Bangkok"), (charlie, "Asia/Taipei")):
        create(CALENDARS, {"name": zone, "time_zone": zone, "hours": OFFICE, "days": off, "users": [str(user.pk)]}, dao)
    large = {"field": "employees", "op": "gte", "value": 100}
    create(GOALS, {"name": "Large", "priority": 1, "minutes": 60, "warn_before": 15, "criteria": large, "reassigns": True}, dao)
    create(GOALS, {"name": "All", "priority": 2, "minutes": 480, "warn_before": 60}, dao)


def test_the_clock_stands_still_over_night_and_over_a_holiday(clock: Any, goals: None, alice: User, charlie: User) -> None:
    for user, zone in ((alice, BANGKOK), (charlie, TAIPEI)):
        monday = at(zone, 2026, 3, 2, 17, 30)  # Tuesday is off
        clock(monday)
        large = arrived(user, monday, name="Large", employees=500)
        assert (large.answer_due_at, large.answer_warn_at) == (at(zone, 2026, 3, 4, 9, 30), at(zone, 2026, 3, 4, 9, 15))
        assert arrived(user, at(zone, 2026, 3, 2, 23, 59), name="Late").answer_due_at == at(zone, 2026, 3, 4, 17, 0)
        assert arrived(user, at(zone, 2026, 3, 7, 0, 0), name="Weekend").answer_due_at == at(zone, 2026, 3, 9, 17, 0)


def test_one_reminder_and_one_passing_on_however_often_it_looks(clock: Any, goals: None, alice: User, north: Team) -> None:
    mina = person("Mina", "manager", north)
    begin = at(BANGKOK, 2026, 3, 2, 10, 0)
    clock(begin)
    lead = arrived(alice, begin, name="Large", employees=500)
    minute = dt.timedelta(minutes=1)
    seen = [look(begin + minute * passed) for passed in (44, 45, 46, 59, 60, 61, 1000)]
    assert seen == [(0, 0), (1, 0), (0, 0), (0, 0), (0, 1), (0, 0), (0, 0)]
    assert Fact.objects.get(kind="lead.answer_due").data["mentions"] == [str(alice.pk)]
    missed = Fact.objects.get(kind="lead.answer_missed").data
    assert (missed["mentions"], missed["reassign"]) == ([str(mina.pk), str(alice.pk)], True)
    lead.refresh_from_db()
    assert lead.to_reassign is True


def test_an_answer_stops_the_clock_and_another_owner_has_other_hours(
    clock: Any, goals: None, client: Client, alice: User, charlie: User, dao: User
) -> None:
    monday = at(BANGKOK, 2026, 3, 2, 16, 30)
    clock(monday)
    lead = arrived(alice, monday, name="Large", employees=500)
    client.force_login(alice)
    assert "Answer within 1 hour" in client.get(f"/leads/{lead.pk}/answer/").content.decode()
    given: Any = run(LEADS, "assign", lead.pk, by=dao, arguments={"owner": str(charlie.pk)}).item
    assert given.answer_due_at == at(TAIPEI, 2026, 3, 4, 9, 30)  # half past five in Taipei: the holiday lies between
    wednesday, friday = at(TAIPEI, 2026, 3, 4, 9, 20), at(TAIPEI, 2026, 3, 6, 9, 0)
    clock(wednesday)
    other = arrived(charlie, wednesday, name="Large too", employees=500)
    for one, moment in ((lead, wednesday), (other, friday)):
        clock(moment)
        about = [{"type": "leads", "id": str(one.pk)}]
        create(FOLLOW_UPS, {"body": "Called", "about": about, "happened_at": moment.isoformat()}, charlie)
    assert [fact.data["in_time"] for fact in Fact.objects.filter(kind="lead.answered").order_by("seq")] == [True, False]
    assert look() == (0, 0)
    told = Api(dao).get("leads/answers/", **{"from": "2026-03-01", "to": "2026-03-06"}).json()["owners"]
    assert [(one["title"], one["in_time"], one["late"], one["share"]) for one in told] == [("Charlie", 1, 1, 0.5)]
    client.force_login(dao)
    assert "Charlie" in client.get("/leads/answers/?from=2026-03-01&to=2026-03-06").content.decode()


def test_a_goal_that_cannot_be_kept_is_refused(api: Callable[[User], Api], dao: User, alice: User) -> None:
    refused = api(dao).post("response-goals/", {"name": "Soon", "minutes": 30, "warn_before": 30})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "warn_before")
    assert api(alice).post("response-goals/", {"name": "Mine", "minutes": 9000}).status_code == 403
    create(GOALS, {"name": "Once given", "minutes": 60, "begins": "assignment"}, dao)
    lead: Any = create(LEADS, {"name": "Nobody's"}, None)
    assert lead.answer_due_at is None
    assert run(LEADS, "assign", lead.pk, by=dao, arguments={"owner": str(alice.pk)}).item.answer_due_at  # type: ignore[attr-defined]
