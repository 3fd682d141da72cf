"""Leads that come in without an owner go by rule to whom it says, with the reason; tried rules write nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renmai.directory.account.model import Account
from renmai.directory.pool.model import PoolMove
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.run import run
from renmai.kernel.facts import Fact
from renmai.kernel.facts.timeline import timeline
from renmai.kernel.history.acting import acting
from renmai.kernel.jobs.model import Job
from renmai.kernel.notify.making import notify
from renmai.kernel.notify.model import Notification
from renmai.kernel.records.record import uuid7
from renmai.kernel.records.store import change, create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.sales.assignment.listeners import give_some
from renmai.sales.assignment.model import AssignmentRule
from renmai.sales.assignment.trial import trial
from renmai.sales.assignment.untouched import pass_on_all
from renmai.sales.lead.model import Lead

LEADS, RULES = registry["leads"], registry["assignment-rules"]
THAI = {"field": "country", "op": "eq", "value": "TH"}


def rule(by: User, *receivers: User, **values: Any) -> Any:
    """A rule that gives to some people."""
    given = [{"user": str(user.pk)} for user in receivers]
    return create(RULES, {"name": "Rule", "receivers": given, **values}, by)


def lead(by: User | None = None, **values: Any) -> Any:
    """A lead that is nobody's."""
    return create(LEADS, {"name": "Somchai", "owner": None, **values}, by)


def test_a_lead_of_nobody_goes_to_the_first_rule_that_fits_and_tells_why(alice: User, bob: User, charlie: User, dao: User) -> None:
    rule(dao, alice, bob, name="Thailand", criteria=THAI, position=1, capacity=1)
    rule(dao, charlie, name="The rest", position=2)
    assert [lead(country="TH").owner for _ in range(2)] == [alice, bob]
    full = lead(country="TH")
    assert (full.owner, lead(country="FR").owner, lead(dao, owner=str(dao.pk)).owner) == (None, charlie, dao)
    first = Api(alice).get("leads/", sort="created_at").json()["items"][0]
    story = Api(alice).get(f"leads/{first['id']}/timeline/").json()["items"]
    assert (story[0]["kind"], story[0]["data"]["rule"]["title"], story[0]["data"]["way"]) == ("lead.assigned", "Thailand", "in_turn")
    assert (story[0]["text"], story[0]["why"]) == (
        "Renmai gave Somchai to Alice",
        "Rule “Thailand”: next in turn of 2 people.",
    )
    card = timeline(full, dao)[0][0]
    assert card.text == "Nobody could be given Somchai"
    assert card.why == "Rule “Thailand”: nobody could get it. Passed over: Alice (at capacity, 1 of 1); Bob (at capacity, 1 of 1)."
    notify(seq=Fact.objects.get(kind="lead.assigned", data__owner__id=str(bob.pk)).seq)
    assert Notification.objects.filter(user=bob).count() == 1


def test_the_answer_of_the_api_names_the_owner_and_the_version_that_is_stored(charlie: User, dao: User) -> None:
    rule(dao, charlie)
    answer = Api(dao).post("leads/", {"name": "Mali", "owner": None}).json()
    kept = Lead.objects.get(pk=answer["id"])
    assert (answer["owner"]["title"], answer["team"]["title"], answer["version"]) == ("Charlie", "South", kept.version)
    assert (kept.owner, kept.team) == (charlie, charlie.team)


def test_where_no_rule_is_in_use_nothing_is_asked(alice: User, dao: User) -> None:
    rule(dao, alice, active=False)
    lead()
    with CaptureQueriesContext(connection) as asked:
        lead()
    assert not [query["sql"] for query in asked if "assignment" in query["sql"] or "advisory" in query["sql"]]


@pytest.mark.parametrize("named", ["otherwise_user", "otherwise_team", "otherwise_pool"])
def test_where_nobody_can_the_rule_says_who(named: str, alice: User, charlie: User, dao: User) -> None:
    pool = create(registry["pools"], {"name": "Open"}, dao)
    target = {"otherwise_user": charlie, "otherwise_team": charlie.team, "otherwise_pool": pool}[named]
    update(registry["users"], alice.pk, {"active": False}, dao)
    rule(dao, alice, **{named: str(target.pk)})
    found = lead()
    kept = Lead.objects.get(pk=found.pk)
    assert (kept.owner or kept.team or kept.pool) == target
    waiting = lead(pool=str(pool.pk))
    assert waiting.owner is None
    if named == "otherwise_user":
        run(LEADS, "assign-by-rule", waiting.pk, by=dao)
        move = PoolMove.objects.get(record_id=waiting.pk, how="assigned")
        assert (move.to_owner, move.rule_name, move.pool_id) == (charlie, "Rule", pool.pk)


def test_a_known_customer_stays_with_its_owner(alice: User, charlie: User, dao: User) -> None:
    create(registry["accounts"], {"name": "Siam Steel", "email": "info@siamsteel.co.th", "domain": "siamsteel.co.th"}, charlie)
    rule(dao, alice, sticky=True)
    found = lead(email="info@siamsteel.co.th", company="Siam Steel")
    assert (found.owner, Account.objects.get().owner) == (charlie, charlie)
    assert timeline(found, dao)[0][0].why == "Rule “Rule”: already looks after Siam Steel."


def test_by_rule_on_demand_and_only_with_the_right(alice: User, bob: User, dao: User, charlie: User) -> None:
    key = lead(owner=str(alice.pk)).pk
    with pytest.raises(Refused, match="No assignment rule fits"):
        run(LEADS, "assign-by-rule", key, by=dao)
    rule(dao, bob)
    outcome = run(LEADS, "assign-by-rule", key, by=dao)
    assert (outcome.item.owner, Fact.objects.get(kind="lead.assigned").data["rule"]["title"]) == (bob, "Rule")
    assert Api(charlie).post(f"leads/{key}/assign-by-rule/").status_code == 404


def test_imported_leads_are_given_once_by_the_rules_for_files(alice: User, dao: User) -> None:
    made = rule(dao, alice, active=False, imports=True)
    keys = [lead().pk for _ in range(2)]
    update(RULES, made.pk, {"active": True}, dao)
    with acting(None, change_set=uuid7()):
        keys.append(lead().pk)
    assert Job.objects.get(kind="assign-leads").arguments["keys"] == [str(keys[-1])]
    give_some(keys)
    give_some(keys)
    assert Counter(Fact.objects.filter(kind="lead.assigned").values_list("data__owner__title", flat=True)) == {"Alice": 3}


def test_an_untouched_lead_goes_on_within_limits(alice: User, bob: User, charlie: User, dao: User) -> None:
    rule(dao, alice, bob, charlie, untouched_hours=8, passes=1)
    kept, touched = lead(), lead()
    change(Lead.objects.get(pk=touched.pk), by=bob, last_touch_at=timezone.now() + dt.timedelta(seconds=1))
    soon, later = timezone.now() + dt.timedelta(hours=1), timezone.now() + dt.timedelta(days=14)
    assert (pass_on_all(soon), pass_on_all(later), pass_on_all(later)) == (0, 1, 0)
    found = Lead.objects.get(pk=kept.pk)
    assert (found.owner, Lead.objects.get(pk=touched.pk).owner) == (charlie, bob)
    card = timeline(found, dao)[0][0]
    assert card.why.startswith("Alice had not touched it for 8 working hours.")
    assert {link["id"] for link in card.about} >= {str(alice.pk)}


def test_a_rule_is_tried_on_past_leads_without_writing(alice: User, bob: User, dao: User) -> None:
    for number in range(4):
        lead(country="TH", owner=str(alice.pk), expected_amount="100", currency="USD", name=f"Lead {number}")
    lead(country="FR", owner=str(alice.pk))
    facts = Fact.objects.count()
    draft = rule(dao, alice, bob, criteria=THAI, active=False)
    tried = trial(draft, dao, 30)
    assert (tried.looked_at, len(tried.rows), sum(one.is_same for one in tried.rows)) == (5, 4, 2)
    assert [(lot.user, len(lot.would), len(lot.did), lot.would_value) for lot in tried.lots] == [(alice, 2, 4, 200), (bob, 2, 0, 200)]
    told = Api(dao).get(f"assignment-rules/{draft.pk}/trial/", days="30").json()
    assert (told["decided"], told["people"][1]["would"], len(told["people"][1]["would_rows"])) == (4, 2, 2)
    assert Api(dao).get(f"assignment-rules/{draft.pk}/trial/", days="0").status_code == 422
    assert Api(alice).get(f"assignment-rules/{draft.pk}/trial/").status_code == 403
    assert Fact.objects.count() == facts + 1


def test_the_report_counts_who_got_what(alice: User, bob: User, charlie: User, dao: User) -> None:
    made = rule(dao, alice, bob)
    for _ in range(3):
        lead(expected_amount="100", currency="USD")
    lead(expected_amount="100", currency="THB")
    found = Api(dao).get("leads/fairness/").json()
    shares = {one["user"]["title"]: one for one in found["people"]}
    assert {name: (one["leads"], one["value"], one["unvalued"]) for name, one in shares.items()} == {
        "Alice": (2, "200.0000", 0),
        "Bob": (2, "100.0000", 1),
    }
    assert found["evenness"]["leads_per_hour"] == {"gini": 0, "max_to_median": 1}
    assert found["evenness"]["value_per_hour"]["gini"] == pytest.approx(1 / 6)
    assert len(shares["Alice"]["rows"]) == 2
    assert Api(dao).get("leads/fairness/", rule=str(made.pk), **{"from": "2020-01-01"}).status_code == 422
    assert [one["user"]["title"] for one in Api(charlie).get("leads/fairness/").json()["people"]] == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"receivers": []}, "receivers"),
        ({"receivers": [{"weight": 1}]}, "receivers"),
        ({"criteria": {"field": "nothing", "op": "eq", "value": 1}}, "criteria"),
        ({"capacity": 0}, "capacity"),
        ({"receivers": None, "weight": 0}, ""),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_the_field(values: dict[str, Any], field: str, alice: User, dao: User) -> None:
    answer = Api(dao).post("assignment-rules/", {"name": "Rule", "receivers": [{"user": str(alice.pk)}], **values})
    assert answer.status_code == 422
    assert field in {error["field"].partition(".")[0] for error in answer.json()["errors"]} | {""}
    assert Api(alice).post("assignment-rules/", {"name": "Rule"}).status_code == 403


def test_pages_show_move_and_try_rules(alice: User, dao: User, client: Any) -> None:
    first = rule(dao, alice, name="First", position=1, criteria=THAI)
    second = rule(dao, alice, name="Second", position=2)
    client.force_login(dao)
    text = client.get("/settings/assignment/").content.decode()
    assert "Leads where Country is Thailand → Alice" in text
    client.post(f"/settings/assignment/{second.pk}/move/", {"to": "up"})
    assert [one.name for one in AssignmentRule.in_order()] == ["Second", "First"]
    client.post(f"/settings/assignment/{second.pk}/switch/", {"active": "false"})
    assert [one.name for one in AssignmentRule.in_order().filter(active=True)] == ["First"]
    assert client.get(f"/assignment-rules/{first.pk}/").status_code == 200
    sent = {"name": "First", "position": "1", "way": "in_turn", "passes": "2", "receivers.1.key": "1", "receivers.1.user": str(alice.pk)}
    lead(owner=str(dao.pk), country="TH")
    tried = client.post(f"/assignment-rules/{first.pk}/", {**sent, "receivers.1.weight": "1", "try": "1", "days": "7"}).content.decode()
    assert "Leads that came in the last 7 days: 1. This rule would have decided about 1 of them." in tried
    assert AssignmentRule.objects.get(pk=first.pk).criteria == THAI
    assert client.get("/leads/fairness/?from=x").status_code == 422
    client.force_login(alice)
    assert client.post(f"/settings/assignment/{second.pk}/move/", {"to": "up"}).status_code == 403
    assert client.get("/leads/fairness/").status_code == 200
