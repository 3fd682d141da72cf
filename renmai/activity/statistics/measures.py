"""What is counted of what people do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

CUSTOMERS = "accounts"


@dataclass(frozen=True)
class Measure:
    """One number.

    Attributes:
        slug: the type of the activities.
        at: the moment that says when: of contacts when they took place, of tasks when they were done.
        equal: what else they must be, field → value.
        of_customers: not they are counted, but the customers that they are about, each once.
    """

    name: str
    label: Any
    slug: str
    at: str = "happened_at"
    equal: dict[str, Any] = field(default_factory=dict, hash=False)
    of_customers: bool = False

    @property
    def kind(self) -> RecordType:
        """The type of the activities."""
        return registry[self.slug]

    @property
    def shows(self) -> RecordType:
        """The type of the rows behind the number."""
        return registry[CUSTOMERS] if self.of_customers else self.kind

    def is_open(self, by: User) -> bool:
        """The person may see what it is counted from."""
        kind = registry.get(self.slug)
        if kind is None or not by.may("view", kind) or by.access.hidden(kind) & {"assignee", self.at, *self.equal}:
            return False
        return not self.of_customers or (by.may("view", CUSTOMERS) and "about" not in by.access.hidden(kind))

    def criteria(self, who: dict[str, Any], first: Any, last: Any) -> dict[str, Any]:
        """The filter of the list of the rows behind the number.

        Args:
            who: criteria of whose they are.
            first, last: moments, from and up to.
        """
        ends = [{"field": self.at, "op": "gte", "value": first.isoformat()}, {"field": self.at, "op": "lt", "value": last.isoformat()}]
        same = [{"field": name, "op": "eq", "value": value} for name, value in self.equal.items()]
        tree = {"and": [who, *ends, *same]}
        return {"field": self.slug.replace("-", "_"), "op": "any", "value": tree} if self.of_customers else tree


MEASURES = (
    Measure("visits", _("Visits"), "visits"),
    Measure("customers_visited", _("Customers visited"), "visits", of_customers=True),
    Measure("calls", _("Calls"), "calls"),
    Measure("calls_answered", pgettext_lazy("calls", "Answered"), "calls", equal={"outcome": "answered"}),
    Measure("meetings", _("Meetings"), "meetings"),
    Measure("follow_ups", _("Follow-ups"), "follow-ups"),
    Measure("tasks_done", _("Tasks done"), "tasks", at="done_at"),
)


def open_to(by: User) -> list[Measure]:
    """What a person may have counted."""
    return [measure for measure in MEASURES if measure.is_open(by)]
