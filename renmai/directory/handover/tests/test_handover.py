"""What somebody had goes to others, every record of it, and comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renmai.directory.handover.model import Handover
from renmai.directory.handover.planning import kinds
from renmai.directory.handover.work import hand_over, take_back
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.facts import Fact
from renmai.kernel.jobs.work import at_once
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db


def owned(user: User) -> dict[str, int]:
    """How many records of each type a person has."""
    counts = {kind.slug: kind.model.objects.live().filter(owner=user.pk).count() for kind in kinds()}
    return {slug: count for slug, count in counts.items() if count}


@pytest.fixture
def past(alice: User) -> list[Any]:
    """What Alice has: accounts, a lead, an open task and one that is done."""
    made = [create(registry["accounts"], {"name": f"Acme {number}"}, alice) for number in range(5)]
    made.append(create(registry["leads"], {"name": "Ann Lee"}, alice))
    made.append(create(registry["tasks"], {"subject": "Call"}, alice))
    made.append(create(registry["tasks"], {"subject": "Called", "done_at": timezone.now().isoformat()}, alice))
    return made


def test_nothing_is_lost_and_everything_comes_back(alice: User, bob: User, charlie: User, dao: User, past: list[Any]) -> None:
    before = owned(alice)
    made = hand_over({"person": str(alice.pk), "to": [str(bob.pk), str(charlie.pk)]}, dao, at_once)
    got = [owned(bob), owned(charlie)]
    assert owned(alice) == {} and sum(sum(one.values()) for one in got) == sum(before.values()) == 8
    assert sorted(one["accounts"] for one in got) == [2, 3]
    tasks = {task.subject: task for task in registry["tasks"].model.objects.live()}
    assert tasks["Call"].assignee_id == tasks["Call"].owner_id != alice.pk
    assert tasks["Called"].assignee_id == alice.pk
    assert Fact.objects.filter(kind="account.assigned", data__handover=str(made.pk)).count() == 5
    account = past[0]
    account.refresh_from_db()
    assert account.team_id == account.owner.team_id
    update(registry["accounts"], account.pk, {"owner": str(dao.pk)}, dao)
    take_back(made.pk, dao, at_once)
    assert owned(alice) == {**before, "accounts": 4} and owned(dao)["accounts"] == 1
    with pytest.raises(Refused):
        take_back(made.pk, dao, at_once)


def test_a_part_goes_by_rule_and_for_thirty_days_only(
    api: Callable[[User], Api], alice: User, bob: User, charlie: User, dao: User, past: Any
) -> None:
    asked = {
        "person": str(alice.pk),
        "to": [str(bob.pk)],
        "types": ["accounts"],
        "criteria": {"accounts": {"not": {"field": "name", "op": "eq", "value": "Acme 4"}}},
        "rules": [{"type": "accounts", "criteria": {"field": "name", "op": "eq", "value": "Acme 1"}, "to": str(charlie.pk)}],
    }
    told = api(dao).post("handovers/", {**asked, "preview": True}).json()["items"]
    assert [(one["type"], one["count"], {to["title"]: to["count"] for to in one["to"]}) for one in told] == [
        ("accounts", 4, {"Charlie": 1, "Bob": 3})
    ]
    assert owned(alice)["accounts"] == 5
    assert api(alice).post("handovers/", asked).status_code == 403
    wrong = api(dao).post("handovers/", {"person": str(alice.pk), "to": [str(alice.pk)], "types": ["pears"]})
    assert (wrong.status_code, {one["field"] for one in wrong.json()["errors"]}) == (422, {"to", "types"})
    made = hand_over(asked, dao, at_once)
    assert (owned(bob), owned(charlie), owned(alice)["accounts"]) == ({"accounts": 3}, {"accounts": 1}, 1)
    Handover.objects.filter(pk=made.pk).update(at=timezone.now() - dt.timedelta(days=31))
    assert api(dao).post(f"handovers/{made.pk}/undo/").status_code == 409


def test_whoever_closes_an_account_is_offered_the_handover(client: Client, alice: User, bob: User, dao: User, past: Any) -> None:
    update(registry["users"], alice.pk, {"active": False}, dao)
    client.force_login(dao)
    assert f"/users/{alice.pk}/handover/" in client.get(f"/users/{alice.pk}/").content.decode()
    assert f"/handovers/new/?person={alice.pk}" in client.get(f"/users/{alice.pk}/handover/").content.decode()
    shown = client.post("/handovers/new/", {"person": str(alice.pk), "to": [str(bob.pk)]}).content.decode()
    assert "Bob (5)" in shown and client.get("/handovers/").status_code == 200
