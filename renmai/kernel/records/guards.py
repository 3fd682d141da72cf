"""Who is asked before a record changes: what waits for somebody's word stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.actions.errors import Refusal
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

Guard = Callable[["RecordType", "Sequence[Record]", str, "User | None"], "Mapping[Any, Refusal]"]
_guards: list[Guard] = []


def guards(function: Guard) -> Guard:
    """Ask the function before records of a type are changed, deleted or acted on; it answers with its refusals, by their ids."""
    _guards.append(function)
    return function


def require_free(kind: RecordType, record: Record, verb: str, by: User | None) -> None:
    """Let every guard look at what is about to happen to a locked record.

    Args:
        verb: ``edit``, ``delete``, or the name of an action.
        by: who does it; None for the system.

    Raises:
        Refusal: that of the first guard that has one.
    """
    gate(kind, [record], verb, by)(record)


def gate(kind: RecordType, records: Sequence[Record], verb: str, by: User | None) -> Callable[[Record], None]:
    """``require_free`` for each of many records, of which every guard is asked once and now."""
    refused: dict[Any, Refusal] = {}
    for guard in _guards:
        refused = {**guard(kind, records, verb, by), **refused}

    def require(record: Record) -> None:
        if record.pk in refused:
            raise refused[record.pk]

    return require
