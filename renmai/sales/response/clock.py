"""The clock of the first answer, in the working time of whoever has the lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from renmai.kernel.calendars import Calendars, NeverWorks
from renmai.kernel.criteria import Reader, matches, stored
from renmai.kernel.facts import say, say_many
from renmai.kernel.facts.say import UNSET
from renmai.kernel.records.types import registry
from renmai.sales.lead.model import Lead
from renmai.sales.response.model import Begins, ResponseGoal

MINUTE = 60
OLD = dt.timedelta(days=1)  # what a file brings from the past has been answered long ago, or never will be
CLOCK = ["answer_due_at", "answer_warn_at", "answer_warned_at", "answer_missed_at", "to_reassign"]


def goal_of(lead: Lead, goals: Sequence[ResponseGoal], reader: Reader) -> ResponseGoal | None:
    """The first goal whose conditions a lead meets."""
    kind = registry.of(lead)
    return next((goal for goal in goals if not goal.criteria or matches(stored(goal.criteria, kind), lead, reader)), None)


def start(leads: Iterable[Lead], now: dt.datetime) -> None:
    """Set the clock of leads that have just arrived, or have just got another owner, and that nobody has answered yet.

    A clock that runs from the arrival goes on in the new owner's working time, one that runs from the assignment begins anew.
    """
    goals = ResponseGoal.in_force()
    calendars, reader = Calendars.read() if goals else None, Reader(now=now)
    changed = []
    for lead in leads if calendars is not None else ():
        if lead.answered_at is None and lead.is_open() and (now - lead.created_at < OLD or lead.answer_due_at is not None):
            before = [getattr(lead, name) for name in CLOCK]
            _set(lead, goal_of(lead, goals, reader), calendars, now)
            if before != [getattr(lead, name) for name in CLOCK]:
                changed.append(lead)
    if changed:
        Lead.objects.bulk_update(changed, CLOCK)


def _set(lead: Lead, goal: ResponseGoal | None, calendars: Any, now: dt.datetime) -> None:
    begun = goal is not None and (goal.begins == Begins.ARRIVAL or lead.owner_id is not None)
    lead.to_reassign = False
    if goal is None or not begun:
        lead.answer_due_at = lead.answer_warn_at = None
        return
    begin = lead.created_at
    if goal.begins == Begins.ASSIGNMENT:  # a clock of its own for each who gets it
        begin, lead.answer_warned_at, lead.answer_missed_at = now, None, None
    table = calendars.of(lead.owner)
    try:
        lead.answer_due_at = table.add_working(begin, goal.minutes * MINUTE)
        left = goal.minutes - (goal.warn_before or 0)
        lead.answer_warn_at = table.add_working(begin, left * MINUTE) if goal.warn_before else None
    except NeverWorks:
        lead.answer_due_at = lead.answer_warn_at = None


def answer(touched: dict[Any, dt.datetime], by: Any) -> None:
    """Stop the clock of leads at their first real contact, and say whether that was in time.

    Args:
        touched: id of a lead → when somebody was in touch.
    """
    waiting = Lead.objects.live().select_for_update(of=("self",)).filter(pk__in=list(touched), answered_at=None).order_by("pk")
    answered = list(waiting)
    for lead in answered:
        lead.answered_at, lead.to_reassign = max(touched[lead.pk], lead.created_at), False
    if not answered:
        return
    Lead.objects.bulk_update(answered, ["answered_at", "to_reassign"])
    timed = [lead for lead in answered if lead.answer_due_at is not None]
    told = [([lead], {"in_time": bool(lead.answered_at <= lead.answer_due_at), "due": lead.answer_due_at}, UNSET) for lead in timed]
    if told:
        say_many("lead.answered", told, by=by)


def left_of(lead: Lead, now: dt.datetime) -> float:
    """Seconds of working time until the answer is due; negative once it is late."""
    assert lead.answer_due_at is not None
    table = Calendars.read().of(lead.owner)
    if lead.answer_due_at >= now:
        return table.working_seconds(now, lead.answer_due_at)
    return -table.working_seconds(lead.answer_due_at, now)


def look(now: dt.datetime | None = None) -> tuple[int, int]:
    """Remind and pass on what is due; each lead is reminded of once and passed on once, however often this runs.

    Returns:
        How many were reminded of, how many passed on.
    """
    now = now or timezone.now()
    return _remind(now), _pass_on(now)


def _waiting(**more: Any) -> list[Lead]:
    rows = Lead.objects.live().select_for_update(of=("self",), skip_locked=True).filter(answered_at=None, **more)
    return [lead for lead in rows.order_by("answer_due_at", "pk")[:1000] if lead.is_open()]


def _remind(now: dt.datetime) -> int:
    found = _waiting(answer_warn_at__lte=now, answer_warned_at=None, answer_missed_at=None, answer_due_at__gt=now)
    for lead in found:
        lead.answer_warned_at = now
        say(
            "lead.answer_due",
            about=[lead],
            by=None,
            data={"due": lead.answer_due_at, "mentions": [str(lead.owner_id)] if lead.owner_id else []},
        )
    Lead.objects.bulk_update(found, ["answer_warned_at"])
    return len(found)


def _pass_on(now: dt.datetime) -> int:
    from renmai.sales.response.whom import leaders

    found = _waiting(answer_due_at__lte=now, answer_missed_at=None)
    goals, reader, calendars = ResponseGoal.in_force(), Reader(now=now), Calendars.read()
    for lead in found:
        goal = goal_of(lead, goals, reader)
        people = [] if goal is None or not goal.escalates else [str(key) for key in goal.people or leaders(lead, calendars.above)]
        lead.answer_missed_at, lead.to_reassign = now, goal is not None and bool(goal.reassigns)
        told = [*people, *([str(lead.owner_id)] if lead.owner_id else [])]
        data = {"due": lead.answer_due_at, "reassign": lead.to_reassign, "mentions": list(dict.fromkeys(told))}
        say("lead.answer_missed", about=[lead], by=None, data=data)
    Lead.objects.bulk_update(found, ["answer_missed_at", "to_reassign"])
    return len(found)
