"""When a record goes back, to which pool and why, as its page and the API tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from renmai.directory.pool.model import Pool
from renmai.directory.recycling.actions import lock_of, open_request
from renmai.directory.recycling.forecast import Due, forecast
from renmai.directory.recycling.model import Reprieve
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


@dataclass(frozen=True)
class Standing:
    """How a record stands.

    Attributes:
        due: when it goes, or None.
        pool: to which, or None.
        lock: what holds it, or None.
        asked: the owner's request for more time that waits for an answer, or None.
    """

    record: Any
    due: Due | None
    pool: Pool | None
    lock: Reprieve | None
    asked: Reprieve | None

    @property
    def is_worth_a_word(self) -> bool:
        """There is something to tell."""
        return self.due is not None or self.lock is not None

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        due, lock, asked = self.due, self.lock, self.asked
        last = getattr(self.record, "last_touch_at", None)
        return {
            "goes_back_at": due.at.isoformat() if due else None,
            "pool": {"id": str(self.pool.pk), "type": "pools", "title": self.pool.title} if self.pool else None,
            "rule": {"id": str(due.rule.pk), "type": "recycling-rules", "title": due.rule.title} if due else None,
            "basis": due.rule.basis if due else None,
            "since": due.started.isoformat() if due else None,
            "more_time_until": due.until.isoformat() if due and due.until else None,
            "last_touch_at": last.isoformat() if last else None,
            "lock": {"reason": lock.reason, "until": lock.until.isoformat() if lock.until else None} if lock else None,
            "asked": {"days": asked.days, "reason": asked.reason, "at": asked.asked_at.isoformat()} if asked else None,
        }


def standing(kind: RecordType, record: Record) -> Standing:
    """How a record stands now."""
    due = forecast(kind, [record.pk], timezone.now()).get(record.pk)
    pool = Pool.objects.filter(pk=due.pool).first() if due is not None else None
    return Standing(record, due, pool, lock_of(record), open_request(record))
