"""Leads go step by step: forward by conditions, back only with a reason, and work begins by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.rights import READY_ROLES
from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.actions.errors import Forbidden, Invalid, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.facts import Fact
from renmai.kernel.jobs.work import at_once
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.store_many import New, create_many

pytestmark = pytest.mark.django_db
LEADS, RULES, FOLLOW_UPS = (registry[slug] for slug in ("leads", "entry-rules", "follow-ups"))
NEEDS = {"and": [{"field": "email", "op": "is_set"}, {"field": "employees", "op": "gte", "value": 10}]}


@pytest.fixture
def rule(dao: User) -> Any:
    """What a lead must meet to become marketing qualified."""
    return create(RULES, {"name": "Known and large", "step": "mql", "criteria": NEEDS}, dao)


def lead(by: User, **values: Any) -> Any:
    return create(LEADS, {"name": "王伟", **values}, by)


def test_a_step_is_refused_with_every_condition_that_is_not_met(api: Callable[[User], Api], alice: User, rule: Any) -> None:
    key = lead(alice).pk
    refused = api(alice).post(f"leads/{key}/qualify/")
    told = {(one["field"], one["message"]) for one in refused.json()["errors"]}
    assert refused.status_code == 422
    assert told == {
        ("email", "“Marketing qualified” needs: E-mail is filled in."),
        ("employees", "“Marketing qualified” needs: Employees is at least 10."),
    }
    update(LEADS, key, {"email": "w@example.com", "employees": 12}, alice)
    found: Any = run(LEADS, "qualify", key, by=alice).item
    assert found.status == "mql" and found.mql_at is not None
    assert Fact.objects.get(kind="lead.qualified").data == {"from": "new", "to": "mql"}


def test_an_edit_looks_at_what_it_brings_along_and_a_new_lead_at_all(alice: User, rule: Any) -> None:
    with pytest.raises(Invalid) as problem:
        update(LEADS, lead(alice).pk, {"status": "mql", "employees": 12}, alice)
    assert set(problem.value.errors) == {"email"}
    whole = {"status": "mql", "employees": 12, "email": "w@example.com"}
    assert update(LEADS, lead(alice).pk, whole, alice).status == "mql"  # type: ignore[attr-defined]
    with pytest.raises(Invalid):
        lead(alice, status="mql")
    assert lead(alice, **whole, name="李娜").mql_at is not None
    news = [New({"name": "张敏", "status": "mql"}), New({"name": "王芳", **whole})]
    assert len(create_many(LEADS, news, alice)) == 1
    assert "needs" in news[0].problem


def test_who_may_go_on_all_the_same_says_why(alice: User, dao: User, rule: Any) -> None:
    Role.objects.filter(name="rep").update(rights=READY_ROLES["rep"])
    key = lead(alice).pk
    with pytest.raises(Forbidden):
        run(LEADS, "qualify-anyway", key, by=alice, arguments={"reason": "The boss wants it"})
    found: Any = run(LEADS, "qualify-anyway", key, by=dao, arguments={"reason": "A friend of the house"}).item
    told = Fact.objects.get(kind="lead.overridden")
    assert (found.status, told.data["reason"], len(told.data["unmet"])) == ("mql", "A friend of the house", 2)
    rule.step = "converted"
    rule.save()
    with pytest.raises(Invalid):
        run(LEADS, "convert", key, by=alice)
    with pytest.raises(Forbidden):
        run(LEADS, "convert", key, by=alice, arguments={"override": "Urgent"})
    assert run(LEADS, "convert", key, by=dao, arguments={"override": "Urgent"}).item.status == "converted"  # type: ignore[attr-defined]


def test_no_door_takes_a_lead_back_in_silence(api: Callable[[User], Api], client: Client, alice: User) -> None:
    key = lead(alice, status="sql").pk
    for status in ("new", "working", "mql", "disqualified"):
        assert api(alice).patch(f"leads/{key}/", {"status": status}).status_code == 409
    job = in_bulk(LEADS, "update", alice, ids=[key], arguments={"status": "new"}, begin=at_once)
    assert len(job.result["refused"]) == 1
    client.force_login(alice)
    assert client.post(f"/leads/{key}/place/", {"to": "working"}).status_code == 409
    assert Api(alice).get(f"leads/{key}/").json()["status"] == "sql"


def test_a_step_back_says_why_and_forgets_the_later_times(alice: User) -> None:
    key = lead(alice, status="sql", email="w@example.com").pk
    for arguments in ({"to": "mql"}, {"to": "mql", "reason": ""}):
        with pytest.raises(Invalid):
            run(LEADS, "step-back", key, by=alice, arguments=arguments)
    found: Any = run(LEADS, "step-back", key, by=alice, arguments={"to": "working", "reason": "Budget is gone"}).item
    assert (found.status, found.sql_at, found.working_at is not None) == ("working", None, True)
    assert Fact.objects.get(kind="lead.stepped_back").data == {"from": "sql", "to": "working", "reason": "Budget is gone"}
    with pytest.raises(Invalid):
        run(LEADS, "step-back", key, by=alice, arguments={"to": "working", "reason": "Again"})


def test_a_disqualified_lead_comes_back_to_where_it_was(alice: User) -> None:
    key = lead(alice).pk
    run(LEADS, "qualify", key, by=alice)
    closed: Any = run(LEADS, "disqualify", key, by=alice, arguments={"cause": "no_budget"}).item
    assert (closed.disqualified_cause, closed.disqualified_at is not None) == ("no_budget", True)
    assert Fact.objects.get(kind="lead.disqualified").data == {"from": "mql", "cause": "no_budget", "reason": "No budget"}
    with pytest.raises(Refused):
        update(LEADS, key, {"status": "mql"}, alice)
    found: Any = run(LEADS, "reopen", key, by=alice).item
    assert (found.status, found.disqualified_at, found.disqualified_cause) == ("mql", None, "")


def test_work_begins_with_the_first_contact_of_the_owner(alice: User, bob: User, dao: User) -> None:
    found = lead(alice)
    about = {"about": [{"type": "leads", "id": str(found.pk)}], "body": "Called"}
    create(FOLLOW_UPS, {**about, "due_at": timezone.now() + dt.timedelta(days=1)}, alice)
    create(FOLLOW_UPS, about, bob)
    found.refresh_from_db()
    assert found.status == "new"
    create(FOLLOW_UPS, about, alice)
    found.refresh_from_db()
    assert (found.status, found.working_at is not None) == ("working", True)
    assert Fact.objects.get(kind="lead.begun").by == alice


def test_the_report_tells_how_many_came_how_far(api: Callable[[User], Api], client: Client, alice: User, charlie: User) -> None:
    keys = [lead(alice, name=name, source="web").pk for name in ("Ann", "Bo", "Cy", "Di")]
    for key in keys[:3]:
        run(LEADS, "qualify", key, by=alice)
    run(LEADS, "convert", keys[0], by=alice)
    run(LEADS, "disqualify", keys[3], by=alice, arguments={"reason": "No need"})
    told = api(alice).get("leads/funnel/", source="web").json()["items"]
    counted = {one["step"]: (one["count"], one["share"]) for one in told}
    assert counted == {
        "new": (4, None),
        "working": (3, 0.75),
        "mql": (3, 1.0),
        "sql": (1, 0.3333),
        "converted": (1, 1.0),
        "disqualified": (1, 0.25),
    }
    assert next(one["median_hours"] for one in told if one["step"] == "mql") == 0.0
    assert api(alice).get("leads/funnel/", source="event").json()["items"][0]["count"] == 0
    assert api(charlie).get("leads/funnel/").json()["items"][0]["count"] == 0
    refused = api(alice).get("leads/funnel/", **{"from": "2026-02-01", "to": "2026-01-01"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "to")
    client.force_login(alice)
    assert "How far leads come" in client.get("/leads/funnel/?source=web").content.decode()


def test_a_rule_is_made_by_form_and_speaks_of_nobody(client: Client, api: Callable[[User], Api], dao: User, alice: User) -> None:
    assert api(alice).post("entry-rules/", {"name": "Mine", "step": "sql"}).status_code == 403
    mine = {"field": "owner", "op": "eq", "value": {"var": "me"}}
    assert api(dao).post("entry-rules/", {"name": "Mine", "step": "sql", "criteria": mine}).status_code == 422
    client.force_login(dao)
    assert "What a lead must meet" in client.get("/entry-rules/new/").content.decode()


@pytest.mark.parametrize("path", ["leads/funnel/", "leads/answers/", "leads/fairness/"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_time_is_refused(path: str, day: str, dao: User) -> None:
    refusal = Api(dao).get(path, to=day)
    assert (refusal.status_code, refusal.json()["errors"][0]["field"]) == (422, "to")
