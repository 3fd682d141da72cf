"""What a chart asks, and the shape in which that is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

KEYS = {"type", "filter", "by", "sum"}


@dataclass(frozen=True)
class Asks:
    """What a chart asks.

    Attributes:
        type: slug of the records.
        filter: criteria: which of them.
        by: what they are grouped by, ``stage`` or ``close_on:month``.
        sum: the number that is added up; empty to count.
    """

    type: str
    by: str
    filter: Any = field(default_factory=dict)
    sum: str = ""

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Asks:
        """What was kept."""
        return cls(str(kept.get("type", "")), str(kept.get("by", "")), kept.get("filter") or {}, str(kept.get("sum", "")))

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"type": self.type, "filter": self.filter, "by": self.by, "sum": self.sum}

    def check(self, kind: RecordType) -> None:
        """Raise ``Invalid`` for a name or a condition that does not exist."""
        from renmai.kernel.criteria import parse
        from renmai.kernel.records.groups import groupable, summable

        parse(self.filter, kind)
        groupable(kind, self.by)
        if self.sum:
            summable(kind, self.sum)


def asks(raw: Any) -> dict[str, Any]:
    """``{"type": "opportunities", "filter": {}, "by": "close_on:month", "sum": "amount"}``.

    Raises:
        ValueError: with a sentence for people.
    """
    from renmai.kernel.records.types import registry

    if not isinstance(raw, dict) or set(raw) - KEYS or not all(isinstance(raw.get(name, ""), str) for name in ("type", "by", "sum")):
        raise ValueError(_('What a chart shows is written as {"type": "leads", "filter": {}, "by": "status", "sum": ""}.'))
    made = Asks.of(raw)
    kind = registry.get(made.type)
    if kind is None:
        raise ValueError(_("“%(name)s” is no type of record.") % {"name": made.type[:40]})
    try:
        made.check(kind)
    except Invalid as problem:
        raise ValueError(str(problem)) from None
    return made.as_json()
