"""Who would go back, without anything happening: now, or at a moment ahead if nothing is done until then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from renmai.directory.recycling.forecast import Due, forecast
from renmai.directory.recycling.model import RecyclingRule
from renmai.directory.recycling.sieve import clocks, sieves
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType

SHOWN = 100


@dataclass
class DryRun:
    """What a check would come to.

    Attributes:
        counts: each rule that is in force, in order, with how many it would take back.
        rows: the first of them, with when they were due.
    """

    at: dt.datetime
    counts: list[tuple[RecyclingRule, int]] = field(default_factory=list)
    rows: list[tuple[RecordType, Record, Due]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many would go."""
        return sum(count for _rule, count in self.counts)


def dry_run(kinds: list[RecordType], at: dt.datetime, shown: int = SHOWN) -> DryRun:
    """Ask every rule about some types; nothing is changed.

    Args:
        shown: how many records are told one by one, of each type.
    """
    found, people = DryRun(at), clocks()
    for kind in kinds:
        gone: dict[Any, None] = {}
        for sieve in sieves(kind, at):
            keys = [key for key in sieve.due(people).order_by("pk").values_list("pk", flat=True) if key not in gone]
            gone |= dict.fromkeys(keys)
            found.counts.append((sieve.rule, len(keys)))
        first = list(gone)[:shown]
        due = forecast(kind, first, at)
        records = {record.pk: record for record in kind.model.objects.filter(pk__in=first).select_related("owner")}
        found.rows += [(kind, records[key], due[key]) for key in first if key in due]
    found.rows.sort(key=lambda row: row[2].at)
    return found
