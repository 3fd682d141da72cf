"""A past for the copied leads: each entered when it was made, and one in twenty has changed within the last year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from bench.client import Request
from bench.scenarios import Scenario

YEAR = dt.timedelta(days=365)
ENTERED = """
UPDATE kernel_history h SET at = l.created_at FROM sales_lead l
WHERE h.record_id = l.id AND h.type = 'leads' AND h.operation = 'I' AND h.at > l.created_at + interval '1 minute'
"""
CHANGED = """
UPDATE sales_lead SET status = CASE WHEN status = 'new' THEN 'working' ELSE status END, job_title = job_title || ' *', version = version + 1
WHERE get_byte(uuid_send(id), 15) % 20 = 0
"""
DATED = """
UPDATE kernel_history h
SET at = greatest(l.created_at + interval '1 minute', now() - interval '1 day' * (get_byte(uuid_send(l.id), 14) + 1))
FROM sales_lead l WHERE h.record_id = l.id AND h.type = 'leads' AND h.operation = 'U' AND h.at > now() - interval '1 hour'
"""


def give_past() -> None:
    """Date the history of leads that were copied since this was last asked."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ENTERED)
        if cursor.rowcount:
            cursor.execute(CHANGED)
            cursor.execute(DATED)


def scenarios() -> Iterator[Scenario]:
    """The newest leads as of a year ago, for an admin and for a rep."""
    day = (timezone.now() - YEAR).date().isoformat()
    for name, who in (("as_of", "dao@example.com"), ("as_of_scoped", "alice@example.com")):
        page, rows = Request(f"/leads/?as_of={day}"), Request(f"/api/v1/leads/?limit=50&total=1&as_of={day}")
        yield Scenario(f"{name}_html", lambda page=page: page, who, html=True)  # type: ignore[misc]
        yield Scenario(name, lambda rows=rows: rows, who)  # type: ignore[misc]
