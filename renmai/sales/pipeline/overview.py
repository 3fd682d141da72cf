"""How many records stand in each stage, and what they are worth."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from renmai.kernel.access.user import User
from renmai.kernel.records.groups import groups
from renmai.kernel.records.listing import Question
from renmai.kernel.records.ready import called
from renmai.kernel.records.types import RecordType
from renmai.sales.pipeline.model import Stage, StageKind

OPEN = Q(stage__kind=StageKind.OPEN)
MINE = {"field": "owner", "op": "eq", "value": {"var": "me"}}


@dataclass(frozen=True)
class Step:
    """One stage: how many, and their sum in each currency."""

    label: str
    address: str
    count: int
    sums: list[dict[str, Any]]


def overview(kind: RecordType, by: User) -> dict[str, Any]:
    """The person's open records by stage; all that they may see where they own none, as those who lead do.

    Args:
        kind: a type whose board sums an amount by stage.
    """
    amount = kind.board.sum if kind.board else ""
    found = groups(Question(kind, by, where=OPEN & Q(owner=by.pk)), "stage", amount)
    is_mine = bool(found)
    found = found or groups(Question(kind, by, where=OPEN), "stage", amount)
    steps = _steps(kind, {group["key"]: group for group in found}, is_mine)
    return {
        "kind": kind,
        "steps": steps,
        "is_mine": is_mine,
        "total": _total(steps),
        "board": _address(kind, [MINE] if is_mine else [], view="board"),
    }


def _steps(kind: RecordType, found: dict[str, dict[str, Any]], is_mine: bool) -> list[Step]:
    """The stages in order; those of pipelines in which nothing stands are left out."""
    stages: list[Any] = list(Stage.objects.live().filter(kind=StageKind.OPEN).order_by("pipeline__created_at", "position", "id"))
    used = {stage.pipeline_id for stage in stages if str(stage.pk) in found}
    return [_step(kind, stage, found.get(str(stage.pk), {}), is_mine) for stage in stages if stage.pipeline_id in used]


def _step(kind: RecordType, stage: Any, group: dict[str, Any], is_mine: bool) -> Step:
    here = {"field": "stage", "op": "in", "value": [str(stage.pk)]}
    return Step(called(stage), _address(kind, [MINE, here] if is_mine else [here]), group.get("count", 0), group.get("sums", []))


def _address(kind: RecordType, conditions: list[dict[str, Any]], **more: str) -> str:
    tree: Any = {"and": conditions} if len(conditions) > 1 else next(iter(conditions), None)
    query = {**more, **({"filter": json.dumps(tree)} if tree else {})}
    return f"{kind.path()}?{urlencode(query)}" if query else kind.path()


def _total(steps: list[Step]) -> Step:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for step in steps:
        for part in step.sums:
            sums[part["currency"]] += Decimal(part["sum"])
    return Step("", "", sum(step.count for step in steps), [{"currency": code, "sum": value} for code, value in sums.items()])
