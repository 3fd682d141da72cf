"""Who is asked before a record goes its way, and what their answers come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from renmai.kernel.access.user import Role, Share, Team, User
from renmai.kernel.actions.errors import Forbidden, Invalid, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.approvals.mail import link, remind_approvers
from renmai.kernel.approvals.model import Approval, ApprovalFlow, SeatState
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.jobs.work import perform
from renmai.kernel.overlay import version
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again, person

OPPORTUNITIES, FLOWS, APPROVALS = registry["opportunities"], registry["approval-flows"], registry["approvals"]
BIG = {"field": "amount", "op": "gte", "value": "1000"}


@pytest.fixture
def eve(south: Team) -> User:
    """Another seller elsewhere."""
    return person("Eve", "rep", south)


@pytest.fixture
def run_jobs(db: None) -> Callable[[], None]:
    """Does what the worker would do now."""

    def do() -> None:
        for job in Job.objects.select_related("by").filter(state=JobState.QUEUED):
            perform(job)

    return do


def flow(*levels: dict[str, Any], **values: Any) -> ApprovalFlow:
    made: Any = create(FLOWS, {"name": "Discount", "record_type": "opportunities", "levels": list(levels), **values}, None)
    version.refresh()
    return made


def level(*users: User, **values: Any) -> dict[str, Any]:
    return {"users": [str(user.pk) for user in users], **values}


@pytest.fixture
def deal(alice: User) -> Any:
    return create(OPPORTUNITIES, {"name": "Deal", "amount": "5000"}, alice)


def ask(deal: Any, by: User) -> Approval:
    return run(OPPORTUNITIES, "ask-approval", deal.pk, by=by).made[0]  # type: ignore[return-value]


def answer(approval: Approval, verb: str, by: User, **arguments: Any) -> Approval:
    return run(APPROVALS, verb, approval.pk, by=again(by), arguments=arguments).item  # type: ignore[return-value]


def seats(approval: Approval) -> dict[str, str]:
    return {seat.user.title: seat.state for seat in Approval.objects.get(pk=approval.pk).rows("seats")}


def test_who_is_asked_sees_the_record_and_decides(alice: User, charlie: User, deal: Any, api: Callable[[User], Api]) -> None:
    flow(level(charlie))
    approval = ask(deal, alice)
    assert api(charlie).get(f"opportunities/{deal.pk}/").status_code == 200
    said = api(charlie).post(f"approvals/{approval.pk}/approve/", {"comment": "Fine"}).json()["item"]
    assert (said["status"], said["waiting_for"]) == ("approved", [])
    assert [(seat["state"], seat["comment"]) for seat in said["seats"]] == [("approved", "Fine")]
    kinds = [fact["kind"] for fact in api(alice).get(f"opportunities/{deal.pk}/timeline/").json()["items"]]
    assert {"opportunity.approval_asked", "approval.agreed"} <= set(kinds)


def test_a_record_that_waits_stays_as_it_is(alice: User, charlie: User, deal: Any) -> None:
    flow(level(charlie))
    approval = ask(deal, alice)
    for change in (
        lambda: update(OPPORTUNITIES, deal.pk, {"amount": "1"}, alice),
        lambda: remove(OPPORTUNITIES, deal.pk, alice),
        lambda: run(OPPORTUNITIES, "win", deal.pk, by=alice),
        lambda: ask(deal, alice),
    ):
        with pytest.raises((Refused, Invalid)):
            change()
    answer(approval, "recall", alice)
    assert update(OPPORTUNITIES, deal.pk, {"amount": "1"}, alice).version > deal.version


def test_steps_follow_each_other_and_all_of_a_step_must_agree(alice: User, bob: User, charlie: User, eve: User, deal: Any) -> None:
    flow(level(bob, charlie, step=1, need="all"), level(eve, step=2))
    approval = ask(deal, alice)
    approval = answer(approval, "approve", bob)
    assert (approval.status, approval.waiting_for) == ("waiting", [charlie.pk])
    approval = answer(approval, "approve", charlie)
    assert (approval.step, approval.waiting_for) == (2, [eve.pk])
    assert answer(approval, "approve", eve).status == "approved"


def test_one_of_a_level_is_enough_where_any_is_needed(alice: User, bob: User, charlie: User, deal: Any) -> None:
    flow(level(bob, charlie, need="any"))
    approval = answer(ask(deal, alice), "approve", bob)
    assert approval.status == "approved"
    assert seats(approval) == {"Bob": SeatState.APPROVED, "Charlie": SeatState.NOT_NEEDED}


def test_levels_of_the_same_step_are_asked_side_by_side(alice: User, bob: User, charlie: User, deal: Any) -> None:
    flow(level(bob, step=1), level(charlie, step=1))
    approval = ask(deal, alice)
    assert set(approval.waiting_for) == {bob.pk, charlie.pk}
    assert answer(approval, "approve", charlie).status == "waiting"
    assert answer(approval, "approve", bob).status == "approved"


@pytest.mark.parametrize(("verb", "status"), [("reject", "rejected"), ("send-back", "sent_back")])
def test_one_no_ends_it_and_says_why(alice: User, bob: User, charlie: User, deal: Any, verb: str, status: str) -> None:
    flow(level(bob, charlie, need="all"))
    approval = ask(deal, alice)
    with pytest.raises(Invalid):
        answer(approval, verb, bob)
    assert answer(approval, verb, bob, comment="Too cheap").status == status
    with pytest.raises(Refused):
        answer(approval, "approve", charlie)
    assert ask(deal, alice).is_waiting()


@pytest.mark.parametrize(("amount", "asked"), [("999", "Bob"), ("1000", "Charlie")])
def test_levels_and_flows_depend_on_the_record(alice: User, bob: User, charlie: User, amount: str, asked: str) -> None:
    deal = create(OPPORTUNITIES, {"name": "Deal", "amount": amount}, alice)
    flow(level(bob, criteria={"not": BIG}), level(charlie, criteria=BIG))
    assert list(seats(ask(deal, alice))) == [asked]


def test_a_role_can_be_asked_within_the_department(alice: User, charlie: User, north: Team, deal: Any) -> None:
    head = create(registry["teams"], {"name": "Sales"}, None)
    update(registry["teams"], north.pk, {"parent": str(head.pk)}, None)
    person("Mina", "manager", head)  # type: ignore[arg-type]
    person("Somchai", "manager", charlie.team)
    managers = [str(Role.objects.get(name="manager").pk)]
    flow({"users": [], "roles": managers, "within": True})
    assert list(seats(ask(deal, alice))) == ["Mina"]


@pytest.mark.parametrize(("missing", "asked"), [("admins", ["Dao"]), ("skip", ["Charlie"])])
def test_a_missing_approver_is_replaced_or_left_out(
    alice: User, bob: User, charlie: User, dao: User, deal: Any, missing: str, asked: list[str]
) -> None:
    flow(level(bob, step=1), level(charlie, step=2), missing=missing)
    update(registry["users"], bob.pk, {"active": False}, dao)
    assert list(seats(ask(deal, alice))) == asked


def test_nobody_agrees_with_themselves(alice: User, dao: User, deal: Any) -> None:
    flow(level(alice))
    assert list(seats(ask(deal, alice))) == ["Dao"]


def test_an_answer_can_be_passed_on(alice: User, bob: User, charlie: User, deal: Any) -> None:
    flow(level(bob))
    approval = answer(ask(deal, alice), "delegate", bob, to=str(charlie.pk))
    assert approval.waiting_for == [charlie.pk]
    with pytest.raises(Refused):
        answer(approval, "approve", bob)
    assert answer(approval, "approve", charlie).status == "approved"


def test_one_more_person_must_agree_too(alice: User, bob: User, charlie: User, deal: Any) -> None:
    flow(level(bob))
    approval = answer(ask(deal, alice), "add-signer", bob, who=str(charlie.pk))
    assert answer(approval, "approve", bob).status == "waiting"
    assert answer(approval, "approve", charlie).status == "approved"


def test_one_more_person_leaves_it_at_one_of_those_asked_before(alice: User, bob: User, charlie: User, eve: User, deal: Any) -> None:
    flow(level(bob, eve, need="any"))
    approval = answer(ask(deal, alice), "add-signer", bob, who=str(charlie.pk))
    answer(approval, "approve", charlie)
    assert answer(approval, "approve", bob).status == "approved"


def test_a_share_that_somebody_has_is_not_made_less_by_asking_them(alice: User, charlie: User, deal: Any) -> None:
    run(OPPORTUNITIES, "share", deal.pk, by=alice, arguments={"with": str(charlie.pk), "may": "edit"})
    flow(level(charlie))
    ask(deal, alice)
    share = Share.objects.get(record_id=deal.pk)
    assert (share.may, share.at) == ("edit", deal.created_at)


def test_what_was_asked_of_a_type_that_is_gone_is_refused_in_a_sentence(alice: User, charlie: User, deal: Any, client: Client) -> None:
    flow(level(charlie))
    approval = ask(deal, alice)
    Approval.objects.filter(pk=approval.pk).update(target_type="gone")
    assert client.get(link(approval, charlie)).status_code == 410
    with pytest.raises(Refused, match="There is no such record"):
        answer(approval, "approve", charlie)


def test_only_who_is_asked_answers_and_only_who_asked_recalls(alice: User, bob: User, charlie: User, deal: Any) -> None:
    flow(level(charlie))
    approval = ask(deal, alice)
    with pytest.raises(Refused):
        answer(approval, "approve", alice)
    with pytest.raises(Forbidden):
        answer(approval, "approve", bob)
    with pytest.raises(Refused):
        answer(approval, "recall", charlie)


def test_an_action_waits_for_its_approval(alice: User, charlie: User, deal: Any) -> None:
    flow(level(charlie), before="win", criteria=BIG)
    with pytest.raises(Refused):
        run(OPPORTUNITIES, "win", deal.pk, by=alice)
    answer(ask(deal, alice), "approve", charlie)
    update(OPPORTUNITIES, deal.pk, {"amount": "9000"}, alice)
    with pytest.raises(Refused):
        run(OPPORTUNITIES, "win", deal.pk, by=alice)
    answer(ask(deal, alice), "approve", charlie)
    run(OPPORTUNITIES, "win", deal.pk, by=alice)


def test_an_action_goes_on_where_the_flow_does_not_fit(alice: User, charlie: User) -> None:
    small = create(OPPORTUNITIES, {"name": "Small", "amount": "10"}, alice)
    flow(level(charlie), before="win", criteria=BIG)
    run(OPPORTUNITIES, "win", small.pk, by=alice)


def test_a_running_approval_keeps_the_flow_it_began_with(alice: User, bob: User, charlie: User, dao: User, deal: Any) -> None:
    made = flow(level(bob))
    approval = ask(deal, alice)
    update(FLOWS, made.pk, {"levels": [level(charlie)]}, dao)
    assert (approval.flow_version, answer(approval, "approve", bob).status) == (made.version, "approved")


def test_the_letter_answers_without_signing_in(alice: User, charlie: User, deal: Any, run_jobs: Callable[[], None]) -> None:
    flow(level(charlie))
    approval = ask(deal, alice)
    run_jobs()
    (letter,) = mail.outbox
    assert letter.to == ["charlie@example.com"]
    address = link(approval, charlie)
    assert address.rsplit("/", 2)[0] in letter.body
    path = address[address.index("/approve/") :]
    client = Client()
    assert "Deal" in client.get(path).content.decode()
    assert client.post(path, {"do": "reject"}).status_code == 422
    assert client.post(path, {"do": "approve"}).status_code == 200
    assert Approval.objects.get(pk=approval.pk).status == "approved"
    assert client.post(path, {"do": "reject", "comment": "No"}).status_code == 410
    assert client.get(path[:-2] + "x/").status_code == 410


def test_whoever_lets_it_wait_is_reminded(alice: User, charlie: User, deal: Any, run_jobs: Callable[[], None]) -> None:
    flow(level(charlie), remind_days=1)
    approval = ask(deal, alice)
    run_jobs()
    Approval.objects.filter(pk=approval.pk).update(updated_at=approval.created_at.replace(year=2020))
    remind_approvers(timestamp=0)
    remind_approvers(timestamp=0)
    run_jobs()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"record_type": "nothing"}, "record_type"),
        ({"before": "dance"}, "before"),
        ({"levels": []}, "levels"),
        ({"levels": [{"users": []}]}, "levels"),
        ({"levels": [{"users": ["x"]}]}, "levels.0.users"),
    ],
)
def test_a_flow_that_cannot_work_is_refused(
    charlie: User, dao: User, values: dict[str, Any], field: str, api: Callable[[User], Api]
) -> None:
    given = {"name": "Discount", "record_type": "opportunities", "levels": [level(charlie)], **values}
    answer = api(dao).post("approval-flows/", given)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_what_is_said_with_an_answer_stands_on_the_page_of_the_record(
    alice: User, charlie: User, deal: Any, client: Client, run_jobs: Callable[[], None]
) -> None:
    flow(level(charlie))
    answer(ask(deal, alice), "send-back", charlie, comment="Which discount?")
    client.force_login(alice)
    assert "Which discount?" in client.get(f"/opportunities/{deal.pk}/").content.decode()
    run_jobs()
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_only_administrators_make_flows(alice: User, charlie: User, api: Callable[[User], Api]) -> None:
    assert api(alice).post("approval-flows/", {"name": "X", "record_type": "leads", "levels": [level(charlie)]}).status_code == 403


def test_approvals_cannot_be_written_by_hand(alice: User, charlie: User, deal: Any, api: Callable[[User], Api]) -> None:
    flow(level(charlie))
    approval = ask(deal, alice)
    assert api(alice).post("approvals/", {"subject": "Deal", "status": "approved"}).status_code == 403
    assert api(alice).patch(f"approvals/{approval.pk}/", {"status": "approved"}).status_code == 403
