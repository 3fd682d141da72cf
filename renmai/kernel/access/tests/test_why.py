"""Why somebody sees a record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, Team, User
from renmai.kernel.access.why import why
from renmai.kernel.actions.run import run
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again, person

ACCOUNTS, USERS, ROLES, TEAMS = (registry[slug] for slug in ("accounts", "users", "roles", "teams"))
IN_THAILAND = {"field": "country", "op": "eq", "value": "TH"}


@pytest.fixture
def account(alice: User) -> Record:
    """Of Alice, in Thailand."""
    return create(ACCOUNTS, {"name": "Acme", "country": "TH"}, alice)


def with_role(user: User, **rights: Any) -> User:
    """The person with one role of their own."""
    role = create(ROLES, {"name": "Special", "rights": {"accounts": rights}}, None)
    update(USERS, user.pk, {"roles": [str(role.pk)]}, None)
    return again(user)


def doors(record: Record, user: User) -> list[str]:
    """The ways that are open."""
    return [door.way.name for door in why(record, user).open]


def test_owner_team_branch_and_share_are_named(account: Record, alice: User, bob: User, charlie: User, dao: User, north: Team) -> None:
    assert doors(account, again(alice)) == ["own", "team"]
    assert doors(account, again(bob)) == ["team"]
    assert doors(account, again(dao)) == ["all"]
    assert doors(account, again(charlie)) == []
    run(ACCOUNTS, "share", account.pk, by=alice, arguments={"with": str(charlie.pk)})
    assert doors(account, again(charlie)) == ["shared"]
    head = person("Head", "manager", create(TEAMS, {"name": "All"}, None))  # type: ignore[arg-type]
    update(TEAMS, north.pk, {"parent": str(head.team.pk)}, None)  # type: ignore[attr-defined]
    answer = why(account, again(head))
    assert [(door.way.name, [role.name for role in door.roles]) for door in answer.open] == [("team", ["manager"])]


def test_territories_and_rules_are_named(account: Record, dao: User, charlie: User, south: Team) -> None:
    create(registry["territories"], {"name": "Thailand", "team": str(south.pk), "criteria": IN_THAILAND}, dao)
    assert doors(account, again(charlie)) == ["territory"]
    assert doors(account, with_role(charlie, view={"criteria": IN_THAILAND})) == ["rule"]


def test_what_would_open_it_is_told(account: Record, bob: User, charlie: User) -> None:
    assert why(account, again(charlie)).would_open == ["role:all", "team", "share"]
    assert why(account, with_role(bob, view="own")).would_open == ["role:team", "share"]
    update(USERS, charlie.pk, {"active": False}, None)
    assert why(account, again(charlie)).would_open == ["active"]


def test_it_says_what_may_be_done_as_the_actions_do(account: Record, alice: User, bob: User) -> None:
    for user in (alice, bob):
        answer = why(account, again(user))
        assert answer.may == {verb: again(user).may(verb, account) for verb in answer.may}
    assert {"view", "edit", "delete", "export", "assign", "share", "access"} <= set(answer.may)


def test_a_field_is_hidden_only_if_every_role_hides_it(account: Record, charlie: User) -> None:
    hides = {"accounts": {"annual_revenue": "hidden", "city": "read"}}
    one, two = (create(ROLES, {"name": name, "rights": {}, "fields": hides}, None) for name in "AB")
    opens = create(ROLES, {"name": "C", "rights": {}, "fields": {"accounts": {"annual_revenue": "read"}}}, None)
    update(USERS, charlie.pk, {"roles": [str(one.pk), str(two.pk)]}, None)
    told = {right.name: (right.level, [role.name for role in right.roles]) for right in why(account, again(charlie)).fields}
    assert told == {"annual_revenue": ("hidden", ["A", "B"]), "city": ("read", ["A", "B"])}
    update(USERS, charlie.pk, {"roles": [str(one.pk), str(opens.pk)]}, None)
    assert [(right.name, right.level) for right in why(account, again(charlie)).fields] == [("annual_revenue", "read")]


def test_the_api_answers_for_oneself_and_for_others_who_may_ask(account: Record, alice: User, bob: User, charlie: User, dao: User) -> None:
    path = f"accounts/{account.pk}/access/"
    mine = Api(bob).get(path).json()
    assert mine["sees"] and mine["doors"][0]["text"] == "It belongs to “North”, the team of Bob."
    assert mine["doors"][0]["roles"][0]["title"] == "Sales representative"
    assert Api(bob).get(path, user=str(charlie.pk)).status_code == 403
    theirs = Api(dao).get(path, user=str(charlie.pk)).json()
    assert not theirs["sees"] and [one["by"] for one in theirs["would_open"]] == ["role:all", "team", "share"]
    assert Api(alice).get(path, user=str(charlie.pk)).status_code == 200, "who may share it may ask"
    assert Api(dao).get(path, user="nobody").status_code == 422
    assert Api(charlie).get(path).status_code == 404


def test_the_dialog_says_it_in_words(account: Record, alice: User, bob: User) -> None:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(alice)
    assert "Alice owns it." in browser.get(f"/accounts/{account.pk}/access/").content.decode()
    page = browser.get(f"/accounts/{account.pk}/access/", {"user": str(bob.pk)}).content.decode()
    assert "Bob sees this because:" in page


def test_the_answer_costs_the_same_however_many_roles(account: Record, alice: User, django_assert_max_num_queries: Any) -> None:
    update(USERS, alice.pk, {"roles": [str(role.pk) for role in Role.objects.all()]}, None)
    user = again(alice)
    with django_assert_max_num_queries(6):
        why(account, user)
