"""The sample company as it is written: records and what happened to them, all in memory, then stored in a few statements."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from renmai.demo.words import Words
from renmai.kernel.access.user import User
from renmai.kernel.facts import Happening, record_past
from renmai.kernel.records.clean import Cleaned
from renmai.kernel.records.numbers import number_missing
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import build, refs
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.store_many import copy_records, link_abouts

SOURCE = "sample"
LAST_HOUR = 17


class Story:
    """What is being written.

    Args:
        words: of the company's language.
        now: when the story ends; nothing in it is later, save what is due.
        currency: ISO 4217 code of all its amounts.
        scale: share of the usual number of records.

    Attributes:
        rng: the only source of chance, so that the same day gives the same story.
        records: by slug, in the order of making.
    """

    def __init__(self, words: Words, now: dt.datetime, currency: str, scale: float = 1) -> None:
        self.words, self.currency, self.scale = words, currency, scale
        self.zone = ZoneInfo(words.time_zone)
        self.now = now.astimezone(self.zone)
        self.rng = random.Random(f"{SOURCE} {words.company}")  # noqa: S311
        self.records: dict[str, list[Any]] = defaultdict(list)
        self._abouts: dict[str, list[tuple[Record, list[Record]]]] = defaultdict(list)
        self._happened: list[Happening] = []
        self._about: dict[Any, list[Record]] = {}

    def count(self, usual: int) -> int:
        """How many to make of what there usually are so many of."""
        return max(1, round(usual * self.scale))

    # --- time

    def at(self, days_ago: float) -> dt.datetime:
        """A working hour on the working day that is that many days ago; negative for days to come."""
        day = self.now - dt.timedelta(days=days_ago)
        day -= dt.timedelta(days=max(0, day.weekday() - 4))
        moment = day.replace(hour=self.rng.randint(9, LAST_HOUR), minute=self.rng.randrange(0, 60, 5), second=0, microsecond=0)
        return moment if days_ago < 0 else min(moment, self.now)

    def after(self, moment: dt.datetime, days: float) -> dt.datetime:
        """A working hour about that many days later, never before the moment and never after now."""
        return max(moment, self.at(max(0.0, self.days_ago(moment) - days)))

    def days_ago(self, moment: dt.datetime) -> float:
        """How long ago a moment was, in days."""
        return (self.now - moment) / dt.timedelta(days=1)

    # --- records and facts

    def add(
        self,
        slug: str,
        at: dt.datetime,
        by: User | None,
        *,
        about: list[Record] | None = None,
        rows: dict[str, list[dict[str, Any]]] | None = None,
        **values: Any,
    ) -> Any:
        """Make a record, and say that it was created.

        Args:
            at: when.
            by: who made it, and owns it if ``values`` name no owner.
            about: what an activity is about, the main one first.
            rows: rows by collection.
            values: clean values.
        """
        kind = registry[slug]
        made = {"created_at": at, "updated_at": at, "external_ids": {SOURCE: str(len(self.records[slug]) + 1)}}
        record = build(kind, Cleaned({**made, **values}, rows or {}), by)
        self.records[slug].append(record)
        if about:
            self._abouts[slug].append((record, about))
            self._about[record.pk] = about
        self.happen(record, "created", at, by, {"title": record.title, **record.told()})
        return record

    def change(self, record: Record, at: dt.datetime, by: User | None, **values: Any) -> None:
        """Change a record that is not stored yet, and say what its own events tell."""
        before = {name: getattr(record, name) for name in values}
        for name, value in values.items():
            setattr(record, name, value)
        record.derive(set(values))
        record.updated_at, record.updated_by = at, by
        record.version += 1
        for verb, data, _at in record.events(before):
            self.happen(record, verb, at, by, data)

    def happen(
        self,
        record: Record,
        verb: str,
        at: dt.datetime,
        by: User | None,
        data: dict[str, Any] | None = None,
        also: list[Record] | None = None,
    ) -> None:
        """Say that something happened to a record."""
        kind = registry.of(record)
        about = self._about.get(record.pk)
        subjects = [record, *about] if about else refs(kind, record)
        self._happened.append(Happening(f"{kind.noun}.{verb}", [*subjects, *(also or [])], data or {}, at, by))

    def touch(self, records: list[Record], at: dt.datetime) -> None:
        """Move the last contact of records that are not stored yet."""
        for record in records:
            if hasattr(record, "last_touch_at"):
                record.last_touch_at = max(record.last_touch_at or at, at)

    # --- storing

    def store(self) -> None:
        """Write everything, in the caller's transaction."""
        for slug, records in self.records.items():
            kind = registry[slug]
            records.sort(key=lambda record: record.created_at)
            number_missing(kind, records)
            copy_records(kind, records)
            link_abouts(kind, self._abouts[slug])
            _date_history(kind.slug, kind.model._meta.db_table)
        first = min((record.created_at for records in self.records.values() for record in records), default=self.now)
        for slug in ("pipelines", "stages"):
            _begin(slug, registry[slug].model._meta.db_table, first)
        record_past(sorted(self._happened, key=lambda happening: happening.at or self.now))


def _date_history(slug: str, table: str) -> None:
    """Let the history of sample records begin when they were made in the story, and by whom."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE kernel_history h SET at = r.created_at, by_id = r.created_by_id FROM {table} r"  # noqa: S608
            " WHERE h.record_id = r.id AND h.type = %s AND r.external_ids ? %s",
            [slug, SOURCE],
        )


def _begin(slug: str, table: str, at: dt.datetime) -> None:
    """Let what the story goes through be as old as the story, so that its past can be looked at."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET created_at = %s WHERE created_at > %s", [at, at])  # noqa: S608
        cursor.execute("DELETE FROM kernel_history WHERE type = %s AND operation = 'U' AND changes ? 'created_at'", [slug])
        cursor.execute("UPDATE kernel_history SET at = %s WHERE type = %s AND operation = 'I' AND at > %s", [at, slug, at])
