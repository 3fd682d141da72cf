"""A company of random teams, roles, territories, shares, accounts and approvals of them, and the rule in plain words: who sees what."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from renmai.kernel.access.territory.model import Territory
from renmai.kernel.access.user import Share, Team, User
from renmai.kernel.approvals.model import Approval
from renmai.kernel.overlay import version
from renmai.kernel.records.about import About
from renmai.kernel.records.clean import Cleaned, clean
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import build, create
from renmai.kernel.records.types import registry

ACCOUNTS = registry["accounts"]
CITIES = ["", "Bangkok", "Chiang Mai"]
LEVELS: list[Any] = ["none", "own", "team", "branch", "all", {"criteria": {"field": "country", "op": "eq", "value": "TH"}}]


@dataclass(frozen=True)
class Person:
    """Somebody, what each of their roles says of seeing and of exporting accounts, and what of seeing approvals."""

    user: User
    rights: list[Any]
    approvals: list[str]


@dataclass(frozen=True)
class World:
    """The company, read anew from the database."""

    people: list[Person]
    accounts: list[Any]
    shares: list[Share]
    territories: list[Territory]
    approvals: list[Any]

    def seen_by(self, person: Person) -> set[Any]:
        """Ids of the accounts that somebody may see."""
        return {account.pk for account in self.accounts if self._is_shared(account, person.user)} | self.granted(person)

    def granted(self, person: Person) -> set[Any]:
        """Ids of the accounts that somebody's roles open, whatever was shared."""
        return {account.pk for account in self.accounts if any(self._opens(right, account, person.user) for right in person.rights)}

    def approvals_seen_by(self, person: Person) -> set[Any]:
        """Ids of the approvals that somebody may see: being asked opens none by itself, the share that comes with it does."""
        return {one.pk for one in self.approvals if self._is_shared(one, person.user) or self._is_granted(one, person)}

    def _is_granted(self, approval: Any, person: Person) -> bool:
        return any(
            right == "all" or (right != "none" and approval.owner_id == person.user.pk) or _reaches(right, approval.team, person.user)
            for right in person.approvals
        )

    def _opens(self, right: Any, account: Any, user: User) -> bool:
        if isinstance(right, dict):
            return bool(account.country == "TH")
        if right == "all" or (right != "none" and account.owner_id == user.pk):
            return True
        lies = self._territory_of(account)
        return any(_reaches(right, team, user) for team in (account.team, lies and lies.team))

    def _territory_of(self, account: Any) -> Territory | None:
        """Where an account lies: by the first rule that it meets, else with its parent."""
        for territory in self.territories:
            if account.city == territory.criteria["value"]:
                return territory
        return self._territory_of(account.parent) if account.parent else None

    def _is_shared(self, record: Any, user: User) -> bool:
        """Whether a share opens it now: its own, or one of what it belongs to that brings it along."""
        above = record.target_id if isinstance(record, Approval) else record.parent_id
        return any(
            (share.user_id == user.pk or (share.team_id is not None and share.team_id == user.team_id))
            and (share.record_id == record.pk or (share.relations and share.record_id == above))
            and (share.until is None or share.until > timezone.now())
            for share in self.shares
        )


def _reaches(right: Any, team: Team | None, user: User) -> bool:
    if team is None or user.team is None:
        return False
    return (right == "team" and team == user.team) or (right == "branch" and _is_below(team, user.team))


def _is_below(team: Team, root: Team) -> bool:
    while team.pk != root.pk:
        if team.parent is None:
            return False
        team = team.parent
    return True


def world(seed: int) -> World:
    """A company; rows are stored as tables, since it is not how they come to be that is tested."""
    dice = random.Random(seed)
    teams: list[Any] = []
    for place in range(5):
        teams.append(_built("teams", name=f"T{place}", parent=dice.choice([None, *teams])))
    _store(teams)
    people = [_person(f"P{place}", dice, teams) for place in range(5)]
    accounts: list[Any] = []
    for place in range(25):
        values = {"city": dice.choice(CITIES), "country": dice.choice(["TH", "TW", ""]), "parent": dice.choice([None, None, *accounts])}
        owner = dice.choice([None, *(person.user for person in people)])
        accounts.append(_built("accounts", name=f"A{place}", owner=owner, team=dice.choice([None, *teams]), **values))
    _store(accounts)
    for rank, city in enumerate(CITIES[1:]):
        rule = {"field": "city", "op": "eq", "value": city}
        told = {"name": city, "team": dice.choice(teams), "criteria": rule, "priority": rank, "active": dice.random() < 0.8}
        create(registry["territories"], told, None)  # which draws them
    approvals = _approvals(dice, people, teams, accounts)
    shared = [dice.choice(accounts) for _ in range(10)] + [dice.choice(approvals) for _ in range(4)]
    Share.objects.bulk_create((_share(dice, people, teams, record) for record in shared), ignore_conflicts=True)
    read = list(ACCOUNTS.model.objects.select_related("parent", "team").order_by("title"))
    territories = sorted(Territory.in_force(), key=lambda one: one.priority)
    asked = list(Approval.objects.select_related("team").order_by("pk"))
    return World(people, read, list(Share.objects.all()), territories, asked)


def _approvals(dice: random.Random, people: list[Person], teams: list[Any], accounts: list[Any]) -> list[Any]:
    """Questions about some of the accounts, each waiting for some people."""
    flow = create(
        registry["approval-flows"], {"name": "Terms", "record_type": "accounts", "levels": [{"users": [people[0].user.pk]}]}, None
    )
    version.refresh()
    made = []
    for account in dice.sample(accounts, 8):
        owner, team, asked = dice.choice([person.user for person in people]), dice.choice([None, *teams]), dice.sample(people, 2)
        columns = {"subject": account.title, "flow": flow, "flow_version": 1, "target_type": "accounts", "target_id": account.pk}
        columns |= {"target_version": 1, "waiting_for": [person.user.pk for person in asked]}
        one: Any = build(registry["approvals"], Cleaned(columns=columns), None)
        one.owner, one.team = owner, team
        made.append(one)
    _store(made)
    for one, account in ((one, account) for one in made for account in accounts if account.pk == one.target_id):
        About.replace("approvals", one, [account])
    return made


def _person(name: str, dice: random.Random, teams: list[Any]) -> Person:
    rights = dice.choices(LEVELS, weights=[3, 3, 3, 3, 1, 2], k=dice.randint(1, 2))
    approvals = [dice.choice(["none", "own", "team", "branch", "all"]) for _right in rights]
    said = [{"accounts": {"view": it, "export": it}, "approvals": {"view": also}} for it, also in zip(rights, approvals, strict=True)]
    roles = [_built("roles", name=f"{name} {place}", rights=it) for place, it in enumerate(said)]
    _store(roles)
    user: Any = _built("users", name=name, email=f"{name.lower()}@example.com", team=dice.choice([None, *teams]))
    user.roles = [role.pk for role in roles]
    _store([user])
    return Person(user, rights, approvals)


def _share(dice: random.Random, people: list[Person], teams: list[Any], record: Any) -> Share:
    until = dice.choice([None, timezone.now() + dt.timedelta(days=1), timezone.now() - dt.timedelta(days=1)])
    to = {"user": dice.choice(people).user} if dice.random() < 0.5 else {"team": dice.choice(teams)}
    slug = registry.of(record).slug
    return Share(type=slug, record_id=record.pk, at=record.created_at, until=until, relations=dice.random() < 0.5, **to)


def _built(slug: str, **values: Any) -> Record:
    """A row, not yet stored; links are given as rows, since what they link to is not stored yet either."""
    kind = registry[slug]
    links = {name: values.pop(name) for name in ("parent", "team", "owner") if name in values}
    row: Any = build(kind, clean(kind, values, None), None)
    for name, linked in links.items():
        setattr(row, name, linked)
    return row  # type: ignore[no-any-return]


def _store(rows: list[Any]) -> None:
    type(rows[0])._base_manager.bulk_create(rows)
