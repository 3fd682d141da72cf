from __future__ import annotations

import pytest

from renmai.kernel.access.user import Role, Team, User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.search.find import find

pytestmark = pytest.mark.django_db


def person(name: str, *roles: Role) -> User:
    return create(registry["users"], {"name": name, "email": f"{abs(hash(name))}@example.com", "roles": [role.pk for role in roles]}, by=None)  # type: ignore[return-value]


def teams(*names: str) -> None:
    for name in names:
        create(registry["teams"], {"name": name}, by=None)
