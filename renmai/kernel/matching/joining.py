"""The actions that take records of other types in, which a record turned out to be: a lead is converted into the person who is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from renmai.kernel.actions.action import Action
    from renmai.kernel.matching.telling import Told
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType


@dataclass(frozen=True)
class Way:
    """An action whose form comes with the records filled in."""

    action: Action
    address: str

    @property
    def label(self) -> Any:
        return self.action.label

    @property
    def icon(self) -> str:
        return self.action.icon


def ways_into(kind: RecordType, record: Record, found: Sequence[Told]) -> list[Way]:
    """The actions of a type that ask for links to such records; of each type the likeliest is filled in."""
    best = {one.record_type: one.record.pk for one in reversed(found) if one.record is not None}
    made = []
    for action in kind.actions:
        given = {spec.name: best[spec.target] for spec in action.specs.values() if spec.kind == "link" and spec.target in best}
        if given:
            made.append(Way(action, f"{kind.path(record)}do/{action.name}/?{urlencode(given)}"))
    return made
