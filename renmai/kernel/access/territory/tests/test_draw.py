"""Where records lie, and who sees them for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.territory.model import Territory
from renmai.kernel.access.territory.trial import trial
from renmai.kernel.access.user import Team, User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.run import run
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again

ACCOUNTS, PEOPLE, OPPORTUNITIES, TERRITORIES = (registry[slug] for slug in ("accounts", "people", "opportunities", "territories"))
IN_THAILAND = {"field": "country", "op": "eq", "value": "TH"}
IN_CHIANG_MAI = {"and": [IN_THAILAND, {"field": "city", "op": "eq", "value": "Chiang Mai"}]}


def rule(dao: User, team: Team, **values: Any) -> Territory:
    """A territory of a team, of Thailand if nothing else is said."""
    return create(TERRITORIES, {"name": "Field", "team": str(team.pk), "criteria": IN_THAILAND, **values}, dao)  # type: ignore[return-value]


def seen(person: User, record: Record) -> bool:
    """Whether somebody sees a record now."""
    return bool(type(record).objects.visible_to(again(person)).filter(pk=record.pk).exists())


def test_a_rule_gives_a_team_what_lies_in_its_field(dao: User, alice: User, charlie: User, south: Team) -> None:
    thai, other = (create(ACCOUNTS, {"name": country, "country": country}, alice) for country in ("TH", "CN"))
    assert not seen(charlie, thai)
    rule(dao, south)
    assert seen(charlie, thai) and not seen(charlie, other)
    assert seen(alice, thai)


def test_what_belongs_to_an_account_lies_where_it_lies(dao: User, alice: User, charlie: User, south: Team) -> None:
    rule(dao, south)
    mother = create(ACCOUNTS, {"name": "Mother", "country": "TH"}, alice)
    daughter = create(ACCOUNTS, {"name": "Daughter", "parent": str(mother.pk)}, alice)
    person = create(PEOPLE, {"name": "Somchai", "account": str(daughter.pk)}, alice)
    sale = create(OPPORTUNITIES, {"name": "Pumps", "account": str(daughter.pk)}, alice)
    assert all(seen(charlie, record) for record in (mother, daughter, person, sale))
    update(ACCOUNTS, mother.pk, {"country": "CN"}, alice)
    assert not any(seen(charlie, record) for record in (mother, daughter, person, sale))


def test_a_child_that_meets_a_rule_of_its_own_lies_there(
    dao: User, alice: User, bob: User, south: Team, charlie: User, north: Team
) -> None:
    rule(dao, south)
    mine = rule(dao, north, criteria={"field": "country", "op": "eq", "value": "CN"})
    mother = create(ACCOUNTS, {"name": "Mother", "country": "TH"}, None)
    daughter = create(ACCOUNTS, {"name": "Daughter", "country": "CN", "parent": str(mother.pk)}, None)
    assert ACCOUNTS.model.objects.get(pk=daughter.pk).territory == mine
    assert seen(bob, daughter) and not seen(charlie, daughter)


def test_the_smallest_rank_counts(dao: User, south: Team, north: Team) -> None:
    rule(dao, south, priority=2)
    nearer = rule(dao, north, priority=1, criteria=IN_CHIANG_MAI)
    account = create(ACCOUNTS, {"name": "A", "country": "TH", "city": "Chiang Mai"}, None)
    assert ACCOUNTS.model.objects.get(pk=account.pk).territory == nearer
    update(TERRITORIES, nearer.pk, {"priority": 3}, dao)
    assert ACCOUNTS.model.objects.get(pk=account.pk).territory.team == south


@pytest.mark.parametrize("end", ["closed", "deleted"])
def test_a_rule_that_ended_opens_nothing(dao: User, charlie: User, south: Team, end: str) -> None:
    territory = rule(dao, south)
    account = create(ACCOUNTS, {"name": "A", "country": "TH"}, None)
    assert seen(charlie, account)
    if end == "closed":
        update(TERRITORIES, territory.pk, {"active": False}, dao)
    else:
        remove(TERRITORIES, territory.pk, dao)
    assert not seen(charlie, account)
    assert ACCOUNTS.model.objects.get(pk=account.pk).territory is None


def test_it_opens_as_much_as_the_role_gives_over_the_teams_records(dao: User, alice: User, charlie: User, south: Team) -> None:
    rule(dao, south)
    account = create(ACCOUNTS, {"name": "A", "country": "TH"}, alice)
    assert again(charlie).may("view", account)
    assert not again(charlie).may("edit", account), "a rep changes only what is their own"


def test_rules_may_be_about_any_type_that_lies_in_territories(dao: User, charlie: User, south: Team) -> None:
    rule(dao, south, covers="leads")
    lead = create(registry["leads"], {"name": "Somchai", "country": "TH"}, None)
    assert seen(charlie, lead)


@pytest.mark.parametrize(
    "criteria",
    [
        {"field": "nothing", "op": "is_set"},
        {"field": "parent.country", "op": "eq", "value": "TH"},
        {"field": "opportunities", "op": "any", "value": {}},
        {"field": "owner", "op": "eq", "value": {"var": "me"}},
    ],
)
def test_a_rule_looks_at_the_record_itself_and_is_the_same_for_all(dao: User, south: Team, criteria: Any) -> None:
    with pytest.raises(Invalid) as refused:
        rule(dao, south, criteria=criteria)
    assert set(refused.value.errors) == {"criteria"}


def test_a_rule_about_what_lies_nowhere_is_refused(dao: User, south: Team) -> None:
    with pytest.raises(Invalid):
        rule(dao, south, covers="products")


def test_an_action_that_changes_the_record_moves_it(dao: User, alice: User, bob: User, charlie: User, south: Team) -> None:
    rule(dao, south, criteria={"field": "owner", "op": "eq", "value": str(bob.pk)})
    account = create(ACCOUNTS, {"name": "A"}, alice)
    assert not seen(charlie, account)
    run(ACCOUNTS, "assign", account.pk, by=alice, arguments={"owner": str(bob.pk)})
    assert seen(charlie, account)


def test_without_a_rule_nothing_lies_in_it(dao: User, charlie: User, south: Team) -> None:
    rule(dao, south, criteria={})
    assert not seen(charlie, create(ACCOUNTS, {"name": "A", "country": "TH"}, None))


def test_its_page_tries_the_rule_before_it_is_saved(dao: User, north: Team, south: Team) -> None:
    rule(dao, north, criteria=IN_CHIANG_MAI, priority=20)
    made = create(ACCOUNTS, {"name": "Acme", "country": "TH", "city": "Chiang Mai"}, None)
    create(ACCOUNTS, {"name": "Umbrella", "country": "CN"}, None)
    territory = rule(dao, south, criteria={})
    territory.criteria = IN_THAILAND
    told = trial(territory, again(dao))
    assert (told.comes, told.goes, told.conflicts, told.coming) == (1, 0, 1, [made])
    assert ACCOUNTS.model.objects.get(pk=made.pk).territory.team == north, "nothing is stored"
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(dao)
    assert browser.get(f"/territories/{territory.pk}/").status_code == 200

    named = {"kind": "group", "match": "all", "0.kind": "line", "0.step": "city", "0.op": "contains", "0.value": "chiang"}
    form = {f"filter.{name}": value for name, value in named.items()}
    tried = browser.post(f"/territories/{territory.pk}/", {**form, "try": "1"}).content.decode()
    assert "Records that come: 1" in tried and "Acme" in tried
    assert browser.post(f"/territories/{territory.pk}/", form).status_code == 302
    assert ACCOUNTS.model.objects.get(pk=made.pk).territory == territory
    assert Territory.objects.get(pk=territory.pk).criteria
