"""New facts, each exactly once and as soon as it is committed, however slow other transactions are."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import psycopg

AT_ONCE = 1000
SLACK = 1000  # a row takes its number a moment before its transaction takes its id

NOW = "SELECT pg_current_snapshot()::text, coalesce(max(seq), 0) FROM kernel_fact"
NEWS = """
SELECT a.type, a.record_id::text, a.version, f.kind FROM kernel_fact f JOIN kernel_factabout a ON a.fact_id = f.seq
WHERE f.seq > %(floor)s AND f.xid >= %(oldest)s::xid8
  AND pg_visible_in_snapshot(f.xid, %(now)s::pg_snapshot) AND NOT pg_visible_in_snapshot(f.xid, %(before)s::pg_snapshot)
ORDER BY f.seq LIMIT %(limit)s
"""

WORKS = """
SELECT id::text, by_id, state, done FROM kernel_job
WHERE by_id IS NOT NULL AND (ended_at IS NULL OR ended_at > now() - interval '5 seconds')
"""


BELLS = "SELECT id, user_id FROM kernel_notification WHERE id > %s ORDER BY id LIMIT 1000"
NEWEST_BELL = "SELECT coalesce(max(id), 0) FROM kernel_notification"


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
    """Reads the facts that have become visible since the last look.

    A page needs no order but must not wait: one long transaction anywhere, be it an ANALYZE, would hold back everything that is read
    below the oldest running transaction. So what was visible is remembered as a whole snapshot, and the difference is read.
    """

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self.connection = connection
        self.before = ""
        self.marks: deque[tuple[int, int]] = deque()
        self.works_seen: dict[str, tuple[str, int]] = {}
        self.bell: int | None = None

    async def works(self) -> list[tuple[Any, Notice]]:
        """Work in the background that has come further since the last look, with the id of its person."""
        rows = await (await self.connection.execute(WORKS)).fetchall()
        seen, self.works_seen = self.works_seen, {key: (state, done) for key, _person, state, done in rows}
        return [(person, Notice("jobs", key, done, state)) for key, person, state, done in rows if seen.get(key) != (state, done)]

    async def bells(self) -> list[tuple[Any, Notice]]:
        """For whom there are new notifications since the last look; nothing at the first."""
        if self.bell is None:
            ((self.bell,),) = await (await self.connection.execute(NEWEST_BELL)).fetchall()
            return []
        rows = await (await self.connection.execute(BELLS, [self.bell])).fetchall()
        self.bell = max([self.bell, *(number for number, _person in rows)])
        return [(person, Notice("notifications", "", None, "made")) for person in {person for _number, person in rows}]

    async def news(self) -> list[Notice]:
        """What has happened since the last call; nothing at the first."""
        now, newest = await self._now()
        before, self.before = self.before, now
        self.marks.append((edges(now)[1], newest))
        if before in ("", now):
            return []
        oldest = edges(before)[0]
        asked = {"floor": self._floor(oldest), "oldest": str(oldest), "now": now, "before": before, "limit": AT_ONCE + 1}
        rows = await (await self.connection.execute(NEWS, asked)).fetchall()
        return thinned([Notice(*row) for row in rows])

    async def _now(self) -> tuple[str, int]:
        ((now, newest),) = await (await self.connection.execute(NOW)).fetchall()
        return now, newest

    def _floor(self, oldest: int) -> int:
        """The number of a row before which no transaction from ``oldest`` on has written, for the index."""
        while len(self.marks) > 1 and self.marks[1][0] <= oldest:
            self.marks.popleft()
        return self.marks[0][1] - SLACK


def edges(snapshot: str) -> tuple[int, int]:
    """The oldest transaction that ran when a snapshot was taken, and the first that had not begun."""
    oldest, next_one, _running = snapshot.split(":")
    return int(oldest), int(next_one)


def thinned(notices: list[Notice]) -> list[Notice]:
    """The last notice of each record; one per type when there are very many."""
    if len(notices) > AT_ONCE:
        return list({notice.type: Notice(notice.type, "", None, "") for notice in notices}.values())
    return list({(notice.type, notice.id): notice for notice in notices}.values())
