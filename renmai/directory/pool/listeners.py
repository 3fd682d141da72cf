"""Every move of a record through a pool is kept, by whatever way it came about."""

from __future__ import annotations

from typing import Any

from renmai.directory.pool.model import PoolMove
from renmai.directory.pool.moving import MOVINGS
from renmai.directory.pool.pooled import Pooled, pooled
from renmai.kernel.facts import Fact
from renmai.kernel.facts.say import listens_where
from renmai.kernel.history.acting import reason_given
from renmai.kernel.records.types import registry


def _is_move(kind: str) -> bool:
    noun, _dot, verb = kind.partition(".")
    return verb in MOVINGS and any(found.noun == noun for found in pooled())


@listens_where(_is_move)
def keep_moves(facts: list[Fact]) -> None:
    """One row for each."""
    PoolMove.objects.bulk_create(_move(fact) for fact in facts if isinstance(fact.data.get("pool"), dict))


def _move(fact: Fact) -> PoolMove:
    record: Pooled = fact.subjects[0]  # type: ignore[attr-defined]
    said: dict[str, Any] = fact.data
    keys = {name: said.get(name, {}).get("id") for name in ("pool", "from_pool", "former", "owner")}
    return PoolMove(
        type=registry.of(record).slug,
        record_id=record.pk,
        how=fact.kind.partition(".")[2],
        pool_id=keys["pool"],
        from_pool_id=keys["from_pool"],
        from_owner_id=keys["former"],
        to_owner_id=keys["owner"],
        from_team_id=said.get("former_team") or None,
        by=fact.by,
        reason=said.get("reason") or reason_given(),
        rule=said.get("rule", {}).get("id"),
        rule_name=said.get("rule", {}).get("title", ""),
        at=fact.at or record.updated_at,
    )
