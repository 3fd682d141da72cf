"""The rules as they stood at each check, and as they are tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from renmai.directory.recycling.bases import standings
from renmai.directory.recycling.model import RecyclingRule, RuleBook
from renmai.directory.recycling.sieve import Clock, Sieve, clocks
from renmai.directory.recycling.simulator.world import Rule
from renmai.kernel.calendars import NeverWorks
from renmai.kernel.records.types import registry


class Books:
    """The rules by moment.

    Args:
        changes: what is tried otherwise, by the id of a rule: ``days``, ``active``.
    """

    def __init__(self, changes: dict[str, dict[str, Any]]) -> None:
        self.changes = changes
        self.kept = list(RuleBook.objects.order_by("at", "pk"))
        self.clocks: dict[UUID, Clock] = {owner: clock for clock in clocks() for owner in clock.owners}
        switched_on = [key for key, change in changes.items() if change.get("active")]
        self.added = list(RecyclingRule.objects.filter(pk__in=switched_on))
        self._made: dict[int, list[Rule]] = {}

    @property
    def begin(self) -> dt.datetime | None:
        """Since when rules are kept."""
        return self.kept[0].at if self.kept else None

    def at(self, moment: dt.datetime) -> Sequence[Rule]:
        """The rules that were in force at a moment, with what is tried."""
        book = next((book for book in reversed(self.kept) if book.at <= moment), None)
        key = book.pk if book is not None else 0
        if key not in self._made:
            self._made[key] = self._read(book.rules if book is not None else [])
        return self._made[key]

    def _read(self, told: list[dict[str, Any]]) -> list[Rule]:
        held = {entry["id"] for entry in told}
        rules = [RecyclingRule(**entry) for entry in told] + [rule for rule in self.added if str(rule.pk) not in held]
        if len(rules) > len(told):
            rules.sort(key=lambda rule: rule.position)
        for rule in rules:
            for name, value in self.changes.get(str(rule.pk), {}).items():
                setattr(rule, name, value)
        return [self._rule(rule) for rule in rules if rule.active]

    def _rule(self, rule: RecyclingRule) -> Rule:
        kind = registry[rule.record_type]
        sieve = Sieve(kind, rule, [], timezone.now())
        is_played = any(flag == "won" for flag, _on in standings(kind.slug).values())
        spares = [name for name in rule.spares if name != "won" or not is_played]
        about = sieve.about.values_list("pk", flat=True)
        return Rule(
            UUID(str(rule.pk)),
            rule.basis,
            self._due(rule),
            frozenset(about),
            frozenset(about.filter(sieve.left_alone(spares))),
            is_played and "won" in rule.spares,
            frozenset(UUID(str(key)) for key in rule.pools),
            UUID(str(rule.to_pool_id)) if rule.to_pool_id else None,
        )

    def _due(self, rule: RecyclingRule) -> Callable[[UUID, dt.datetime], dt.datetime | None]:
        def due(owner: UUID, start: dt.datetime) -> dt.datetime | None:
            clock = self.clocks.get(owner)
            try:
                return clock.due_at(rule, start, rule.days) if clock is not None else None
            except NeverWorks:
                return None

        return due
