"""What happened, read from moves, contacts, facts and checks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from renmai.directory.pool.model import PoolMove
from renmai.directory.pool.moving import How
from renmai.directory.pool.pooled import pooled
from renmai.directory.recycling.bases import standings, stands, touching
from renmai.directory.recycling.model import Check, Reprieve, ReprieveKind, ReprieveState
from renmai.directory.recycling.simulator.world import Entry, Stay, What, ordered
from renmai.kernel.facts.model import FactAbout
from renmai.kernel.records.about import About
from renmai.kernel.records.types import RecordType, registry

WHATS = {How.CLAIMED: What.CLAIM, How.GIVEN_BACK: What.GIVE_BACK, How.RECYCLED: What.RECYCLED}
BINNED = {"deleted": ("deleted", True), "restored": ("deleted", False)}


def log_of(until: dt.datetime) -> list[Entry]:
    """All that happened, up to a moment, to the records that were ever in a pool, in order; of what has been erased since, nothing."""
    moves = list(_moves(until))
    entries = [Entry(at, What.CHECK) for at in Check.objects.filter(at__lte=until).values_list("at", flat=True)]
    for kind in pooled():
        born = dict(kind.model.objects.filter(pk__in={move.record for move in moves}).values_list("pk", "created_at"))
        mine = [*_outside(kind, born, until), *(move for move in moves if move.record in born)]
        entries += [*_begun(born, mine), *mine, *_touches(born, until), *_steps(kind, born, until)]
    return ordered(list(dict.fromkeys(entries)))


def _moves(until: dt.datetime) -> Iterator[Entry]:
    rows = PoolMove.objects.filter(at__lte=until).order_by("at", "pk")
    for at, how, record, owner, pool, former, rule in rows.values_list(
        "at", "how", "record_id", "to_owner_id", "pool_id", "from_owner_id", "rule"
    ):
        yield Entry(at, WHATS.get(How(how), What.MOVE), record, owner, pool, former, None, rule)


def _outside(kind: RecordType, keys: Iterable[Any], until: dt.datetime) -> Iterator[Entry]:
    """New owners while a record was in no pool."""
    rows = FactAbout.objects.filter(fact__kind=f"{kind.noun}.{How.ASSIGNED}", record_id__in=keys, position=0, at__lte=until)
    at: Any
    for at, record, said in rows.filter(fact__data__pool=None).values_list("at", "record_id", "fact__data"):
        owner, former = (UUID(said[name]["id"]) if name in said else None for name in ("owner", "former"))
        yield Entry(at, What.MOVE, record, owner, None, former)


def _begun(born: dict[Any, dt.datetime], moves: list[Entry]) -> Iterator[Entry]:
    """Whose records were when they were made, where the first move tells that they were somebody's."""
    first: dict[Any, Entry] = {}
    for move in ordered(moves):
        first.setdefault(move.record, move)
    for key, move in first.items():
        if move.former is not None and move.at > born[key]:
            yield Entry(born[key], What.MOVE, key, move.former)


def _touches(keys: Iterable[Any], until: dt.datetime) -> Iterator[Entry]:
    """Contacts, from when they were written down, or done as planned."""
    for slug in touching():
        kind = registry[slug]
        about: dict[Any, list[Any]] = {}
        for source, target in About.objects.filter(source_type=slug, target_id__in=keys).values_list("source_id", "target_id"):
            about.setdefault(source, []).append(target)
        happened = dict(kind.model.objects.filter(pk__in=about, happened_at__isnull=False).values_list("pk", "happened_at"))
        told = [f"{kind.noun}.{verb}" for verb in ("created", "done", "updated")]
        rows = FactAbout.objects.filter(record_id__in=happened, position=0, fact__kind__in=told, at__lte=until)
        at: Any
        for source, at in rows.values_list("record_id", "at"):
            if at >= happened[source]:
                yield from (Entry(at, What.TOUCH, target, since=happened[source]) for target in about[source])


def _steps(kind: RecordType, keys: Iterable[Any], until: dt.datetime) -> Iterator[Entry]:
    """Another status, the end of what can go back, and the recycle bin."""
    name = stands(kind)
    steps = {f"{kind.noun}.{verb}" for verb, field in kind.reveals.items() if field == name}
    flags = {f"{kind.noun}.{verb}": told for verb, told in {**standings(kind.slug), **BINNED}.items()}
    changed = Q(fact__kind=f"{kind.noun}.updated", fact__data__fields__contains=[name])
    rows = FactAbout.objects.filter(Q(fact__kind__in=steps | flags.keys()) | changed, record_id__in=keys, position=0, at__lte=until)
    at: Any
    for at, record, said in rows.filter(type=kind.slug).order_by("at", "fact__seq").values_list("at", "record_id", "fact__kind"):
        if said in steps or said not in flags:
            yield Entry(at, What.STEP, record)
        if said in flags:
            flag, on = flags[said]
            yield Entry(at, What.STANDS, record, flag=flag, on=on)


def stays() -> dict[UUID, list[Stay]]:
    """Locks and more time that were ever granted, by record."""
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for one in Reprieve.objects.filter(state__in=(ReprieveState.GRANTED, ReprieveState.ENDED)):
        if one.kind == ReprieveKind.EXTENSION:
            found[one.record_id].append(Stay(one.decided_at or one.asked_at, one.until, one.owner_id))
            continue
        ends = [moment for moment in (one.until, one.decided_at if one.state == ReprieveState.ENDED else None) if moment]
        found[one.record_id].append(Stay(one.asked_at, min(ends, default=None)))
    return found
