"""What is neglected goes back: by rule, after warnings, over holidays, unless somebody has touched, locked or prolonged it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from renmai.directory.pool.model import How, PoolMove
from renmai.directory.recycling.check import check
from renmai.directory.recycling.model import RecyclingRule, Warned
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.facts.model import Fact
from renmai.kernel.notify.model import Notification
from renmai.kernel.overlay import version
from renmai.kernel.overlay.company import change_company
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db
LEADS, RULES, POOLS = registry["leads"], registry["recycling-rules"], registry["pools"]
BANGKOK = ZoneInfo("Asia/Bangkok")


def bangkok(text: str) -> dt.datetime:
    """A moment by the clock there; songkran is the 13th to the 15th of April 2026, a Monday to a Wednesday."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


class Floor:
    """A sales floor whose clock stands where it is put."""

    def __init__(self, alice: User, dao: User) -> None:
        change_company(country="TH", time_zone="Asia/Bangkok")
        self.alice, self.dao = alice, dao
        self.pool: Any = create(POOLS, {"name": "Bangkok", "teams": [alice.team_id], "admins": [dao.pk]}, dao)
        self.now = bangkok("2026-04-07T15:00")

    def rule(self, **values: Any) -> Any:
        made = create(RULES, {"name": "Five days", "record_type": "leads", "days": 5, "warnings": [3, 1], **values}, self.dao)
        version.refresh()
        return made

    def lead(self, **values: Any) -> Any:
        return create(LEADS, {"name": "Somchai", "pool": self.pool, "owner": self.alice, **values}, self.dao)

    def follow_up(self, lead: Any) -> None:
        given = {"subject": "Called", "method": "call", "about": [{"type": "leads", "id": str(lead.pk)}], "happened_at": self.now}
        create(registry["follow-ups"], given, self.alice)

    def check(self, text: str) -> Any:
        self.now = bangkok(text)
        return check()


@pytest.fixture
def floor(alice: User, dao: User, monkeypatch: pytest.MonkeyPatch) -> Floor:
    made = Floor(alice, dao)
    monkeypatch.setattr(timezone, "now", lambda: made.now.astimezone(dt.UTC))
    return made


def test_it_goes_back_to_the_microsecond_over_songkran_and_is_warned_of_once_a_step(floor: Floor) -> None:
    rule = floor.rule()
    lead = floor.lead()
    lead.refresh_from_db()
    assert lead.goes_back_at == bangkok("2026-04-17T15:00")  # 8, 9, 10, 16, 17: the holidays lie between
    checks = {
        "2026-04-09T14:59": (0, 0),
        "2026-04-09T15:00": (0, 1),
        "2026-04-14T15:00": (0, 0),
        "2026-04-16T15:00": (0, 1),
        "2026-04-16T16:00": (0, 0),
        "2026-04-17T14:59:59.999999": (0, 0),
        "2026-04-17T15:00": (1, 0),
        "2026-04-17T15:01": (0, 0),
    }
    found = {text: floor.check(text) for text in checks}
    assert {text: (sum(one.moved.values()), sum(one.warned.values())) for text, one in found.items()} == checks
    lead.refresh_from_db()
    assert (lead.owner, lead.team, lead.pool, lead.goes_back_at) == (None, None, floor.pool, None)
    move = PoolMove.objects.get(record_id=lead.pk, how=How.RECYCLED)
    assert (move.from_owner, move.rule, move.rule_name, move.by) == (floor.alice, rule.pk, "Five days", None)
    assert move.at == bangkok("2026-04-17T15:00")
    told = Notification.objects.filter(user=floor.alice).order_by("fact__seq").values_list("fact__kind", "fact__data__days")
    assert list(told) == [("lead.warned", 3), ("lead.warned", 1), ("lead.recycled", None)]
    assert Fact.objects.filter(kind="lead.recycled").count() == 1


def test_only_a_real_follow_up_starts_the_clock_anew_and_the_warnings_with_it(floor: Floor) -> None:
    floor.rule(unit="days")
    lead = floor.lead()
    floor.check("2026-04-10T00:00")
    floor.now = bangkok("2026-04-11T10:00")
    update(LEADS, lead.pk, {"company": "Siam"}, floor.alice)
    floor.check("2026-04-11T15:00")
    assert Warned.objects.count() == 2
    floor.follow_up(lead)
    floor.now = bangkok("2026-04-12T15:00")
    lead.refresh_from_db()
    assert lead.goes_back_at == bangkok("2026-04-16T15:00")
    assert sum(floor.check("2026-04-13T15:00").warned.values()) == 1
    assert sum(floor.check("2026-04-16T14:59").moved.values()) == 0
    assert sum(floor.check("2026-04-16T15:00").moved.values()) == 1


def test_the_first_rule_that_fits_counts_and_a_status_a_lock_and_leave_stop_the_clock(floor: Floor, bob: User) -> None:
    change = {"unit": "days", "warnings": []}
    other: Any = create(POOLS, {"name": "Old ones"}, floor.dao)
    floor.rule(name="Rich", days=10, position=1, criteria={"field": "expected_amount", "op": "gt", "value": 1000}, **change)
    floor.rule(name="Others", days=2, to_pool=other, **change)
    floor.rule(name="No change", basis="no_change", days=4, **change)
    rich, poor, locked = floor.lead(expected_amount="5000", currency="THB"), floor.lead(), floor.lead()
    gone, done, loose = floor.lead(owner=bob), floor.lead(), floor.lead(pool=None)
    run(LEADS, "disqualify", done.pk, by=floor.alice, arguments={"reason": "None"})
    run(LEADS, "lock", locked.pk, by=floor.dao, arguments={"reason": "Tender"})
    update(registry["users"], bob.pk, {"leave": [{"from": "2026-04-08", "to": "2026-04-30"}]}, floor.dao)
    with pytest.raises(Refused, match="locked already"):
        run(LEADS, "lock", locked.pk, by=floor.dao, arguments={"reason": "Tender"})
    floor.check("2026-04-10T15:00")
    stays = {one: LEADS.model.objects.get(pk=one.pk).owner for one in (rich, poor, locked, gone, done, loose)}
    assert stays == {rich: floor.alice, poor: None, locked: floor.alice, gone: bob, done: floor.alice, loose: None}
    assert {LEADS.model.objects.get(pk=one.pk).pool for one in (poor, loose)} == {other}
    run(LEADS, "qualify", rich.pk, by=floor.alice)
    floor.check("2026-04-12T15:00")
    rich.refresh_from_db()
    assert (rich.owner, rich.goes_back_at) == (floor.alice, bangkok("2026-04-14T15:00"))
    run(LEADS, "unlock", locked.pk, by=floor.dao)
    assert sum(floor.check("2026-04-14T15:00").moved.values()) == 2


def test_more_time_is_asked_for_and_given_by_who_answers_for_the_pool(floor: Floor, charlie: User) -> None:
    floor.rule(unit="days")
    lead = floor.lead()
    asked = {"days": 3, "reason": "They are on holiday"}
    for wrong, problem in (({"days": 0, "reason": "x"}, Invalid), ({"days": 3}, Invalid)):
        with pytest.raises(problem):
            run(LEADS, "ask-extension", lead.pk, by=floor.alice, arguments=wrong)
    run(LEADS, "ask-extension", lead.pk, by=floor.alice, arguments=asked)
    with pytest.raises(Refused, match="already"):
        run(LEADS, "ask-extension", lead.pk, by=floor.alice, arguments=asked)
    assert Notification.objects.filter(user=floor.dao, fact__kind="lead.extension_asked").count() == 1
    with pytest.raises(Refused, match="administrator of its pool"):
        run(LEADS, "grant-extension", lead.pk, by=floor.alice)
    floor.check("2026-04-09T15:00")
    run(LEADS, "grant-extension", lead.pk, by=floor.dao)
    lead.refresh_from_db()
    assert lead.goes_back_at == bangkok("2026-04-15T15:00")
    assert sum(floor.check("2026-04-12T15:00").warned.values()) == 1
    assert sum(floor.check("2026-04-15T14:59").moved.values()) == 0
    assert sum(floor.check("2026-04-15T15:00").moved.values()) == 1


def test_a_killed_check_goes_on_where_it_stopped(floor: Floor) -> None:
    floor.rule(unit="days")
    leads = [floor.lead(name=f"Lead {number}") for number in range(5)]
    floor.now = bangkok("2026-04-13T00:00")
    place = "renmai.directory.recycling.check"
    killed = patch(f"{place}.tell_many", side_effect=[None, KeyboardInterrupt])
    with patch(f"{place}.AT_ONCE", 2), killed, pytest.raises(KeyboardInterrupt):
        check()
    assert PoolMove.objects.filter(how=How.RECYCLED).count() == 2
    check()
    assert PoolMove.objects.filter(how=How.RECYCLED).count() == len(leads)


def test_rules_are_refused_in_words(floor: Floor) -> None:
    api = Api(floor.dao)
    for wrong, field in (
        ({"record_type": "people"}, "record_type"),
        ({"basis": "mood"}, "basis"),
        ({"days": 0}, "days"),
        ({"warnings": [30]}, "warnings"),
        ({"warnings": ["soon"]}, "warnings"),
        ({"criteria": {"field": "mood", "op": "eq", "value": 1}}, "criteria"),
        ({"spares": ["everybody"]}, "spares"),
    ):
        said = api.post("recycling-rules/", {"name": "Rule", "record_type": "leads", **wrong})
        assert (said.status_code // 100, said.json()["errors"][0]["field"]) == (4, field)
    assert not RecyclingRule.objects.exists()


def test_pages_and_api_say_who_goes_back_when_and_why(floor: Floor, charlie: User, client: Any) -> None:
    client.force_login(floor.dao)
    given = {
        "name": "Two days",
        "active": "true",
        "position": "5",
        "basis": "no_follow_up",
        "days": "3",
        "unit": "days",
        "warnings": "2, 1",
    }
    assert client.post("/recycling-rules/new/?type=leads", given | {"days": "soon"}).status_code == 422
    assert client.post("/recycling-rules/new/?type=leads", given | {"spares": ["won"], "filter.kind": "group"}).status_code == 302
    rule = RecyclingRule.objects.get()
    assert (rule.steps, rule.spares, rule.criteria) == ([1, 2], ["won"], {})
    assert 'value="2, 1"' in client.get(f"/recycling-rules/{rule.pk}/").content.decode()
    lead = floor.lead()
    api, dao = Api(floor.alice), Api(floor.dao)
    told = api.get(f"leads/{lead.pk}/recycling/").json()
    assert (told["goes_back_at"], told["rule"]["title"], told["pool"]["title"]) == ("2026-04-10T08:00:00+00:00", "Two days", "Bangkok")
    assert Api(charlie).get(f"leads/{lead.pk}/recycling/").status_code == 404
    assert api.get(f"people/{lead.pk}/recycling/").status_code == api.get("recycling/").status_code + 1 == 404
    ahead = dao.get("recycling/", at="2026-04-10", type="leads").json()
    assert (ahead["total"], ahead["items"][0]["id"], ahead["rules"][0]["count"]) == (1, str(lead.pk), 1)
    assert dao.get("recycling/").json()["total"] == 0
    for wrong in ({"at": "soon"}, {"type": "people"}, {"limit": "-1"}):
        assert dao.get("recycling/", **wrong).status_code == 422
    assert "Somchai" in client.get("/recycling/?at=2026-04-10").content.decode()
    client.force_login(floor.alice)
    assert client.get("/recycling/").status_code == 403
    assert "Somchai" in client.get("/").content.decode()
    assert f'hx-get="/leads/{lead.pk}/recycling/"' in client.get(f"/leads/{lead.pk}/").content.decode()
    assert "Two days" in client.get(f"/leads/{lead.pk}/recycling/").content.decode()
    floor.now = bangkok("2026-04-10T15:00")
    client.force_login(floor.dao)
    client.post("/recycling/")
    lead.refresh_from_db()
    assert lead.is_waiting()
    assert dao.post("recycling/run/").status_code == 202
