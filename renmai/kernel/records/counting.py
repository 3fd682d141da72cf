"""How many rows a list has: counted where that takes little, else as the planner guesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from renmai.kernel.records.prepared import Plan, Prepared, prepared

if TYPE_CHECKING:
    from renmai.kernel.records.listing import Question
    from renmai.kernel.records.record import Record

COUNT_CAP = 10_000
DEAR = 3_000  # of the planner's units: about ten milliseconds of reading
SURELY_MANY = 20_000  # below it, the planner's guess for a table that was never analysed may be far too high


def total(
    question: Question, found: Sequence[Record], following: str | None, *, after: str | None, cap: int = COUNT_CAP
) -> tuple[int, bool]:
    """How many rows there are, for whoever has read a page: the first one may be all. See ``count`` for what is returned."""
    if following is None and not after:
        return len(found), False
    return count(question, cap, at_least=len(found))


def count(question: Question, cap: int = COUNT_CAP, *, at_least: int = 0, at_any_price: bool = False) -> tuple[int, bool]:
    """How many rows there are, exactly up to ``cap``, beyond it as the planner estimates.

    Where the planner is sure of far more, or would have to read much, nothing is counted (measured: 10 001 of a team's 26 000 rows take
    160 ms of reading). Each door is asked by itself: of rows that one of several conditions opens, the planner guesses half the table.

    Args:
        at_least: so many there are.
        at_any_price: count them also where that takes long.

    Returns:
        The number, and whether it is an estimate.
    """
    rows = prepared(question.mark and (question.mark, "count"), lambda: _keys(question))
    plan = Plan(0, 0.0) if question.words.strip() else rows.plan()
    is_dear = plan.cost * min(1.0, cap / max(plan.rows, 1)) > DEAR and not at_any_price
    if is_dear or plan.rows > max(2 * cap, SURELY_MANY):
        return max(plan.rows, at_least), True
    exact: int = rows.count(cap + 1)
    if exact <= cap:
        return exact, False
    return max(plan.rows or rows.plan().rows, cap), True


def _keys(question: Question) -> Prepared[Record]:
    """The ids of all that is asked for."""
    ways = [rows.order_by().values("pk") for rows in question.through_doors()] or [question.kind.model.objects.none().values("pk")]
    return Prepared(ways[0].union(*ways[1:], all=True) if len(ways) > 1 else ways[0])


def estimate(rows: QuerySet[Any]) -> int:
    """The planner's guess of the number of rows."""
    return Prepared(rows).plan().rows
