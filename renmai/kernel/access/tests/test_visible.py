"""Who sees what: doors are disjoint and agree with what the roles say, row for row."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from renmai.kernel.access.rights import granted
from renmai.kernel.access.territory.model import Territory
from renmai.kernel.access.user import Role, Share, Team, User
from renmai.kernel.access.visible import doors
from renmai.kernel.access.why import why
from renmai.kernel.actions.bulk import matching
from renmai.kernel.live.audience import Audience
from renmai.kernel.live.stream import Notice
from renmai.kernel.records.counting import count
from renmai.kernel.records.groups import groups
from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.search.find import find
from renmai.kernel.testing.people import Api, again

ACCOUNTS = registry["accounts"]
SEEDS = range(6)
CITIES = ["", "Bangkok", "Chiang Mai"]


def role(**rights: Any) -> str:
    """A role's id."""
    return str(create(registry["roles"], {"name": f"role {random.random()}", "rights": rights}, None).pk)


def user(name: str, roles: list[str], team: Any = None) -> User:
    """A user with roles of one's own."""
    return create(registry["users"], {"name": name, "roles": roles, "team": team}, None)  # type: ignore[return-value]


def below(team: Team, root: Team) -> bool:
    """Whether a team is the root or stands below it."""
    while team.pk != root.pk:
        if team.parent is None:
            return False
        team = team.parent
    return True


def expected(record: Record, person: User, rights: list[Any]) -> bool:
    """The rule in plain words, without SQL."""
    if any(share_opens(share, record, person) for share in Share.objects.all()):
        return True
    lies = territory_of(record)
    for right in rights:
        mine, ours = record.owner_id == person.pk, person.team is not None
        if right == "all" or (right in ("own", "team", "branch") and mine):
            return True
        if right == "team" and ours and record.team_id == person.team_id:
            return True
        if right == "branch" and ours and record.team is not None and below(record.team, person.team):
            return True
        if (
            lies is not None
            and ours
            and ((right == "team" and lies.team == person.team) or (right == "branch" and below(lies.team, person.team)))
        ):
            return True
        if isinstance(right, dict) and record.country == "TH":  # type: ignore[attr-defined]
            return True
    return False


def territory_of(record: Any) -> Any:
    """Where an account lies: by the first rule that it meets, else with its parent."""
    for territory in sorted(Territory.in_force(), key=lambda one: one.priority):
        if record.city == territory.criteria["value"]:
            return territory
    return territory_of(record.parent) if record.parent else None


def share_opens(share: Share, record: Any, person: User) -> bool:
    """Whether one share opens one record to one person, now: its own, or one of its parent's that brings along what belongs to it."""
    to_me = share.user_id == person.pk or (share.team_id is not None and share.team_id == person.team_id)
    its_own = share.record_id == record.pk or (share.relations and share.record_id == record.parent_id)
    return its_own and to_me and (share.until is None or share.until > timezone.now())


@pytest.mark.parametrize("seed", SEEDS)
def test_every_door_agrees_with_the_rule(db: None, seed: int) -> None:
    dice = random.Random(seed)
    teams: list[Any] = []
    for index in range(5):
        teams.append(create(registry["teams"], {"name": f"T{index}", "parent": dice.choice([None, *teams])}, None))
    levels: list[Any] = ["none", "own", "team", "branch", "all", {"criteria": {"field": "country", "op": "eq", "value": "TH"}}]
    people = []
    for index in range(5):
        rights = dice.choices(levels, weights=[3, 3, 3, 3, 1, 2], k=dice.randint(1, 2))
        people.append((user(f"P{index}", [role(accounts={"view": right}) for right in rights], dice.choice([None, *teams])), rights))
    accounts: list[Any] = []
    for index in range(25):
        values = {
            "name": f"A{index}",
            "city": dice.choice(CITIES),
            "parent": dice.choice([None, None, *accounts]),
            "country": dice.choice(["TH", "TW", ""]),
            "owner": dice.choice([None, *(who for who, _ in people)]),
        }
        accounts.append(create(ACCOUNTS, {**values, "team": dice.choice([None, *teams])}, None))
    for rank, city in enumerate(CITIES[1:]):
        rule = {"field": "city", "op": "eq", "value": city}
        values = {"name": city, "team": dice.choice(teams), "criteria": rule, "priority": rank, "active": dice.random() < 0.8}
        create(registry["territories"], values, None)
    for _ in range(10):
        until = dice.choice([None, timezone.now() + dt.timedelta(days=1), timezone.now() - dt.timedelta(days=1)])
        to = {"user": dice.choice(people)[0]} if dice.random() < 0.5 else {"team": dice.choice(teams)}
        Share.objects.update_or_create(
            type="accounts", record_id=dice.choice(accounts).pk, **to, defaults={"until": until, "relations": dice.random() < 0.5}
        )
    for account in accounts:
        account.refresh_from_db()
    for person, rights in people:
        person = again(person)
        seen = set(ACCOUNTS.model.objects.visible_to(person).values_list("pk", flat=True))
        assert seen == {account.pk for account in accounts if expected(account, person, rights)}
        through = [
            key for door in doors(person, ACCOUNTS.model) for key in ACCOUNTS.model.objects.filter(door.rows).values_list("pk", flat=True)
        ]
        assert sorted(through) == sorted(seen), "a row came through two doors, or through none"
        everywhere(person, accounts, seen)


def everywhere(person: User, accounts: list[Any], seen: set[Any]) -> None:
    """List, count, groups, search, links, the picker's list, bulk, notices, the API and the answer to why agree, row for row."""
    from_outside(person, accounts, seen)
    asked = Question(ACCOUNTS, person)
    assert {record.pk for record in page(asked, limit=200)[0]} == seen
    assert {record.pk for record in page(Question(ACCOUNTS, person, sorts=sorts(ACCOUNTS, "name")), limit=200)[0]} == seen
    assert count(asked) == (len(seen), False)
    assert sum(group["count"] for group in groups(asked, "country")) == len(seen)
    assert {hit.id for hit in find("A", person, types=["accounts"], limit=200)} == seen
    assert {record.pk for record in page(Question(ACCOUNTS, person, words="A"), limit=200)[0]} == seen
    assert set(titles_of({"accounts": {account.pk for account in accounts}}, person).get("accounts", {})) == seen
    for account in accounts:
        answer = why(account, person)
        assert answer.sees == bool(answer.open) == (account.pk in seen)
        assert bool(answer.would_open) == (account.pk not in seen)


def from_outside(person: User, accounts: list[Any], seen: set[Any]) -> None:
    """What a program is answered, what is done in bulk and what is told at once."""
    program, keys = Api(person), {str(key) for key in seen}
    for when in ({}, {"as_of": timezone.now().isoformat()}):
        assert {item["id"] for item in program.get("accounts/", limit="200", **when).json()["items"]} == keys
    grouped = program.get("accounts/groups/", by="country").json()["items"]
    assert sum(group["count"] for group in grouped) == len(seen)
    for account in accounts[:4]:
        parts = ("", "timeline/", "history/", "access/")
        found = {program.get(f"accounts/{account.pk}/{part}").status_code for part in parts}
        assert found == {200 if account.pk in seen else 404}
    assert set(matching(ACCOUNTS, person, {}, "", deleted=False)) == seen
    news = [Notice("accounts", str(account.pk), 1, "account.updated") for account in accounts]
    assert {notice.id for notice in Audience().heard(news, [person.pk]).get(person.pk, [])} == keys


def test_roles_add_up(db: None) -> None:
    person = again(user("P", [role(accounts={"view": "own"}), role(accounts={"view": "all"})]))
    assert person.access.scope("accounts", "view").level == "all"


def test_a_deleted_role_gives_nothing(db: None) -> None:
    key = role(accounts={"view": "all"})
    person = user("P", [key])
    Role.objects.filter(pk=key).update(deleted_at=timezone.now())
    assert doors(again(person), ACCOUNTS.model) == []


def test_whoever_left_sees_nothing(alice: User) -> None:
    create(ACCOUNTS, {"name": "Acme"}, alice)
    User.objects.filter(pk=alice.pk).update(active=False)
    assert not ACCOUNTS.model.objects.visible_to(again(alice)).exists()


def test_admins_walk_through_one_door_without_a_condition_of_their_own(dao: User) -> None:
    assert [door.rows for door in doors(dao, ACCOUNTS.model)] == [Q(pk__isnull=False)]


@pytest.mark.parametrize(
    ("rights", "verb", "level"),
    [
        ({"leads": {"view": "own"}, "*": {"view": "all"}}, "view", "own"),
        ({"leads": {"edit": "own"}, "*": {"view": "all"}}, "view", "all"),
        ({"leads": {"edit": "team"}}, "qualify", "team"),
        ({"leads": {"edit": "team", "qualify": "none"}}, "qualify", "none"),
        ({"*": {"*": "all"}}, "qualify", "all"),
        ({"accounts": {"view": "all"}}, "view", "none"),
    ],
)
def test_what_a_role_says_of_a_verb(rights: dict[str, Any], verb: str, level: str) -> None:
    assert granted(rights, "leads", verb) == level
