"""Several processes make leads at the same instant: shares come out exactly, and no limit is passed."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from renmai.kernel.access.user import User
from renmai.kernel.facts import Fact
from renmai.kernel.overlay import version
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.sales.lead.model import Lead

PROCESSES, EACH = 4, 50
PLACES = ["TH", "TW"]


def _drop_connection() -> None:
    """A process that was forked speaks to the database by itself."""
    connection.close()
    if connection.settings_dict.get("OPTIONS", {}).get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]


def _make(start: Any) -> None:
    version.refresh()
    start.wait()
    for number in range(EACH):
        create(registry["leads"], {"name": f"Lead {number}", "owner": None, "country": PLACES[number % 10 == 0]}, None)
    _drop_connection()


@pytest.mark.whole
@pytest.mark.django_db(transaction=True)
def test_two_hundred_leads_over_four_processes_are_shared_exactly(alice: User, bob: User, charlie: User, dao: User) -> None:
    rules, weights = registry["assignment-rules"], [(alice, 2), (bob, 1), (charlie, 1)]
    few = {"field": "country", "op": "eq", "value": "TW"}
    create(rules, {"name": "Few", "position": 1, "criteria": few, "capacity": 5, "receivers": [{"user": str(dao.pk)}]}, dao)
    receivers = [{"user": str(user.pk), "weight": weight} for user, weight in weights]
    create(rules, {"name": "All", "position": 2, "way": "weighted", "receivers": receivers}, dao)
    _drop_connection()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(PROCESSES)
    working = [context.Process(target=_make, args=(start,)) for _ in range(PROCESSES)]
    for process in working:
        process.start()
    for process in working:
        process.join(60)
    assert [process.exitcode for process in working] == [0] * PROCESSES
    shared = Counter(Lead.objects.filter(country="TH").values_list("owner__name", flat=True))
    assert shared == {"Alice": 90, "Bob": 45, "Charlie": 45}
    assert Lead.objects.filter(country="TW", owner=dao).count() == 5
    assert Fact.objects.filter(kind="lead.assigned").count() == 185
