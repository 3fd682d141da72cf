"""What can be done with a record of any type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from renmai.kernel.access.user import Team, User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

ACCOUNTS = registry["accounts"]


@pytest.mark.parametrize(
    "party",
    [
        lambda charlie, south: {"with": {"type": "users", "id": str(charlie.pk)}},
        lambda charlie, south: {"with": {"type": "teams", "id": str(south.pk)}},
        lambda charlie, south: {"with": str(south.pk)},
        lambda charlie, south: {"with": str(charlie.pk)},
        lambda charlie, south: {"user": str(charlie.pk)},
    ],
)
def test_a_share_opens_one_record(alice: User, charlie: User, south: Team, api: Callable[[User], Api], party: Any) -> None:
    shared, other = (create(ACCOUNTS, {"name": name}, alice) for name in ("Shared", "Other"))
    assert api(alice).post(f"accounts/{shared.pk}/share/", party(charlie, south)).status_code == 200
    program = api(charlie)
    assert [item["title"] for item in program.get("accounts/").json()["items"]] == ["Shared"]
    assert program.get(f"accounts/{other.pk}/").status_code == 404
    assert program.patch(f"accounts/{shared.pk}/", {"name": "Mine"}).status_code == 403


def test_a_share_to_edit_ends_when_it_is_told_to(alice: User, charlie: User, api: Callable[[User], Api]) -> None:
    account = create(ACCOUNTS, {"name": "Shared"}, alice)
    until = (timezone.now() + dt.timedelta(hours=1)).isoformat()
    api(alice).post(f"accounts/{account.pk}/share/", {"with": str(charlie.pk), "may": "edit", "until": until})
    assert api(charlie).patch(f"accounts/{account.pk}/", {"city": "Bangkok"}).status_code == 200
    past = (timezone.now() - dt.timedelta(hours=1)).isoformat()
    api(alice).post(f"accounts/{account.pk}/share/", {"with": str(charlie.pk), "may": "edit", "until": past})
    assert api(charlie).get(f"accounts/{account.pk}/").status_code == 404


@pytest.mark.parametrize("arguments", [{}, {"with": "nobody"}, {"with": {"type": "users"}}, {"with": "x", "may": "own"}])
def test_a_share_with_nobody_is_refused(alice: User, api: Callable[[User], Api], arguments: dict[str, Any]) -> None:
    account = create(ACCOUNTS, {"name": "Shared"}, alice)
    assert api(alice).post(f"accounts/{account.pk}/share/", arguments).status_code == 422


def test_only_who_may_change_a_record_shares_it(alice: User, bob: User, charlie: User, api: Callable[[User], Api]) -> None:
    account = create(ACCOUNTS, {"name": "Shared"}, alice)
    assert api(bob).post(f"accounts/{account.pk}/share/", {"with": str(charlie.pk)}).status_code == 403


def test_a_product_belongs_to_nobody_and_is_not_assigned() -> None:
    assert registry["products"].action("assign") is None
    assert ACCOUNTS.action("assign") is not None
