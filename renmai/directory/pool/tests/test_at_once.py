"""Many people claim at the same instant from several processes: exactly one has each lead, and nobody passes a limit."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, connections

from renmai.directory.pool.model import PoolMove
from renmai.kernel.access.user import Team, User
from renmai.kernel.actions.errors import Refusal
from renmai.kernel.actions.run import run
from renmai.kernel.overlay import version
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.sales.lead.model import Lead

PROCESSES, EACH, LIMIT = 6, 4, 3
LEADS = registry["leads"]


def _drop_connection() -> None:
    """A process that was forked speaks to the database by itself."""
    connection.close()
    if connection.settings_dict.get("OPTIONS", {}).get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]


def _claim(start: Any, person: Any, keys: list[Any]) -> None:
    version.refresh()
    start.wait()
    for key in keys:
        with suppress(Refusal):
            run(LEADS, "claim", key, by=User.objects.get(pk=person))
    connections.close_all()


def _claimers(start: Any, people: list[Any], keys: list[Any]) -> None:
    threads = [threading.Thread(target=_claim, args=(start, person, keys)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(50)
    _drop_connection()


@pytest.mark.whole
@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_has_each_lead_within_the_limit(alice: User, bob: User, dao: User, north: Team) -> None:
    pool = create(registry["pools"], {"name": "Bangkok", "teams": [str(north.pk)], "daily_limit": LIMIT, "holding_limit": LIMIT}, dao)
    keys = [create(LEADS, {"name": f"Lead {number}", "owner": None, "pool": str(pool.pk)}, dao).pk for number in range(8)]
    _drop_connection()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(PROCESSES * EACH)
    people = [[alice.pk, bob.pk] * (EACH // 2)] * PROCESSES
    working = [context.Process(target=_claimers, args=(start, mine, keys)) for mine in people]
    for process in working:
        process.start()
    for process in working:
        process.join(60)
    assert [process.exitcode for process in working] == [0] * PROCESSES
    assert Counter(Lead.objects.values_list("owner__name", flat=True)) == {"Alice": LIMIT, "Bob": LIMIT, None: 8 - 2 * LIMIT}
    claimed = list(PoolMove.objects.filter(how="claimed").values_list("record_id", flat=True))
    assert len(claimed) == len(set(claimed)) == 2 * LIMIT
