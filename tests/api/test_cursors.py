"""A cursor stands at a place in the order: what others write meanwhile brings no row twice and takes none away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db
ACCOUNTS = registry["accounts"]
SORTS = ("name", "-created_at", "employees,-name", "-employees")


def walk(api: Api, sort: str, between: Callable[[list[str]], None]) -> list[str]:
    """The names of all rows page by page, with something done after each page."""
    found: list[str] = []
    after: dict[str, Any] = {}
    while True:
        page = api.get("accounts/", sort=sort, limit=3, **after).json()
        found += [item["name"] for item in page["items"]]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}
        between(found)


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_every_row_once_while_others_write(sort: str, alice: User) -> None:
    rows = {f"Row {n:02}": create(ACCOUNTS, {"name": f"Row {n:02}", "employees": n % 4 or None}, alice).pk for n in range(13)}
    gone: list[str] = []

    def others_write(seen: list[str]) -> None:
        if len(seen) > 9:
            return
        for name, employees in (("Aa", None), ("Zz", 9), ("Row 05x", 1)):
            create(ACCOUNTS, {"name": f"{name} {len(seen)}", "employees": employees}, alice)
        unseen = [name for name in rows if name not in seen and name not in gone]
        for name in [name for name in (seen[-1], *unseen[:1]) if name in rows]:
            update(ACCOUNTS, rows[name], {"city": f"Lampang {len(seen)}"}, alice)
        for name in [name for name in (seen[-1], *unseen[-1:]) if name in rows and name not in gone]:
            remove(ACCOUNTS, rows[name], alice)
            gone.append(name)

    counted = Counter(walk(Api(alice), sort, others_write))
    assert not [name for name, times in counted.items() if times > 1]
    assert set(rows) - set(gone) <= set(counted)
