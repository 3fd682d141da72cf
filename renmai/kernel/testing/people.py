"""People that every test knows: Alice owns, Bob is on her team, Charlie is outside, Dao is the admin."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models.base import ModelState
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.token import Token
from renmai.kernel.access.user import Role, Team, User
from renmai.kernel.records.clean import clean
from renmai.kernel.records.record import uuid7
from renmai.kernel.records.store import build
from renmai.kernel.records.types import registry

JSON = "application/json"
_built: dict[tuple[str, ...], Any] = {}


class Api:
    """A program that calls the API as one person."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {Token.issue(user)}"})

    def get(self, path: str, **query: Any) -> Any:
        """``GET /api/v1/<path>``."""
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, values: Any = None, **headers: str) -> Any:
        """``POST /api/v1/<path>`` with a JSON body."""
        return self.client.post(f"/api/v1/{path}", {} if values is None else values, content_type=JSON, headers=headers)

    def patch(self, path: str, values: Any, **headers: str) -> Any:
        """``PATCH /api/v1/<path>`` with a JSON body."""
        return self.client.patch(f"/api/v1/{path}", values, content_type=JSON, headers=headers)

    def delete(self, path: str, **headers: str) -> Any:
        """``DELETE /api/v1/<path>``."""
        return self.client.delete(f"/api/v1/{path}", headers=headers)


def person(name: str, role: str, team: Team | None) -> User:
    """A user with one of the ready roles, who has always been here: no fact tells of their coming."""
    user = _row("users", name=name, email=f"{name.lower()}@example.com")
    user.roles, user.team = [Role.objects.get(name=role).pk], team
    user.save(force_insert=True)
    return user  # type: ignore[no-any-return]


def _row(slug: str, **values: str) -> Any:
    """A new row, cleaned and built once and copied from then on: every test needs these (measured: a third of the tests' time)."""
    key = (slug, *values.values())
    if key not in _built:
        _built[key] = build(registry[slug], clean(registry[slug], values, None), None)
    row = copy.copy(_built[key])
    row._state = ModelState()
    row.pk, row.created_at = uuid7(), timezone.now()
    row.updated_at = row.created_at
    return row


def team(name: str) -> Team:
    """A team that has always been there."""
    made = _row("teams", name=name)
    made.save(force_insert=True)
    return made  # type: ignore[no-any-return]


@pytest.fixture
def north(db: None) -> Team:
    """Alice's and Bob's team."""
    return team("North")


@pytest.fixture
def south(db: None) -> Team:
    """Charlie's team."""
    return team("South")


@pytest.fixture
def alice(north: Team) -> User:
    """Sells, and owns what the tests make."""
    return person("Alice", "rep", north)


@pytest.fixture
def bob(north: Team) -> User:
    """Sells on Alice's team: may see what is hers, not change it."""
    return person("Bob", "rep", north)


@pytest.fixture
def charlie(south: Team) -> User:
    """Sells elsewhere: must get 404."""
    return person("Charlie", "rep", south)


@pytest.fixture
def dao(db: None) -> User:
    """The admin."""
    return person("Dao", "admin", None)


@pytest.fixture
def api() -> Callable[[User], Api]:
    """Makes a program that calls the API as a person."""
    return Api


def again(user: User) -> User:
    """The same person as the next request would meet them, with rights read anew."""
    return User.objects.get(pk=user.pk)  # type: ignore[no-any-return]
