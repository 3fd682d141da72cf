"""Verbs done to many records: each on its own, with the refusals told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, RowAction

LEADS = registry["leads"]


def test_records_that_refuse_are_told_and_the_others_done(alice: User) -> None:
    first, second = (create(LEADS, {"name": name}, alice) for name in ("Ann", "Ben"))
    LEADS.model.objects.filter(pk=second.pk).update(status="disqualified")
    job = in_bulk(LEADS, "disqualify", alice, ids=[str(first.pk), str(second.pk)], arguments={"reason": "no budget"})
    perform(job)
    job.refresh_from_db()
    assert (job.state, job.result["done"]) == ("done", 1)
    assert [refused["id"] for refused in job.result["refused"]] == [str(second.pk)]


def test_what_may_not_be_seen_is_not_touched(alice: User, charlie: User) -> None:
    lead = create(LEADS, {"name": "Ann"}, alice)
    perform(in_bulk(LEADS, "delete", charlie, ids=[str(lead.pk)]))
    assert LEADS.model.objects.live().filter(pk=lead.pk).exists()


def test_a_filter_of_any_size_is_one_request(alice: User, api: Callable[[User], Api]) -> None:
    for index in range(60):
        create(LEADS, {"name": f"Lead {index}", "country": "TH" if index % 2 else "TW"}, alice)
    tree = {"field": "country", "op": "eq", "value": "TH"}
    answer = api(alice).post("leads/bulk/", {"action": "update", "filter": tree, "arguments": {"city": "Bangkok"}})
    assert answer.status_code == 202
    perform(Job.objects.get(pk=answer.json()["job"]))
    assert LEADS.model.objects.filter(city="Bangkok").count() == 30


def test_work_that_was_interrupted_goes_on_where_it_stopped(alice: User) -> None:
    leads = [create(LEADS, {"name": f"Lead {index}"}, alice) for index in range(3)]
    job = in_bulk(LEADS, "update", alice, ids=[str(lead.pk) for lead in leads], arguments={"city": "Taipei"})
    change_set = ChangeSet.objects.get()
    for number, lead in enumerate(leads[:2], 1):
        ChangeSetRow.objects.create(change_set=change_set, number=number, action=RowAction.UPDATED, type="leads", record_id=lead.pk)
    ChangeSet.objects.filter(pk=change_set.pk).update(done_rows=2, updated=2)
    perform(job)
    assert LEADS.model.objects.filter(city="Taipei").count() == 1
    assert (job.result["done"], job.done, job.total) == (3, 3, 3)


@pytest.mark.parametrize(
    "body",
    [{}, {"action": "nonsense", "ids": []}, {"action": "delete"}, {"action": "delete", "ids": 1}, {"action": "delete", "ids": ["x"]}],
)
def test_bad_requests_are_refused_before_they_are_queued(alice: User, api: Callable[[User], Api], body: dict[str, object]) -> None:
    assert api(alice).post("leads/bulk/", body).status_code in {404, 422}
    assert not Job.objects.exists()
