"""The clock begins, goes over to another, and stops."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from renmai.kernel.facts import Fact, listens
from renmai.kernel.overlay import version
from renmai.kernel.records.pages.news import add_news
from renmai.sales.lead.model import Lead
from renmai.sales.qualification.listeners import TOUCHES, contacts
from renmai.sales.response.clock import CLOCK, answer, look, start

add_news("answer", lambda record: isinstance(record, Lead) and record.awaits_answer())
GIVEN = ["lead.assigned", "lead.claimed", "lead.given_back", "lead.transferred", "lead.recycled", "lead.updated"]


@listens("lead.created")
def arrive(facts: list[Fact]) -> None:
    """New leads wait to be answered."""
    _set_clock(facts)


@listens(*GIVEN)
def hand_over(facts: list[Fact]) -> None:
    """Another owner has other working hours."""
    meant = [fact for fact in facts if not fact.kind.endswith(".updated") or "owner" in fact.data.get("fields", [])]
    _set_clock(meant)


def _set_clock(facts: list[Fact]) -> None:
    held = {fact.subjects[0].pk: fact.subjects[0] for fact in facts}  # type: ignore[attr-defined]
    leads = list(Lead.objects.live().filter(pk__in=list(held), answered_at=None).select_related("owner")) if held else []
    start(leads, timezone.now())
    for lead in leads:
        if isinstance(held[lead.pk], Lead):  # whoever holds it reads on
            held[lead.pk].__dict__.update({name: getattr(lead, name) for name in CLOCK})


@listens(*TOUCHES)
def stop(facts: list[Fact]) -> None:
    """A contact that took place is an answer, whoever gave it."""
    touched: dict[Any, dt.datetime] = {}
    for contact, lead in contacts(facts):
        touched[lead] = min(contact.happened_at, touched.get(lead, contact.happened_at))
    if touched:
        answer(touched, facts[0].by)


@app.periodic(cron="*/5 * * * *")
@app.task(name="renmai.first-answers", queueing_lock="renmai.first-answers")
def look_again(timestamp: int) -> None:
    """Every five minutes: as long as there are any, a thousand at a time."""
    version.refresh()
    while True:
        with transaction.atomic():
            done = look()
        if not any(done):
            return
