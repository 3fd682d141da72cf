"""How far leads come: how many of those that arrived reach each step, and how long that takes. Read from facts alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from renmai.sales.lead.model import LeadStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

STEPS = (LeadStatus.WORKING, LeadStatus.MQL, LeadStatus.SQL, LeadStatus.CONVERTED)
KINDS = ["lead.begun", "lead.qualified", "lead.converted", "lead.disqualified"]
HOUR = 3600.0
READ = """
WITH leads AS ({leads}),
arrived AS (
    SELECT m.record_id, min(f.at) AS at, min(f.data->>'status') AS began FROM kernel_factabout m JOIN kernel_fact f ON f.seq = m.fact_id
    WHERE m.record_id IN (SELECT id FROM leads) AND m.position = 0 AND f.kind IN ('lead.created', 'lead.imported')
    GROUP BY m.record_id HAVING min(f.at) >= %(begin)s AND min(f.at) < %(end)s
),
entered AS (
    SELECT m.record_id, coalesce(f.data->>'to', CASE f.kind WHEN 'lead.disqualified' THEN 'disqualified' WHEN 'lead.converted' THEN
        'converted' END) AS step, min(f.at) AS at
    FROM arrived a JOIN kernel_factabout m ON m.record_id = a.record_id AND m.position = 0 JOIN kernel_fact f ON f.seq = m.fact_id
    WHERE f.kind = ANY(%(kinds)s) AND NOT (f.kind = 'lead.converted' AND EXISTS (
        SELECT FROM kernel_factabout n JOIN kernel_fact u ON u.seq = n.fact_id
        WHERE n.record_id = a.record_id AND n.position = 0 AND u.kind = 'lead.unconverted' AND u.seq > f.seq
    )) GROUP BY 1, 2
    UNION ALL SELECT record_id, began, at FROM arrived WHERE began IS NOT NULL
),
lead AS (
    SELECT a.record_id, a.at AS new, min(e.at) FILTER (WHERE step = 'working') AS working, min(e.at) FILTER (WHERE step = 'mql') AS mql,
        min(e.at) FILTER (WHERE step = 'sql') AS sql, min(e.at) FILTER (WHERE step = 'converted') AS converted,
        min(e.at) FILTER (WHERE step = 'disqualified') AS disqualified
    FROM arrived a LEFT JOIN entered e ON e.record_id = a.record_id GROUP BY a.record_id, a.at
),
far AS (
    SELECT *, CASE WHEN converted IS NOT NULL THEN 4 WHEN sql IS NOT NULL THEN 3 WHEN mql IS NOT NULL THEN 2 WHEN working IS NOT NULL
        THEN 1 ELSE 0 END AS rank, greatest(new, working) AS to_1, greatest(new, working, mql) AS to_2,
        greatest(new, working, mql, sql) AS to_3
    FROM lead
)
SELECT count(*), count(*) FILTER (WHERE rank >= 1), count(*) FILTER (WHERE rank >= 2), count(*) FILTER (WHERE rank >= 3),
    count(*) FILTER (WHERE rank >= 4), count(disqualified),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM working - new)),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM mql - to_1)),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM sql - to_2)),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM converted - to_3)),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM disqualified - new))
FROM far
"""


@dataclass(frozen=True)
class Reached:
    """One step.

    Attributes:
        count: leads that came as far, or further.
        share: of those that came to the step before, 0 to 1; None where there are none.
        of_all: of those that arrived.
        hours: median time since the step before, of those that entered this one; None where none did.
    """

    step: str
    label: Any
    count: int
    share: float | None
    of_all: float | None
    hours: float | None

    @property
    def lasted(self) -> dt.timedelta | None:
        """The median as a length of time."""
        return None if self.hours is None else dt.timedelta(hours=self.hours)

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        return {"step": self.step, "count": self.count, "share": self.share, "of_all": self.of_all, "median_hours": self.hours}


def funnel(leads: QuerySet[Any], begin: dt.datetime, end: dt.datetime) -> list[Reached]:
    """The steps, from arriving to being converted, then what was disqualified.

    Args:
        leads: those that the reader may see, and asks for.
        begin, end: between which they arrived; the end is outside.
    """
    sql, params = leads.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        sent = {"begin": begin, "end": end, "kinds": KINDS, **{f"lead_{place}": value for place, value in enumerate(params)}}
        asked = sql % tuple(f"%(lead_{place})s" for place in range(len(params)))
        cursor.execute(READ.format(leads=asked), sent)
        counts, times = _split(cursor.fetchone())
    made = [_reached(LeadStatus.NEW, counts[0], None, counts[0], None)]
    made += [_reached(step, counts[place], counts[place - 1], counts[0], times[place - 1]) for place, step in enumerate(STEPS, 1)]
    return [*made, _reached(LeadStatus.DISQUALIFIED, counts[5], counts[0], counts[0], times[4])]


def _split(row: tuple[Any, ...]) -> tuple[list[int], list[float | None]]:
    return list(row[:6]), [None if seconds is None else round(float(seconds) / HOUR, 2) for seconds in row[6:]]


def _reached(step: LeadStatus, count: int, before: int | None, of: int, hours: float | None) -> Reached:
    label = _("Arrived") if step == LeadStatus.NEW else step.label
    share = round(count / before, 4) if before else None
    return Reached(str(step), label, count, share, round(count / of, 4) if of else None, hours)
