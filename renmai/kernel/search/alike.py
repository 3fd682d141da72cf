"""Which of the hundreds of words that somebody may have meant stand anywhere."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import OperationalError, connection, transaction

from renmai.kernel.records.types import RecordType
from renmai.kernel.search.terms import Lexeme

PATIENCE = 1_000  # milliseconds
# The planner knows nothing of the words, and may hold each row of a table against each of them. So rows cost more than look-ups.
BY_INDEX = {
    "enable_seqscan": "off",
    "enable_indexscan": "off",
    "enable_indexonlyscan": "off",
    "max_parallel_workers_per_gather": "0",
    "cpu_tuple_cost": "100",
    "statement_timeout": str(PATIENCE),
}


def standing(kinds: Iterable[RecordType], words: Collection[str]) -> set[str]:
    """Those of some words by which a record can be found, whoever may see it.

    To ask for all of them in one query would hold each row that is found against each word: among a million people that takes ten
    times as long. Where even so it takes long, no word stands anywhere: nobody waits for a guess.

    Args:
        kinds: types whose records are looked through.
        words: folded, of the letters a to z.
    """
    anywhere = " OR ".join(f"EXISTS ({_found_in(kind)})" for kind in kinds)
    if not words or not anywhere:
        return set()
    with contextlib.suppress(OperationalError), transaction.atomic(), _kept_to_index() as cursor:
        cursor.execute(f"SELECT word FROM unnest(%s::text[], %s::text[]) AS asked(word, query) WHERE {anywhere}", _asked(words))  # noqa: S608
        return {word for (word,) in cursor.fetchall()}
    return set()


def _found_in(kind: RecordType) -> str:
    table = connection.ops.quote_name(kind.model._meta.db_table)
    return f"SELECT FROM {table} WHERE search @@ asked.query::tsquery AND deleted_at IS NULL"


def _asked(words: Collection[str]) -> list[list[str]]:
    return [list(words), [str(Lexeme(word)) for word in words]]


@contextlib.contextmanager
def _kept_to_index() -> Iterator[Any]:
    """A cursor that asks no table without its index of words."""
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in BY_INDEX.items()))
        yield cursor
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in BY_INDEX))
