"""Stretches of the calendar that rows are grouped by: ``close_on:month``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateField
from django.db.models.functions import Trunc
from django.utils.translation import gettext_lazy

from renmai.kernel.criteria.windows import shift
from renmai.kernel.locale.dates import format_date, format_period
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from renmai.kernel.records.spec import FieldSpec

PERIODS = {
    "day": gettext_lazy("By day"),
    "week": gettext_lazy("By week"),
    "month": gettext_lazy("By month"),
    "quarter": gettext_lazy("By quarter"),
    "year": gettext_lazy("By year"),
}
TIMES = {"date", "moment"}


@dataclass(frozen=True)
class Period:
    """One of the stretches.

    Attributes:
        unit: a key of ``PERIODS``; a week begins on Monday.
    """

    unit: str

    def expression(self, spec: FieldSpec, zone: ZoneInfo) -> Trunc:
        """The first day of the stretch that a row's date lies in; of a moment, in the zone."""
        return Trunc(spec.column, self.unit, output_field=DateField(), tzinfo=zone if spec.kind == "moment" else None)

    def key(self, first: dt.date) -> str:
        """As programs name it: ``2026-11-22``, ``2026-W47``, ``2026-11``, ``2026-Q4``, ``2026``."""
        if self.unit == "week":
            return f"{first:%G-W%V}"
        quarter = f"{first.year:04}-Q{(first.month + 2) // 3}"
        return {"day": first.isoformat(), "month": first.isoformat()[:7], "quarter": quarter, "year": f"{first.year:04}"}[self.unit]

    def label(self, first: dt.date) -> str:
        """As its reader writes it."""
        if self.unit in {"day", "week"}:
            return format_date(first, current())
        return format_period(first, self.unit, current())

    def last(self, first: dt.date) -> dt.date:
        """Its last day."""
        return self.following(first) - dt.timedelta(days=1)

    def following(self, first: dt.date) -> dt.date:
        """The first day of the next one."""
        return shift(first, 1, self.unit)


def split(by: str) -> tuple[str, Period | None]:
    """Field and stretch of ``close_on:month``; without a stretch, or with one that there is not, None."""
    name, _colon, unit = by.partition(":")
    return name, Period(unit) if unit in PERIODS else None


def criteria_of(spec: FieldSpec, period: Period | None, key: Any) -> dict[str, Any]:
    """The criteria that find the rows of one group.

    Args:
        key: the value that was grouped by; of a stretch its first day.
    """
    if key in (None, ""):
        return {"field": spec.name, "op": "is_empty"}
    if period is not None:
        return {"field": spec.name, "op": "between", "value": [key.isoformat(), period.last(key).isoformat()]}
    return {"field": spec.name, "op": "eq", "value": key if isinstance(key, bool) else str(key)}
