"""Leads that nobody touches go on to the next in turn."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from renmai.kernel.access.user import User
from renmai.kernel.facts.telling import telling
from renmai.kernel.overlay import version
from renmai.sales.assignment.choosing import choose, link
from renmai.sales.assignment.desk import Given, hold, write
from renmai.sales.assignment.floor import Standing
from renmai.sales.assignment.model import AssignmentRule
from renmai.sales.assignment.rules import in_force
from renmai.sales.lead.model import OPEN, Lead

LOOKS_BACK = dt.timedelta(days=120)
# Of each open lead the last time that it was given, where whoever got it then still has it and has not touched it since.
GIVEN = """
SELECT record_id, at, data FROM (
  SELECT DISTINCT ON (a.record_id) a.record_id, f.at, f.data FROM kernel_fact f
  JOIN kernel_factabout a ON a.fact_id = f.seq AND a.position = 0
  WHERE f.kind = 'lead.assigned' AND f.at >= %s AND f.at <= %s AND a.record_id = COALESCE(%s, a.record_id)
  ORDER BY a.record_id, f.at DESC, f.seq DESC) given
JOIN sales_lead l ON l.id = given.record_id
WHERE l.deleted_at IS NULL AND l.status = ANY(%s) AND (l.last_touch_at IS NULL OR l.last_touch_at < given.at)
  AND l.owner_id = (given.data->'owner'->>'id')::uuid AND given.data->'rule'->>'id' = ANY(%s)
ORDER BY given.at
"""


@dataclass(frozen=True)
class Waiting:
    """A lead that was given by a rule and is still as it was.

    Attributes:
        at: when it was given.
        passes: how often it was passed on before.
        had: who had it before by this rule.
    """

    key: UUID
    at: dt.datetime
    rule: AssignmentRule
    passes: int
    had: list[UUID]


def waiting(rules: Sequence[AssignmentRule], now: dt.datetime, key: UUID | None = None) -> Iterator[Waiting]:
    """What was given by some rules, may still be passed on and was not touched, the longest given first; of one lead, if a key is given."""
    by_key = {str(rule.pk): rule for rule in rules}
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, [now - LOOKS_BACK, now, key, [str(status) for status in OPEN], list(by_key)])
        found = cursor.fetchall()
    for lead, at, data in found:
        told = json.loads(data)
        rule, passes = by_key[told["rule"]["id"]], int(told.get("passes", 0))
        if passes < rule.passes:
            yield Waiting(lead, at, rule, passes, [UUID(one) for one in [*told.get("had", []), told["owner"]["id"]]])


def is_due(one: Waiting, floor: Standing) -> bool:
    """Its owner has worked as many hours as the rule gives, and has not touched it."""
    user = User.objects.filter(pk=one.had[-1]).first()
    hours: Any = one.rule.untouched_hours
    return user is None or floor.hours.worked(user, one.at, floor.now) >= hours * 3600


@app.periodic(cron="*/5 * * * *")
@app.task(name="renmai.pass-on-leads", queueing_lock="renmai.pass-on-leads")
def every_few_minutes(timestamp: int) -> None:
    """Look which leads have waited too long."""
    version.refresh()
    pass_on_all(timezone.now())


def pass_on_all(now: dt.datetime) -> int:
    """Pass on what has waited too long at a moment; done twice, it passes nothing on twice. Returns how many went on."""
    rules = [rule for rule in in_force() if rule.untouched_hours]
    if not rules:
        return 0
    floor = Standing(now)
    return sum(pass_on(one, now) for one in list(waiting(rules, now)) if is_due(one, floor))


def pass_on(one: Waiting, now: dt.datetime) -> bool:
    """Give a lead to the next in turn who has not had it, if it is still untouched; both are told."""
    with transaction.atomic():
        hold()
        lead = Lead.objects.live().select_for_update(of=("self",)).filter(pk=one.key).first()
        if lead is None or next(waiting([one.rule], now, one.key), None) != one:
            return False
        floor = Standing(now)
        verdict = choose(one.rule, lead, floor, had=one.had)
        if verdict.user is None or verdict.code in {"known", "otherwise"}:
            return False
        former = lead.owner
        floor.keep_turns()
        told = {
            "passes": one.passes + 1,
            "had": [str(key) for key in one.had],
            "former": link(former, "users"),
            "untouched": one.rule.untouched_hours,
        }
        with telling(True):
            write([Given(lead, verdict)], told, also=[former])
        return True
