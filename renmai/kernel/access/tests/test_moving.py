"""Somebody changes team, with their records or without."""

from __future__ import annotations

from typing import Any

from renmai.kernel.access.user import Team, User
from renmai.kernel.facts import Fact
from renmai.kernel.history.model import History
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

LEADS = registry["leads"]


def moved(alice: User, dao: User, south: Team, **more: Any) -> Any:
    """The answer to moving Alice, after the work is done."""
    answer = Api(dao).post(f"users/{alice.pk}/move/", {"team": str(south.pk), **more})
    for job in Job.objects.filter(kind="move-records"):
        perform(job)
    return answer


def test_records_go_along_where_that_is_said(alice: User, bob: User, charlie: User, dao: User, south: Team) -> None:
    hers, his = create(LEADS, {"name": "Ann"}, alice), create(LEADS, {"name": "Ben"}, bob)
    lent = create(LEADS, {"name": "Cyd", "team": None}, alice)
    assert moved(alice, dao, south, records=True).status_code == 200
    teams = {lead.title: lead.team for lead in LEADS.model.objects.all()}
    assert teams == {"Ann": south, "Ben": bob.team, "Cyd": None}
    assert LEADS.model.objects.visible_to(again(charlie)).get() == hers
    assert (his.version, lent.version) == (1, 1)
    assert Job.objects.get(kind="move-records").result == {"moved": 1, "kept": 0}
    assert History.objects.filter(record_id=hers.pk).order_by("-id")[0].reason == "Moved to the team “South”"
    assert Fact.objects.filter(kind="lead.updated").get().data == {"fields": ["team"]}


def test_records_stay_where_nothing_is_said(alice: User, bob: User, dao: User, south: Team) -> None:
    lead = create(LEADS, {"name": "Ann"}, alice)
    moved(alice, dao, south)
    assert (again(alice).team, LEADS.model.objects.get(pk=lead.pk).team) == (south, bob.team)
    assert not Job.objects.filter(kind="move-records").exists()


def test_only_administrators_move_people(alice: User, bob: User, south: Team) -> None:
    assert moved(bob, alice, south, records=True).status_code == 403
