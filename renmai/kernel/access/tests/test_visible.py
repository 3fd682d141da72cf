"""What roles add up to."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from renmai.kernel.access.rights import granted
from renmai.kernel.access.user import Role, User
from renmai.kernel.access.visible import doors
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again

ACCOUNTS = registry["accounts"]


def role(**rights: Any) -> str:
    """A role's id."""
    return str(create(registry["roles"], {"name": f"role {random.random()}", "rights": rights}, None).pk)


def user(name: str, roles: list[str], team: Any = None) -> User:
    """A user with roles of one's own."""
    return create(registry["users"], {"name": name, "roles": roles, "team": team}, None)  # type: ignore[return-value]


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
