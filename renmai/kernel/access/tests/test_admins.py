"""Somebody always remains who may change roles."""

from __future__ import annotations

from typing import Any

import pytest

from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.records.store import remove, update
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", [{"active": False}, {"roles": []}, {"email": ""}])
def test_the_last_admin_cannot_step_down(dao: User, change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        update(registry["users"], dao.pk, change, dao)
    assert User.objects.get(pk=dao.pk).active


def test_one_of_two_admins_can(dao: User, alice: User) -> None:
    update(registry["users"], alice.pk, {"roles": [str(dao.roles[0])]}, dao)
    update(registry["users"], dao.pk, {"roles": []}, dao)
    assert User.objects.get(pk=dao.pk).roles == []


def test_the_admins_role_keeps_its_right(dao: User) -> None:
    with pytest.raises(Refused):
        update(registry["roles"], dao.roles[0], {"rights": {"*": {"view": "all"}}}, dao)
    with pytest.raises(Refused):
        remove(registry["roles"], dao.roles[0], dao)
    assert Role.objects.live().filter(pk=dao.roles[0]).exists()
