"""How many first answers came in time, by person and by team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.utils import timezone

from renmai.kernel.records.reading import titles_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from renmai.kernel.access.user import User

BY = {"owner": "users", "team": "teams"}


@dataclass(frozen=True)
class Kept:
    """How one person, or one team, keeps the goals.

    Attributes:
        key: id of the person or team; None for leads that are nobody's.
        in_time, late: answered so; overdue: not answered, and time is up; waiting: not answered, and there is time.
    """

    key: Any
    title: str
    in_time: int
    late: int
    overdue: int
    waiting: int

    @property
    def share(self) -> float | None:
        """Of those whose time is up or that are answered, those that were answered in time, 0 to 1."""
        ended = self.in_time + self.late + self.overdue
        return round(self.in_time / ended, 4) if ended else None

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        counts = {"in_time": self.in_time, "late": self.late, "overdue": self.overdue, "waiting": self.waiting}
        return {"id": str(self.key) if self.key else None, "title": self.title, **counts, "share": self.share}


def kept(leads: QuerySet[Any], by: User, of: str) -> list[Kept]:
    """The goals of some leads, by ``owner`` or ``team``, those with most leads first.

    Args:
        leads: those that the reader may see.
    """
    now = timezone.now()
    open_ = Q(answered_at=None)
    rows = (
        leads.filter(answer_due_at__isnull=False)
        .order_by()
        .values_list(f"{of}_id")
        .annotate(
            in_time=Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))),
            late=Count("pk", filter=Q(answered_at__gt=F("answer_due_at"))),
            overdue=Count("pk", filter=open_ & Q(answer_due_at__lt=now)),
            waiting=Count("pk", filter=open_ & Q(answer_due_at__gte=now)),
        )
    )
    found = sorted(rows, key=lambda row: (-sum(row[1:]), str(row[0])))
    names = titles_of({BY[of]: {row[0] for row in found if row[0]}}, by).get(BY[of], {})
    return [Kept(key, str(names.get(key) or ""), *counts) for key, *counts in found]
