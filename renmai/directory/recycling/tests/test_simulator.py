"""Under the rules that were in force, what happened happens again; under others, what follows from them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from renmai.directory.recycling.check import check
from renmai.directory.recycling.simulator.compare import Compared, Tried, simulate
from renmai.directory.recycling.tests.test_recycling import LEADS, RULES, Floor, bangkok
from renmai.directory.recycling.tests.test_recycling import floor as floor
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refusal
from renmai.kernel.actions.run import run
from renmai.kernel.overlay import version
from renmai.kernel.records.store import remove, update
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db
DEEDS = ["check", "claim", "touch", "give-back", "assign", "qualify", "disqualify", "reopen", "invalid", "delete", "restore"]
DEEDS += ["check", "claim", "touch", "lock", "unlock", "more", "first", "second", "check"]
BY_DAO = {"assign", "restore", "lock", "unlock", "invalid", "reopen"}
START, END = bangkok("2026-04-01T00:00"), bangkok("2026-07-01T00:00")


def played(floor: Floor, **tried: Any) -> Compared:
    return simulate(Tried(START, END, **tried))


def test_shorter_rules_and_tighter_limits_show_who_would_lose_what(floor: Floor, dao: User) -> None:
    rule = floor.rule(unit="days", warnings=[])
    leads = [floor.lead(name=f"Lead {number}", owner=None) for number in range(3)]
    for lead in leads:
        run(LEADS, "claim", lead.pk, by=floor.alice)
    floor.check("2026-04-08T15:00")
    floor.now = bangkok("2026-04-10T16:00")
    floor.follow_up(leads[0])
    for day in ("10", "12", "13", "14"):
        floor.check(f"2026-04-{day}T17:00")
    same = played(floor)
    assert (same.lost, same.kept, same.denied, len(same.happened)) == ([], [], [], 2)
    shorter = played(floor, rules={str(rule.pk): {"days": 3}})
    assert [(one.record == leads[0].pk, one.at) for one in shorter.lost] == [(False, bangkok("2026-04-10T17:00"))] * 2 + [
        (True, bangkok("2026-04-13T17:00"))
    ]
    assert len(shorter.kept) == 2
    tighter = played(floor, pools={str(floor.pool.pk): {"daily_limit": 1}})
    assert [(one.owner, one.why) for one in tighter.denied] == [(floor.alice.pk, "daily")] * 2
    assert (len(tighter.lost), len(tighter.played.gone)) == (0, 0)
    api = Api(dao)
    given = {"from": "2026-04-01", "to": "2026-07-01", "rules": {str(rule.pk): {"days": 3}}}
    told = api.post("recycling/simulate/", given).json()
    assert (told["happened"]["gone"], told["would"]["gone"], len(told["lost"]), told["people"][0]["claims"]) == (2, 3, 3, 3)
    key, pool = str(rule.pk), str(floor.pool.pk)
    for wrong in ({"rules": {"x": {}}}, {"rules": {key: {"days": 0}}}, {"pools": {pool: {"mood": 1}}}, {"from": "soon"}):
        assert api.post("recycling/simulate/", wrong).status_code == 422
    assert Api(floor.alice).post("recycling/simulate/", given).status_code == 403


def act(floor: Floor, deed: str, lead: Any, who: User, number: int) -> None:
    """One of the deeds, by the real action; what is refused did not happen."""
    if deed == "touch":
        floor.follow_up(lead)
    elif deed == "check":
        check()
    elif deed in ("first", "second"):
        rule = floor.rules[deed == "second"]  # type: ignore[attr-defined]
        update(RULES, rule.pk, {"days": number + 1, "active": number > 0}, floor.dao)
        version.refresh()
    elif deed == "delete":
        remove(LEADS, lead.pk, floor.dao)
    elif deed == "more":
        run(LEADS, "ask-extension", lead.pk, by=lead.owner or who, arguments={"days": number + 1, "reason": "Soon"})
        run(LEADS, "grant-extension", lead.pk, by=floor.dao)
    else:
        given: dict[str, Any] = {"disqualify": {"reason": "No"}, "assign": {"owner": str(who.pk)}, "lock": {"reason": "Mine"}}.get(deed, {})
        run(LEADS, deed, lead.pk, by=floor.dao if deed in BY_DAO else who, arguments=given)


def play(floor: Floor, people: list[User], deeds: list[Any]) -> None:
    """Days on the floor, with the real actions and the clock put forward."""
    rules = [floor.rule(name="A", unit="days", days=2, warnings=[]), floor.rule(name="B", basis="no_change", days=4, warnings=[])]
    floor.rules = rules  # type: ignore[attr-defined]
    leads = [floor.lead(name=f"Lead {number}", owner=people[0] if number > 1 else None) for number in range(4)]
    for deed, lead, who, hours in deeds:
        floor.now += dt.timedelta(hours=hours, minutes=1)
        with suppress(Refusal), transaction.atomic():
            act(floor, deed, LEADS.model.objects.get(pk=leads[lead].pk), people[who], hours % 4)
    floor.now += dt.timedelta(days=5)
    check()


@pytest.mark.property
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 3), st.integers(0, 2), st.integers(0, 50)), min_size=6, max_size=12))
@example([("lock", 2, 0, 1), ("check", 0, 0, 50), ("unlock", 2, 0, 30), ("check", 0, 0, 1), ("claim", 3, 1, 1)])
@example([("touch", 2, 0, 20), ("check", 0, 0, 30), ("check", 0, 0, 30)])
@example([("more", 2, 0, 2), ("check", 0, 0, 50), ("check", 0, 0, 20), ("check", 0, 0, 50)])
@example([("invalid", 2, 0, 1), ("delete", 3, 0, 1), ("check", 0, 0, 50), ("restore", 3, 0, 1), ("reopen", 2, 0, 1), ("check", 0, 0, 1)])
def test_under_the_old_rules_every_move_happens_again(floor: Floor, bob: User, deeds: list[Any]) -> None:
    floor.now = bangkok("2026-04-07T15:00")
    with transaction.atomic():
        play(floor, [floor.alice, bob, floor.dao], deeds)
        found = played(floor)
        assert Counter(found.played.gone) == Counter(found.happened)
        assert found.happened, "each of these leads is somebody's for longer than a rule allows, or was"
        assert found.denied == []
        assert found.played.claims == found.claims
        held = Counter(
            LEADS.model.objects.live().exclude(status="disqualified").filter(owner__isnull=False).values_list("owner", flat=True)
        )
        assert found.played.held == held
        transaction.set_rollback(True)
