"""A sales floor played again from its log: pure, without the database.

What people did stays as it was: who claimed, gave back, called. What rules did is worked out anew: who may claim, and what goes
back. A claim that the changed rules do not allow does not happen, and what its owner would have given back is not theirs to give.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class What(IntEnum):
    """What an entry of the log tells."""

    CLAIM = 1
    GIVE_BACK = 2
    MOVE = 3
    RECYCLED = 4
    TOUCH = 5
    STEP = 6
    STANDS = 7
    CHECK = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened.

    Attributes:
        record: to which record; None for a check.
        owner, pool: whose, and in which pool, it is afterwards.
        former: whose it was.
        since: of a contact, when it took place.
        rule: of what went back, by which rule.
        flag, on: ``closed``, ``won`` or ``deleted``, and whether it is so from then on.
    """

    at: dt.datetime
    what: What
    record: UUID | None = None
    owner: UUID | None = None
    pool: UUID | None = None
    former: UUID | None = None
    since: dt.datetime | None = None
    rule: UUID | None = None
    flag: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """That a record does not go back before a moment.

    Attributes:
        given: since when this is granted.
        until: up to when; None: for good.
        owner: to whom; None: whoever has it.
    """

    given: dt.datetime
    until: dt.datetime | None
    owner: UUID | None = None

    def holds(self, owner: UUID, at: dt.datetime) -> bool:
        """Whether it keeps the record with an owner at a moment."""
        return self.given <= at and (self.until is None or at < self.until) and self.owner in (None, owner)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was in force, or is tried.

    Attributes:
        due: when a clock that started at a moment has run out for an owner.
        fits: the records that it is about.
        spared: of these, the ones that stay.
        spares_won: those that are won stay, from when they are.
        to_pool: where they go; None: to their own.
    """

    key: UUID
    basis: str
    due: Callable[[UUID, dt.datetime], dt.datetime | None]
    fits: frozenset[UUID]
    spared: frozenset[UUID] = frozenset()
    spares_won: bool = False
    pools: frozenset[UUID] = frozenset()
    to_pool: UUID | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a pool allows; None: any number."""

    daily: int | None = None
    holding: int | None = None
    cooldown_days: int = 0


@dataclass(slots=True)
class State:
    """One record as it stands.

    Attributes:
        marks: when last something happened that a rule waits for, by basis.
        left: who lost it, and when.
        flags: ``closed``, ``won``, ``deleted``.
    """

    owner: UUID | None = None
    pool: UUID | None = None
    held_since: dt.datetime | None = None
    marks: dict[str, dt.datetime] = field(default_factory=dict)
    left: dict[UUID, dt.datetime] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)

    @property
    def is_held(self) -> bool:
        """Somebody has it, and it is of use."""
        return self.owner is not None and not self.flags & {"closed", "deleted"}


@dataclass(frozen=True, slots=True)
class Gone:
    """That a record went back."""

    at: dt.datetime
    record: UUID
    owner: UUID
    pool: UUID
    rule: UUID


@dataclass(frozen=True, slots=True)
class Denied:
    """A claim that was not possible, and why: ``taken``, ``daily``, ``holding`` or ``cooldown``."""

    at: dt.datetime
    record: UUID
    owner: UUID
    why: str


@dataclass
class Played:
    """What came of it.

    Attributes:
        claims: how many each person claimed.
        held: how many each person has at the end.
    """

    gone: list[Gone] = field(default_factory=list)
    denied: list[Denied] = field(default_factory=list)
    claims: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    held: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))


class World:
    """The floor.

    Args:
        rules: the rules that are in force at a moment, in their order.
        limits: of pools that are to be tried; the claims of the others were allowed when they happened, and stay.
        zone: in which days begin.
        begin: from when on claims are played; before, the log is followed.
        ruled: from when on rules are, no sooner than they are known.
        stays: locks and more time, by record.
    """

    def __init__(
        self,
        rules: Callable[[dt.datetime], Sequence[Rule]],
        limits: Mapping[UUID, Limits],
        zone: ZoneInfo,
        begin: dt.datetime,
        ruled: dt.datetime,
        stays: Mapping[UUID, Sequence[Stay]],
    ) -> None:
        self.rules, self.limits, self.zone, self.begin, self.ruled, self.stays = rules, limits, zone, begin, ruled, stays
        self.states: dict[UUID, State] = defaultdict(State)
        self.today: dict[tuple[UUID, UUID, dt.date], int] = defaultdict(int)
        self.played = Played()
        self._due: dict[UUID, tuple[int, dt.datetime]] = {}

    def play(self, log: Sequence[Entry]) -> Played:
        """Play a log in order of time."""
        for entry in log:
            if entry.what == What.CHECK:
                if entry.at >= self.ruled:
                    self._check(entry.at)
            elif entry.record is not None:
                self._follow(entry, self.states[entry.record])
                self._due.pop(entry.record, None)
        for state in self.states.values():
            if state.is_held and state.owner is not None:
                self.played.held[state.owner] += 1
        return self.played

    def _follow(self, entry: Entry, state: State) -> None:
        if entry.what == What.TOUCH and entry.since is not None:
            self._mark(state, "no_follow_up", entry.since)
        elif entry.what == What.STEP:
            self._mark(state, "no_change", entry.at)
        elif entry.what == What.STANDS:
            (state.flags.add if entry.on else state.flags.discard)(entry.flag)
        elif entry.what == What.CLAIM:
            self._claim(entry, state)
        elif entry.what == What.RECYCLED:
            if entry.at < self.ruled:
                self._give(state, None, entry.pool, entry.at)
        elif entry.what == What.MOVE or state.owner == entry.former:
            self._give(state, entry.owner, entry.pool, entry.at)

    @staticmethod
    def _mark(state: State, basis: str, at: dt.datetime) -> None:
        state.marks[basis] = max(at, state.marks.get(basis, at))

    @staticmethod
    def _give(state: State, owner: UUID | None, pool: UUID | None, at: dt.datetime) -> None:
        if owner is None and state.owner is not None:
            state.left[state.owner] = at
        if owner is not None and owner != state.owner:
            state.held_since = at
        state.owner, state.pool = owner, pool or state.pool

    def _claim(self, entry: Entry, state: State) -> None:
        assert entry.owner is not None and entry.record is not None
        why = self._why_not(entry, state) if entry.at >= self.begin else ""
        if why:
            self.played.denied.append(Denied(entry.at, entry.record, entry.owner, why))
            return
        self._give(state, entry.owner, entry.pool, entry.at)
        if entry.pool is not None:
            self.today[entry.pool, entry.owner, self._day(entry.at)] += 1
        if entry.at >= self.begin:
            self.played.claims[entry.owner] += 1

    def _why_not(self, entry: Entry, state: State) -> str:
        """Why a claim is not possible; empty where it is."""
        assert entry.owner is not None
        if state.owner is not None:
            return "taken"
        limits = self.limits.get(entry.pool) if entry.pool is not None else None
        if limits is None or entry.pool is None:
            return ""
        if limits.daily is not None and self.today[entry.pool, entry.owner, self._day(entry.at)] >= limits.daily:
            return "daily"
        if limits.holding is not None and self._holds(entry.pool, entry.owner) >= limits.holding:
            return "holding"
        left = state.left.get(entry.owner)
        if left is not None and entry.at < left + dt.timedelta(days=limits.cooldown_days):
            return "cooldown"
        return ""

    def _holds(self, pool: UUID, owner: UUID) -> int:
        """How many a person has in work; won customers do not count."""
        return sum(
            state.owner == owner and state.pool == pool and state.is_held and "won" not in state.flags for state in self.states.values()
        )

    def _day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self.zone).date()

    def _check(self, at: dt.datetime) -> None:
        """Take back what is due, by the first rule in order for which it is."""
        rules = self.rules(at)
        for key, state in self.states.items():
            if not state.is_held:
                continue
            mark = id(rules)
            kept = self._due.get(key)
            if kept is None or kept[0] != mark:
                kept = self._due[key] = mark, self._earliest(key, state, rules)
            if kept[1] <= at:
                self._take_back(key, state, rules, at)

    def _earliest(self, key: UUID, state: State, rules: Sequence[Rule]) -> dt.datetime:
        found = [due for rule in self._counting(key, state, rules) if (due := self._due_by(rule, state)) is not None]
        return min(found, default=dt.datetime.max.replace(tzinfo=dt.UTC))

    def _take_back(self, key: UUID, state: State, rules: Sequence[Rule], at: dt.datetime) -> None:
        if state.owner is None or any(stay.holds(state.owner, at) for stay in self.stays.get(key, ())):
            return
        for rule in self._counting(key, state, rules):
            due, pool = self._due_by(rule, state), rule.to_pool or state.pool
            stays = key in rule.spared or (rule.spares_won and "won" in state.flags)
            if due is not None and due <= at and pool is not None and not stays:
                self.played.gone.append(Gone(at, key, state.owner, pool, rule.key))
                self._give(state, None, pool, at)
                self._due.pop(key, None)
                return

    @staticmethod
    def _counting(key: UUID, state: State, rules: Sequence[Rule]) -> list[Rule]:
        """The rules that count for a record: of each basis the first that fits."""
        found: dict[str, Rule] = {}
        for rule in rules:
            if rule.basis not in found and key in rule.fits and (not rule.pools or state.pool in rule.pools):
                found[rule.basis] = rule
        return list(found.values())

    @staticmethod
    def _due_by(rule: Rule, state: State) -> dt.datetime | None:
        if state.owner is None or state.held_since is None:
            return None
        mark = state.marks.get(rule.basis)
        return rule.due(state.owner, max(state.held_since, mark) if mark is not None else state.held_since)


def ordered(entries: Sequence[Entry]) -> list[Entry]:
    """In order of time; of one moment as they were written, and the check last."""
    return sorted(entries, key=lambda entry: (entry.at, entry.what == What.CHECK))
