"""Search text of many new rows, taken into its index at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

ROOM = "64MB"  # more than the new entries of a batch take


@contextmanager
def gathering(model: type[models.Model]) -> Iterator[None]:
    """Lay new entries of the search index aside, and sort them into it together when this ends: a word that comes again costs once.

    Whoever searches or saves meanwhile finds none waiting that are older than the running transaction, which the caller opens.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL gin_pending_list_limit = '{ROOM}'")
        yield
        for name in _indexes(model):
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [connection.ops.quote_name(name)])


def _indexes(model: type[models.Model]) -> list[str]:
    return [index.name for index in model._meta.indexes if isinstance(index, GinIndex) and index.fields == ["search"]]
