"""Who is asked before a record changes: what waits for somebody's word stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

Guard = Callable[["RecordType", "Record", str, "User | None"], None]
_guards: list[Guard] = []


def guards(function: Guard) -> Guard:
    """Ask the function before a record is changed, deleted or acted on; it may refuse."""
    _guards.append(function)
    return function


def require_free(kind: RecordType, record: Record, verb: str, by: User | None) -> None:
    """Let every guard look at what is about to happen to a locked record.

    Args:
        verb: ``edit``, ``delete``, or the name of an action.
        by: who does it; None for the system.
    """
    for guard in _guards:
        guard(kind, record, verb, by)
