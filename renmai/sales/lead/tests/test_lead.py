"""Leads: qualified step by step, converted once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Missing, Refusal, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.facts import Fact
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again
from renmai.sales.opportunity.model import Opportunity

LEADS = registry["leads"]


def lead(by: User, **values: object) -> object:
    """A lead of somebody's."""
    return create(
        LEADS, {"name": "王伟", "company": "華為", "email": "w@example.com", "expected_amount": "1200.50", "currency": "CNY", **values}, by
    ).pk


def test_conversion_makes_account_person_and_opportunity(alice: User) -> None:
    outcome = run(LEADS, "convert", lead(alice), by=alice)
    account, person, opportunity = outcome.made
    assert (account.title, person.title, opportunity.title) == ("華為", "王伟", "華為")
    assert (person.account, person.email) == (account, "w@example.com")  # type: ignore[attr-defined]
    assert (str(opportunity.amount), opportunity.currency) == ("1200.50", "CNY")  # type: ignore[attr-defined]
    assert {record.owner for record in outcome.made} == {alice}


def test_a_lead_is_converted_only_once(alice: User) -> None:
    key = lead(alice)
    run(LEADS, "convert", key, by=alice)
    with pytest.raises(Refused):
        run(LEADS, "convert", key, by=alice)
    assert Opportunity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_convert_only_once(alice: User) -> None:
    key, refusals = lead(alice), []

    def convert() -> None:
        try:
            run(LEADS, "convert", key, by=again(alice))
        except Refusal as refusal:
            refusals.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=convert) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refusals) == 3
    assert (Account.objects.count(), Person.objects.count(), Opportunity.objects.count()) == (1, 1, 1)


def test_conversion_joins_what_exists(alice: User) -> None:
    account = create(registry["accounts"], {"name": "Huawei"}, alice)
    outcome = run(LEADS, "convert", lead(alice), by=alice, arguments={"account": str(account.pk), "without_opportunity": True})
    assert [type(record) for record in outcome.made] == [Person]
    assert outcome.made[0].account == account  # type: ignore[attr-defined]


def test_nothing_is_made_when_one_part_cannot_be(alice: User) -> None:
    with pytest.raises(Invalid):
        run(LEADS, "convert", lead(alice), by=alice, arguments={"amount": "much"})
    assert not Account.objects.exists()


def test_a_status_cannot_say_converted_by_itself(alice: User) -> None:
    with pytest.raises(Invalid):
        update(LEADS, lead(alice), {"status": "converted"}, alice)


def test_the_timeline_of_the_new_account_begins_with_the_conversion(alice: User, api: Callable[[User], Api]) -> None:
    outcome = run(LEADS, "convert", lead(alice), by=alice)
    items = api(alice).get(f"accounts/{outcome.made[0].pk}/timeline/").json()["items"]
    assert "lead.converted" in {item["kind"] for item in items}


def test_qualification_goes_step_by_step(alice: User) -> None:
    key = lead(alice)
    assert [run(LEADS, "qualify", key, by=alice).item.status for _ in range(2)] == ["mql", "sql"]  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        run(LEADS, "qualify", key, by=alice)


def test_disqualification_needs_a_reason(alice: User) -> None:
    with pytest.raises(Invalid) as refusal:
        run(LEADS, "disqualify", lead(alice), by=alice)
    assert set(refusal.value.errors) == {"reason"}


def test_a_lead_given_away_goes_with_its_team(alice: User, charlie: User) -> None:
    key = lead(alice)
    given = run(LEADS, "assign", key, by=alice, arguments={"owner": str(charlie.pk)}).item
    assert (given.owner, given.team) == (charlie, charlie.team)
    assert Fact.objects.get(kind="lead.assigned").data["owner"]["title"] == "Charlie"
    with pytest.raises(Missing):
        run(LEADS, "qualify", key, by=alice)
