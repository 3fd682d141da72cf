"""Calendars come with their holidays, are edited, and count for whom they are said to."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from renmai.kernel.access.user import Team, User
from renmai.kernel.calendars import Calendars
from renmai.kernel.calendars.model import WorkingCalendar
from renmai.kernel.calendars.provided import days_of, loaded, merged
from renmai.kernel.overlay.company import change_company
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

CALENDARS = registry["working-calendars"]
TAIPEI = ZoneInfo("Asia/Taipei")


def test_days_are_loaded_anew_without_losing_what_somebody_changed() -> None:
    old = [
        {"on": "2026-01-01", "kind": "holiday", "name": "New Year"},
        {"on": "2026-01-02", "kind": "holiday", "name": "Bridge"},
        {"on": "2026-01-05", "kind": "holiday", "name": "Moved since"},
        {"on": "2026-01-06", "kind": "holiday", "name": "Moved since, but ours"},
    ]
    own = [old[0], old[2], {**old[3], "name": "Ours"}, {"on": "2026-03-03", "kind": "holiday", "name": "Our birthday"}]
    new = [
        {**old[0], "name": "New Year’s Day"},
        old[1],
        {"on": "2026-03-03", "kind": "working", "name": ""},
        {**old[0], "on": "2027-01-01"},
    ]
    found = merged(own, loaded(old), new)
    assert [(day["on"], day["kind"], day["name"]) for day in found] == [
        ("2026-01-01", "holiday", "New Year’s Day"),
        ("2026-01-06", "holiday", "Ours"),
        ("2026-03-03", "holiday", "Our birthday"),
        ("2027-01-01", "holiday", "New Year"),
    ]


def test_china_and_taiwan_make_days_up_and_hong_kong_keeps_good_friday() -> None:
    kinds = {country: {day["on"]: day["kind"] for day in days_of(country, "th")} for country in ("CN", "TW", "HK", "TH")}
    assert kinds["CN"]["2026-02-14"] == kinds["CN"]["2026-10-10"] == kinds["TW"]["2025-02-08"] == "working"
    assert kinds["CN"]["2026-02-23"] == kinds["TW"]["2026-02-20"] == kinds["HK"]["2026-04-03"] == kinds["TH"]["2026-04-15"] == "holiday"
    assert {year for days in kinds.values() for year in (day[:4] for day in days)} == {"2025", "2026", "2027"}


@pytest.mark.django_db
def test_a_persons_calendar_wins_then_the_nearest_teams_then_the_companys(alice: User, bob: User, charlie: User, dao: User) -> None:
    above = create(registry["teams"], {"name": "Asia"}, None)
    Team.objects.filter(pk__in=[alice.team_id, charlie.team_id]).update(parent=above)
    for name, zone, whose in (
        ("Alice’s", "Asia/Tokyo", {"users": [alice.pk]}),
        ("South’s", "Asia/Seoul", {"teams": [charlie.team_id]}),
        ("Asia’s", "Asia/Manila", {"teams": [above.pk]}),
    ):
        create(CALENDARS, {"name": name, "time_zone": zone, **whose}, dao)
    change_company(country="TH", time_zone="Asia/Bangkok")
    calendars = Calendars.read()
    assert [calendars.of(user).zone for user in (alice, charlie, bob, dao)] == ["Asia/Tokyo", "Asia/Seoul", "Asia/Manila", "Asia/Bangkok"]
    assert dt.date(2026, 4, 13) in calendars.company.special
    taipei = WorkingCalendar.objects.get(country="TW")
    api = Api(dao)
    assert api.post(f"working-calendars/{taipei.pk}/make-default/").json()["item"]["is_default"] is True
    assert Calendars.read().company.zone == "Asia/Taipei"
    said = api.post("working-calendars/", {"name": "Another", "users": [str(alice.pk)]})
    assert (said.status_code, said.json()["errors"][0]["field"]) == (422, "users")
    assert Api(alice).patch(f"working-calendars/{taipei.pk}/", {"name": "Mine"}).status_code == 403


@pytest.mark.django_db
def test_a_calendar_is_edited_at_the_api(dao: User) -> None:
    api = Api(dao)
    made = api.post("working-calendars/", {"name": "Factory", "country": "TW"}).json()
    assert made["time_zone"] == "Asia/Taipei"
    assert {"on": "2025-02-08", "kind": "working", "name": "Make-up working day"} in made["days"]
    address = f"working-calendars/{made['id']}/"
    days = [day for day in made["days"] if day["on"] != "2026-02-20"] + [{"on": "2026-08-08", "name": "Outing"}]
    hours = [{"weekday": day, "from": "08:00", "to": "12:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat")]
    hours.append({"weekday": "fri", "from": "20:00", "to": "24:00"})
    assert api.patch(address, {"days": days, "hours": hours}).status_code == 200
    api.post(f"{address}reload/")
    kept = WorkingCalendar.objects.get(pk=made["id"])
    named = {day["on"]: day for day in kept.days}
    assert "2026-02-20" not in named
    assert named["2026-08-08"] == {"on": "2026-08-08", "kind": "holiday", "name": "Outing"}
    friday = [kept.timetable().is_working(dt.datetime(2026, 3, 6, hour, tzinfo=TAIPEI)) for hour in (8, 12, 23)]
    assert friday == [True, False, True]
    assert kept.timetable().is_working(dt.datetime(2026, 8, 8, 9, tzinfo=TAIPEI)) is False
    for wrong, field in (
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"hours": [{"weekday": "mon", "from": "09:00", "to": "09:00"}]}, "hours"),
        ({"hours": [*hours, {"weekday": "mon", "from": "11:00", "to": "13:00"}]}, "hours"),
        ({"hours": []}, "hours"),
        ({"hours": [{"weekday": "day", "from": "09:00", "to": "10:00"}]}, "hours"),
        ({"hours": [{"weekday": "mon", "from": "25:00", "to": "10:00"}]}, "hours"),
        ({"days": [*days, {"on": "2026-08-08", "kind": "working"}]}, "days"),
        ({"days": [{"on": "soon"}]}, "days"),
    ):
        said = api.patch(address, wrong)
        assert (said.status_code // 100, said.json()["errors"][0]["field"]) == (4, field)


@pytest.mark.django_db
def test_on_leave_nobody_works(alice: User, dao: User) -> None:
    entry: Any = {"leave": [{"from": "2026-03-02", "to": "2026-03-03"}, {"from": "2026-03-10"}]}
    assert Api(dao).patch(f"users/{alice.pk}/", entry).json()["leave"][1] == {"from": "2026-03-10", "to": "2026-03-10"}
    away, calendars = again(alice), Calendars.read()
    assert [calendars.is_away(away, dt.date(2026, 3, day)) for day in (1, 2, 3, 4, 10)] == [False, True, True, False, True]
    assert not calendars.of(away).is_working_day(dt.date(2026, 3, 3))
    with pytest.raises(Exception, match="begins before it ends"):
        update(registry["users"], alice.pk, {"leave": [{"from": "2026-03-10", "to": "2026-03-09"}]}, dao)
