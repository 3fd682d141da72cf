"""Taking work in bulk back: what still stands goes back, what somebody has changed since is kept and told."""

from __future__ import annotations

from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.actions.errors import Missing, Refused
from renmai.kernel.actions.undo import undo
from renmai.kernel.facts.model import Fact
from renmai.kernel.files.model import StoredFile
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSetRow

LEADS = registry["leads"]


def changed(by: User, leads: list[Record], **values: Any) -> Job:
    """A bulk edit that has run."""
    job = in_bulk(LEADS, "update", by, ids=[str(lead.pk) for lead in leads], arguments=values)
    perform(job)
    return job


def undone(job: Job, by: User) -> Job:
    """Its undoing, which has run."""
    back = undo(job.result["change_set"], by)
    perform(back)
    return back


@pytest.fixture
def leads(alice: User) -> list[Record]:
    """Two of Alice's leads, in different cities."""
    return [
        create(LEADS, {"name": name, "city": city, "expected_amount": "10.50"}, alice) for name, city in (("Ann", "Tak"), ("Ben", "Nan"))
    ]


def cities() -> list[str]:
    return list(LEADS.model.objects.order_by("name").values_list("city", flat=True))


def test_what_still_stands_goes_back_to_what_each_record_held(alice: User, leads: list[Record]) -> None:
    job = changed(alice, leads, city="Bangkok")
    assert cities() == ["Bangkok", "Bangkok"]
    back = undone(job, alice)
    assert (cities(), back.result["done"]) == (["Tak", "Nan"], 2)
    assert Fact.objects.filter(kind="lead.updated", data__undoes=job.result["change_set"]).count() == 2


def test_what_somebody_has_changed_since_is_kept_and_told(alice: User, leads: list[Record]) -> None:
    job = changed(alice, leads, city="Bangkok")
    update(LEADS, leads[0].pk, {"city": "Chiang Mai"}, alice)
    back = undone(job, alice)
    assert cities() == ["Chiang Mai", "Nan"]
    kept = ChangeSetRow.objects.get(change_set=back.result["change_set"], action="s")
    assert (kept.record_id, "City" in kept.reason) == (leads[0].pk, True)


def test_of_two_fields_the_one_that_stands_goes_back(alice: User, leads: list[Record]) -> None:
    job = changed(alice, leads[:1], city="Bangkok", expected_amount="99")
    update(LEADS, leads[0].pk, {"city": "Chiang Mai"}, alice)
    undone(job, alice)
    lead = LEADS.model.objects.get(pk=leads[0].pk)
    assert (lead.city, str(lead.expected_amount)) == ("Chiang Mai", "10.5000")


def test_owner_and_team_go_back_together(alice: User, charlie: User, dao: User, leads: list[Record]) -> None:
    job = in_bulk(LEADS, "assign", dao, ids=[str(lead.pk) for lead in leads], arguments={"owner": str(charlie.pk)})
    perform(job)
    assert set(LEADS.model.objects.values_list("owner", "team")) == {(charlie.pk, charlie.team_id)}
    undone(job, dao)
    assert set(LEADS.model.objects.values_list("owner", "team")) == {(alice.pk, alice.team_id)}


def test_what_was_deleted_comes_back(alice: User, leads: list[Record]) -> None:
    job = in_bulk(LEADS, "delete", alice, tree={"field": "city", "op": "eq", "value": "Nan"})
    perform(job)
    assert LEADS.model.objects.live().count() == 1
    assert undone(job, alice).result["done"] == 1
    assert LEADS.model.objects.live().count() == 2


def test_nothing_is_undone_twice_or_by_others(alice: User, charlie: User, leads: list[Record]) -> None:
    job = changed(alice, leads, city="Bangkok")
    with pytest.raises(Missing):
        undo(job.result["change_set"], charlie)
    undone(job, alice)
    with pytest.raises(Refused):
        undo(job.result["change_set"], alice)


def test_records_that_refuse_are_in_a_file_with_the_reason(alice: User, bob: User, leads: list[Record]) -> None:
    mine = create(LEADS, {"name": "Cat", "city": "Tak"}, bob)
    job = in_bulk(LEADS, "update", bob, tree={"and": []}, arguments={"city": "Bangkok"})
    perform(job)
    assert (job.result["done"], len(job.result["refused"])) == (1, 2)
    text = StoredFile.objects.get(pk=job.errors_file).path.read_text(encoding="utf-8-sig")
    assert str(leads[0].pk) in text and "Ann" in text and str(mine.pk) not in text


def test_a_record_that_breaks_a_rule_stops_no_other(alice: User, leads: list[Record]) -> None:
    convertible = create(LEADS, {"name": "Cat"}, alice)
    LEADS.model.objects.filter(pk=leads[0].pk).update(status="converted", converted_at=convertible.created_at)
    job = changed(alice, [*leads, convertible], status="working")
    assert (job.result["done"], [refused["id"] for refused in job.result["refused"]]) == (2, [str(leads[0].pk)])
