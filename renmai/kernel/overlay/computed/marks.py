"""Records whose text the database has worked out anew, until people find them by it again.

Search text is made in Python, formulas are worked out in PostgreSQL, and what follows from a change can be a thousand records of
another type. So the trigger that writes such a text leaves a mark, and whoever made the change takes the marks in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from procrastinate.contrib.django import app

from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.work import step
from renmai.kernel.matching.model import Matched
from renmai.kernel.overlay import version
from renmai.kernel.records.indexed import FOUND_BY, searched
from renmai.kernel.records.lines import tsvector
from renmai.kernel.records.types import registry
from renmai.kernel.search.text import lexemes

if TYPE_CHECKING:
    from renmai.kernel.jobs.model import Job
    from renmai.kernel.records.types import RecordType

WORK = "custom-search"
AT_ONCE = 1_000
TAKE = """
DELETE FROM kernel_unindexed WHERE id IN (SELECT id FROM kernel_unindexed ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING type, record_id
"""
MARK = "INSERT INTO kernel_unindexed (type, record_id) SELECT %s, rows.pk FROM ({rows}) rows"
KEYS = ", match_keys = string_to_array(new.keys, E'\\n')"


class Unindexed(models.Model):
    """A mark: what this record is found by has changed. Written by the database; there may be several for one record."""

    type = models.TextField()
    record_id = models.UUIDField()


def is_followed(fact_kind: str) -> bool:
    """Whether a change of a type may change a text that records are found by."""
    return fact_kind.partition(".")[0] in _nouns(version.followed())


@lru_cache(maxsize=1)
def _nouns(_version: int) -> frozenset[str]:
    if not any(spec.kind in FOUND_BY for kind in registry.all() for spec in kind.computed):
        return frozenset()
    slugs = {slug for node, looked_at in registry.reads.items() for slug, _name in (node, *looked_at)}
    return frozenset(kind.noun for slug in slugs if (kind := registry.get(slug)) is not None)


def mark_all(kind: RecordType) -> None:
    """Mark every record of a type: what it is found by is made otherwise now."""
    rows, params = kind.model._base_manager.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(MARK.format(rows=rows), [kind.slug, *params])


def take() -> bool:
    """Make the search text of marked records anew, in the running transaction; beyond a thousand a job does the rest.

    Returns:
        Whether there may be more.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [AT_ONCE])
        found = cursor.fetchall()
    marked: dict[str, set[Any]] = defaultdict(set)
    for slug, key in found:
        marked[slug].add(key)
    for slug, keys in marked.items():
        kind = registry.get(slug)
        if kind is not None:
            _index(kind, keys)
    return len(found) == AT_ONCE


def _index(kind: RecordType, keys: set[Any]) -> None:
    rows = kind.model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    told = [(row.pk, tsvector(lexemes(searched(kind, row))), _keys(kind, row)) for row in rows]
    sets = f"search = new.search::tsvector{KEYS if issubclass(kind.model, Matched) else ''}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {kind.model._meta.db_table} old SET {sets}"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[]) new (id, search, keys) WHERE old.id = new.id",
            [[one[place] for one in told] for place in range(3)],
        )


def _keys(kind: RecordType, row: Any) -> str | None:
    """The keys by which duplicates are found, one a line."""
    row.keep_keys(kind)
    keys = row.__dict__.get("match_keys")
    return "\n".join(keys) if keys else None


def take_some() -> None:
    """Take marks now, and leave the rest to a job."""
    if take():
        later(WORK, by=None)


@work(WORK)
def take_all(job: Job) -> None:
    """Take all marks, a thousand in each transaction."""
    while _taken():
        step(job, job.done + AT_ONCE)


def _taken() -> bool:
    with transaction.atomic():
        return take()


@app.periodic(cron="*/5 * * * *")
@app.task(name="renmai.custom-search", queueing_lock="renmai.custom-search")
def take_left(timestamp: int) -> None:
    """What statements by hand have left behind."""
    version.refresh()
    while _taken():
        pass
