"""New facts, each exactly once, however slow the transaction that wrote it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import psycopg

AT_ONCE = 1000
KEPT_FLOORS = 300

NOW = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, (SELECT coalesce(max(seq), 0) FROM kernel_fact)"
NEWS = """
SELECT a.type, a.record_id::text, a.version, f.kind FROM kernel_fact f JOIN kernel_factabout a ON a.fact_id = f.seq
WHERE f.seq > %(floor)s AND f.xid >= %(since)s::xid8 AND f.xid < %(until)s::xid8 ORDER BY f.seq LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a page is told.

    Attributes:
        type: slug of the record's type.
        id: of the record; empty when so many changed that the page had better look at all of the type.
        version: that the fact led to.
        kind: of the fact.
    """

    type: str
    id: str
    version: int | None
    kind: str


class Stream:
    """Reads the facts of transactions that have ended since the last look.

    A transaction that is still running may have written an earlier row than one that has ended. So what was read is remembered as a
    transaction id below which all have ended, not as a row; ``floor``, a row number of a minute ago, only lets the index help.
    """

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self.connection = connection
        self.since = ""
        self.floors: deque[int] = deque(maxlen=KEPT_FLOORS)

    async def news(self) -> list[Notice]:
        """What has happened since the last call; nothing at the first."""
        until, newest = await self._now()
        since, floor = self.since, self.floors[0] if self.floors else newest
        self.since = until
        self.floors.append(newest)
        if since in ("", until):
            return []
        asked = {"floor": floor, "since": since, "until": until, "limit": AT_ONCE + 1}
        rows = await (await self.connection.execute(NEWS, asked)).fetchall()
        return thinned([Notice(*row) for row in rows])

    async def _now(self) -> tuple[str, int]:
        ((until, newest),) = await (await self.connection.execute(NOW)).fetchall()
        return until, newest


def thinned(notices: list[Notice]) -> list[Notice]:
    """The last notice of each record; one per type when there are very many."""
    if len(notices) > AT_ONCE:
        return list({notice.type: Notice(notice.type, "", None, "") for notice in notices}.values())
    return list({(notice.type, notice.id): notice for notice in notices}.values())
