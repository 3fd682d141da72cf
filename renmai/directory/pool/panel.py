"""The pools of a person on their first page: what waits, and how much they may still take."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from renmai.directory.pool.known import pools_of
from renmai.directory.pool.pooled import pooled, waiting
from renmai.directory.pool.rules import claimed_today, held
from renmai.kernel.ui.home.panels import panel

if TYPE_CHECKING:
    from renmai.directory.pool.model import Pool
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

SHOWN = 6
ROWS = 25
MANY = 1_000


@dataclass(frozen=True)
class Waiting:
    """The records of a type that wait in a pool; more than ``MANY`` are not counted."""

    kind: RecordType
    pool: Pool
    count: int
    rows: Sequence[Any] = ()

    @property
    def address(self) -> str:
        """Their list."""
        tree = {"and": [{"field": "pool", "op": "in", "value": [str(self.pool.pk)]}, {"field": "owner", "op": "is_empty"}]}
        return f"{self.kind.path()}?{urlencode({'filter': json.dumps(tree)})}"

    @property
    def is_cut(self) -> bool:
        """There are more."""
        return self.count > MANY


@dataclass(frozen=True)
class Mine:
    """A pool as one person stands in it."""

    pool: Pool
    waiting: list[Waiting]
    claimed: int
    held: int

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        pool = self.pool
        return {
            "pool": {"id": str(pool.pk), "type": "pools", "title": pool.title},
            "claimed_today": self.claimed,
            "daily_limit": pool.daily_limit,
            "held": self.held,
            "holding_limit": pool.holding_limit,
            "waiting": {one.kind.slug: one.count for one in self.waiting},
        }


@panel(_("My pools"), icon="inbox", order=14, follows=("leads", "accounts"), template="directory/pool/panel.jinja", aside=True)
def my_pools(by: User) -> dict[str, Any] | None:
    """Their pools; nothing for whoever is in none."""
    member, _administered = pools_of(by)
    return {"pools": [_mine(pool, by) for pool in member[:SHOWN]]} if member else None


def mine_of(by: User) -> list[Mine]:
    """All the pools that a person is of."""
    return [_mine(pool, by) for pool in pools_of(by)[0]]


def desks_of(by: User) -> list[Mine]:
    """The same with the first rows that wait, the oldest before the others."""
    return [_mine(pool, by, rows=ROWS) for pool in pools_of(by)[0]]


def _mine(pool: Pool, by: User, rows: int = 0) -> Mine:
    found = [_waiting(kind, pool, by, rows) for kind in pooled() if by.may("view", kind)]
    return Mine(pool, [one for one in found if one.count], claimed_today(pool, by), held(pool, by))


def _waiting(kind: RecordType, pool: Pool, by: User, rows: int) -> Waiting:
    found: Any = kind.model.objects.visible_to(by).filter(waiting([pool.pk]))
    first = list(found.order_by("created_at", "id")[:rows]) if rows else ()
    return Waiting(kind, pool, int(found.order_by()[: MANY + 1].count()), first)
