"""My day: what is overdue, what is due, whom one meets, and what is done already."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils import timezone

from renmai.activity.agenda.entries import Entry, entries, kinds, of
from renmai.activity.agenda.postponing import Way, ways
from renmai.activity.agenda.showing import ask_address
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.windows import midnight, next_midnight

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.actions.action import Action
    from renmai.kernel.records.types import RecordType

MOST = 200  # of a type; whoever has more overdue sees the rest in the list
TIMED = {"calls", "meetings", "visits"}


@dataclass(frozen=True)
class Row:
    """An entry of the day.

    Attributes:
        finish: the action that marks it as done, where the person may.
        is_late: its time has passed.
    """

    entry: Entry
    finish: Action | None
    is_late: bool
    may_move: bool

    @property
    def ask(self) -> str:
        """The dialog in which it is looked at and moved."""
        return ask_address(self.entry)


class MyDay:
    """The day of a person, in their zone."""

    def __init__(self, by: User) -> None:
        self.by, self.now = by, timezone.now()
        zone = Reader.of(by).zone
        self.date = self.now.astimezone(zone).date()
        self.first, self.last = midnight(self.date, zone), next_midnight(self.date, zone)

    @cached_property
    def kinds(self) -> list[RecordType]:
        """The types that stand in it."""
        return kinds(self.by)

    @cached_property
    def entries(self) -> list[Entry]:
        """What is open and due by tonight, and what was done today: a query for each type."""
        return entries([(kind, list(self._rows(kind))) for kind in self.kinds], self.by)

    def _rows(self, kind: RecordType) -> Any:
        due = Q(done_at=None, due_at__lt=self.last)
        done = Q(done_at__gte=self.first, done_at__lt=self.last)
        rows = kind.model.objects.visible_to(self.by).filter(due | done, of(kind, [self.by.pk]))
        return rows.order_by(F("due_at").desc(nulls_last=True), "id")[:MOST]

    @cached_property
    def late(self) -> list[Row]:
        """What should have been done on an earlier day, the oldest first."""
        return self._shown(entry for entry in self.entries if not entry.is_done and entry.start < self.first)

    @cached_property
    def appointments(self) -> list[Row]:
        """Calls, meetings and visits of today that are still to come or not told of, in order of time."""
        return self._shown(entry for entry in self._today() if entry.kind.slug in TIMED)

    @cached_property
    def to_do(self) -> list[Row]:
        """Tasks and follow-ups of today, in order of time."""
        return self._shown(entry for entry in self._today() if entry.kind.slug not in TIMED)

    @cached_property
    def done(self) -> list[Entry]:
        """What was done today, the latest first."""
        found = [entry for entry in self.entries if entry.is_done]
        return sorted(found, key=lambda entry: entry.record.done_at, reverse=True)

    @property
    def open(self) -> int:
        """How much is left."""
        return len(self.late) + len(self.appointments) + len(self.to_do)

    @cached_property
    def ways(self) -> list[Way]:
        """The days to which something can be postponed."""
        return ways(self.by)

    def _today(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_done and entry.start >= self.first]

    def _shown(self, found: Any) -> list[Row]:
        return [Row(entry, self._finish(entry), entry.is_late(self.now), self._may_move(entry)) for entry in found]

    def _finish(self, entry: Entry) -> Action | None:
        """Whether it may be done is asked again when it is: here only of the type, so that rows ask nothing."""
        action = entry.kind.action("done")
        return action if action is not None and action.is_for(entry.record, self.by) and self.by.may(action.may, entry.kind) else None

    def _may_move(self, entry: Entry) -> bool:
        return entry.is_planned and self.by.may("edit", entry.kind)
