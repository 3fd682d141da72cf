"""Tickets: due by their priority, solved by their status."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.actions.run import run
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry

TICKETS = registry["tickets"]


def ticket(by: User, **values: Any) -> Any:
    """A ticket."""
    return create(TICKETS, {"subject": "It is broken", **values}, by)


@pytest.mark.parametrize(("priority", "hours"), [("urgent", 4), ("high", 8), ("normal", 24), ("low", 72)])
def test_the_priority_sets_the_due_time(alice: User, priority: str, hours: int) -> None:
    made = ticket(alice, priority=priority)
    assert made.due_at - made.created_at == dt.timedelta(hours=hours)


def test_a_given_due_time_is_kept(alice: User) -> None:
    assert ticket(alice, due_at="2026-12-01T09:00:00+07:00").due_at == dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC)


def test_solving_and_reopening(alice: User) -> None:
    made = ticket(alice)
    assert run(TICKETS, "resolve", made.pk, by=alice).item.resolved_at is not None  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        run(TICKETS, "resolve", made.pk, by=alice)
    assert run(TICKETS, "reopen", made.pk, by=alice).item.resolved_at is None  # type: ignore[attr-defined]


def test_closing_by_status_is_a_solution_too(alice: User) -> None:
    assert update(TICKETS, ticket(alice).pk, {"status": "closed"}, alice).resolved_at is not None  # type: ignore[attr-defined]
