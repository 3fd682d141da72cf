"""What happened and what would have been, side by side."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from renmai.directory.recycling.simulator.books import Books
from renmai.directory.recycling.simulator.log import log_of, stays
from renmai.directory.recycling.simulator.world import Denied, Entry, Gone, Limits, Played, What, World, ordered
from renmai.kernel.charts.evenness import gini, most_to_median
from renmai.kernel.criteria.reader import zone_named
from renmai.kernel.overlay.company import company


@dataclass(frozen=True)
class Tried:
    """What is tried.

    Attributes:
        first, last: the period.
        rules: by the id of a rule, what is otherwise: ``days``, ``active``.
        pools: by the id of a pool, what it allows: ``daily_limit``, ``holding_limit``, ``cooldown_days``.
    """

    first: dt.datetime
    last: dt.datetime
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    pools: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)

    @property
    def limits(self) -> dict[UUID, Limits]:
        """What is tried of pools; limits that are not named let pass whoever passed them when it happened."""
        return {
            UUID(key): Limits(said.get("daily_limit"), said.get("holding_limit"), said.get("cooldown_days") or 0)
            for key, said in self.pools.items()
        }


@dataclass(frozen=True)
class Compared:
    """Both sides.

    Attributes:
        first, last: the period.
        ruled: since when rules are played: they are known from the first check on that kept them.
        happened: what went back, as the log has it.
        claims: how many each person claimed.
        played: what would have been.
    """

    first: dt.datetime
    last: dt.datetime
    ruled: dt.datetime
    happened: list[Gone]
    claims: dict[UUID, int]
    played: Played

    @cached_property
    def lost(self) -> list[Gone]:
        """What would have gone back and did not, or at another moment or by another rule."""
        return _without(self.played.gone, self.happened)

    @cached_property
    def kept(self) -> list[Gone]:
        """What went back and would not have, or not then."""
        return _without(self.happened, self.played.gone)

    @property
    def denied(self) -> list[Denied]:
        """The claims that would not have been possible."""
        return self.played.denied

    def people(self) -> list[UUID]:
        """Everybody who claimed, lost or holds something."""
        lost = {one.owner for one in [*self.happened, *self.played.gone]}
        return sorted(lost | {one.owner for one in self.denied} | set(self.claims) | set(self.played.held))


def _without(these: Sequence[Gone], those: Sequence[Gone]) -> list[Gone]:
    known = set(those)
    return [one for one in these if one not in known]


def evenness(claims: Mapping[UUID, int]) -> dict[str, float | None]:
    """How evenly claims are shared among those who claimed."""
    values = [float(count) for count in claims.values()]
    return {"gini": gini(values), "max_to_median": most_to_median(values)}


def simulate(tried: Tried) -> Compared:
    """Play the log of a period under the rules that were in force, with what is tried otherwise."""
    log, books = log_of(tried.last), Books({key: dict(change) for key, change in tried.rules.items()})
    ruled = max(tried.first, books.begin) if books.begin and not books.added else tried.first
    world = World(books.at, tried.limits, zone_named(company().time_zone), tried.first, ruled, stays())
    played = world.play(ordered([*log, *_more_checks(log, ruled, tried.last)]) if books.added else log)
    return Compared(tried.first, tried.last, ruled, happened(log, ruled), claimed(log, tried.first), played)


def _more_checks(log: Sequence[Entry], first: dt.datetime, last: dt.datetime) -> list[Entry]:
    """While no rule was in use nothing was looked at; where one is tried, it would have been, here once a day."""
    looked = {one.at.date() for one in log if one.what == What.CHECK}
    days = (first + dt.timedelta(days=number) for number in range(1, (last - first).days + 1))
    return [Entry(day, What.CHECK) for day in days if day.date() not in looked]


def happened(log: Sequence[Entry], first: dt.datetime) -> list[Gone]:
    """What went back by rules since a moment."""
    return [
        Gone(one.at, one.record, one.former, one.pool, one.rule)
        for one in log
        if one.what == What.RECYCLED and one.at >= first and one.record and one.former and one.pool and one.rule
    ]


def claimed(log: Sequence[Entry], first: dt.datetime) -> dict[UUID, int]:
    """How many each person claimed since a moment."""
    return Counter(one.owner for one in log if one.what == What.CLAIM and one.at >= first and one.owner)
