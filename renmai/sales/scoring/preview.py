"""What a version would make of the leads, beside the one that counts: before anybody publishes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from renmai.kernel.records.reading import titles_of
from renmai.sales.lead.model import Grade, Lead
from renmai.sales.scoring.scorer import Look, Scorer, in_force

if TYPE_CHECKING:
    from uuid import UUID

    from renmai.kernel.access.user import User

LOOKED_AT = 5_000  # the newest leads that the person sees
MOVERS = 10
STEP = 10


@dataclass(frozen=True)
class Bar:
    """The leads whose scores lie from ``least`` up to the next ten."""

    least: int
    before: int
    after: int


@dataclass(frozen=True)
class Mover:
    """A lead whose score would change."""

    id: UUID
    title: str
    before: int
    after: int
    grade_before: str
    grade: str


@dataclass(frozen=True)
class Preview:
    """Scores of the newest leads that a person sees, by the version that counts and by another."""

    scorer: Scorer
    by: User

    @cached_property
    def _pairs(self) -> list[tuple[Look, Look]]:
        """Each lead as it is and as it would be."""
        keys = list(Lead.objects.visible_to(self.by).order_by("-created_at", "-pk").values_list("pk", flat=True)[:LOOKED_AT])
        rows = Lead._base_manager.filter(pk__among=keys)
        then = {look.id: look for look in self.scorer.look(rows)}
        now = in_force()
        before = now.look(rows) if now is not None else then.values()
        return [(look, then[look.id]) for look in before if look.id in then]

    @property
    def count(self) -> int:
        """How many leads were looked at."""
        return len(self._pairs)

    @property
    def changed(self) -> int:
        """How many of them would have another score."""
        return sum(before.score != after.score for before, after in self._pairs)

    @cached_property
    def bars(self) -> list[Bar]:
        """How the scores lie, in tens, without a gap."""
        before = Counter(look.score // STEP for look, _after in self._pairs)
        after = Counter(look.score // STEP for _before, look in self._pairs)
        tens = before.keys() | after.keys()
        return [Bar(ten * STEP, before[ten], after[ten]) for ten in range(min(tens), max(tens) + 1)] if tens else []

    @property
    def tallest(self) -> int:
        """How many leads the tallest bar stands for."""
        return max((max(bar.before, bar.after) for bar in self.bars), default=1)

    @property
    def grades(self) -> list[tuple[str, int, int]]:
        """Each grade with the number of leads that have it and that would."""
        before = Counter(look.grade for look, _after in self._pairs)
        after = Counter(look.grade for _before, look in self._pairs)
        return [(grade, before[grade], after[grade]) for grade in Grade.values]

    @cached_property
    def movers(self) -> list[Mover]:
        """The leads that would move most."""
        moved = sorted(self._pairs, key=lambda pair: (-abs(pair[1].score - pair[0].score), pair[0].id))[:MOVERS]
        moved = [pair for pair in moved if pair[0].score != pair[1].score]
        titles = titles_of({"leads": {before.id for before, _after in moved}}, self.by).get("leads", {})
        return [Mover(one.id, titles.get(one.id, ""), one.score, then.score, one.grade, then.grade) for one, then in moved]

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        movers = [{"id": str(one.id), "type": "leads", "title": one.title, "before": one.before, "after": one.after} for one in self.movers]
        return {
            "leads": self.count,
            "changed": self.changed,
            "bars": [{"from": bar.least, "before": bar.before, "after": bar.after} for bar in self.bars],
            "grades": [{"grade": grade, "before": before, "after": after} for grade, before, after in self.grades],
            "movers": movers,
        }
