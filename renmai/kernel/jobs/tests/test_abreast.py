"""Portions done side by side, each with a connection of its own."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from renmai.kernel.access.user import Team, User
from renmai.kernel.actions import many
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.jobs.abreast import AT_ONCE, abreast
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet

LEADS = registry["leads"]


@pytest.mark.django_db(transaction=True)
def test_portions_that_wait_for_each_other_are_both_done() -> None:
    north, south = (Team.objects.create(name=name) for name in ("North", "South"))
    both_hold_one, tried = threading.Barrier(2), []

    def rename(teams: tuple[Team, Team]) -> str:
        tried.append(teams)
        with transaction.atomic():
            for team in teams:
                Team.objects.filter(pk=team.pk).update(name=f"{team.name}, moved by {teams[0].name}")
                if len(tried) <= 2 and team is teams[0]:
                    both_hold_one.wait(10)
        return teams[0].name

    assert sorted(abreast(rename, [(north, south), (south, north)])) == ["North", "South"]
    assert len(tried) > 2, "one of them was ended by the database and done again"


@pytest.mark.django_db(transaction=True)
def test_what_becomes_of_each_is_counted_whichever_ends_first(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "AT_ONCE", 2)
    leads = [create(LEADS, {"name": f"Lead {number}"}, alice) for number in range(7)]
    LEADS.model.objects.filter(pk=leads[3].pk).update(city="Taipei")
    job = in_bulk(LEADS, "update", alice, ids=[lead.pk for lead in leads], arguments={"city": "Taipei"})
    perform(job)
    change_set = ChangeSet.objects.get()
    assert (job.result["done"], job.result["unchanged"], job.done, change_set.done_rows) == (6, 1, 7, 7)
    assert sorted(change_set.rows_of_file.values_list("number", flat=True)) == list(range(1, 8))
    assert LEADS.model.objects.filter(city="Taipei").count() == 7


def test_after_a_portion_that_fails_no_other_is_begun() -> None:
    begun = []

    def do(portion: int) -> None:
        begun.append(portion)
        raise ValueError(portion)

    with pytest.raises(ValueError, match="0"):
        list(abreast(do, range(9)))
    assert len(begun) <= AT_ONCE
