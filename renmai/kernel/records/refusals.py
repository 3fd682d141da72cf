"""Why one of many could not be stored, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.store import broken, require_valid
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


def sentence(kind: RecordType, problem: Exception) -> str:
    """Why something could not be stored, with the labels of the fields."""
    if not isinstance(problem, Invalid):
        return str(problem)
    parts = [(kind.fields[name].label if name in kind.fields else name, text) for name, texts in problem.errors.items() for text in texts]
    return " ".join(f"{label}: {text}" if label else str(text) for label, text in parts)


def refusal_of(kind: RecordType, record: Record, problem: DatabaseError) -> str:
    """The sentence of the rule by which the database refused one of many, as the one-by-one way tells it."""
    try:
        require_valid(record)
    except Invalid as told:
        return sentence(kind, told)
    return sentence(kind, Invalid(broken(problem)))
