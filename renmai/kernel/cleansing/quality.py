"""How good the data of a type is and how it has become so: what the page and the API tell."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Missing
from renmai.kernel.cleansing.measure import is_measured, measured
from renmai.kernel.cleansing.model import QualityDay
from renmai.kernel.cleansing.preview import cleansable
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

DAYS = 90
WIDE, HIGH = 100, 24


@dataclass(frozen=True)
class Line:
    """One field.

    Attributes:
        days: its measurements, the oldest first.
        can_tidy: the person may tidy it.
    """

    spec: FieldSpec
    days: list[QualityDay]
    can_tidy: bool

    @property
    def now(self) -> QualityDay:
        """The last measurement."""
        return self.days[-1]

    @property
    def change(self) -> int:
        """By how many points of percent the share of good values has grown."""
        return self.now.is_good - self.days[0].is_good

    @property
    def points(self) -> str:
        """The trend as the points of a line in a field of 100 by 24, the best above."""
        last = max(len(self.days) - 1, 1)
        return " ".join(f"{place * WIDE // last},{HIGH - day.is_good * HIGH // 100}" for place, day in enumerate(self.days))

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        now = self.now
        counts = {name: getattr(now, name) for name in ("rows", "filled", "valid", "untidy", "repeated", "stale")}
        trend = [{"day": day.day.isoformat(), "good": day.is_good} for day in self.days]
        return {"field": self.spec.name, "label": str(self.spec.label), "day": now.day.isoformat(), **counts, "trend": trend}


def require_open(kind: RecordType, by: User) -> None:
    """The numbers are of all records: only who may see all of them is told.

    Raises:
        Forbidden: the person may see some only.
        Missing: the type is not measured.
    """
    if not is_measured(kind):
        raise Missing(_("There is no such page."))
    if by.access.scope(kind.slug, "view").level != "all":
        raise Forbidden(_("The quality of data is told to those who may see all of it."))


def open_kinds(by: User) -> list[RecordType]:
    """The types whose quality a person is told."""
    return [kind for kind in registry.all() if is_measured(kind) and by.access.scope(kind.slug, "view").level == "all"]


def lines(kind: RecordType, by: User) -> list[Line]:
    """The measured fields that the person may see, in the order of the form."""
    since = timezone.localdate() - dt.timedelta(days=DAYS)
    found: dict[str, list[QualityDay]] = defaultdict(list)
    for day in QualityDay.objects.filter(type=kind.slug, day__gte=since).order_by("day"):
        found[day.field].append(day)
    hidden, tidy = by.access.hidden(kind), {spec.name for spec in cleansable(kind, by)}
    specs = [spec for spec in measured(kind) if spec.name in found and spec.name not in hidden]
    return [Line(spec, found[spec.name], spec.name in tidy and by.may("edit", kind)) for spec in specs]


def overall(kind: RecordType, by: User) -> dict[str, Any]:
    """A type in one line: how much of it is filled and valid, and how much could be tidied."""
    found = lines(kind, by)
    rows, valid = sum(line.now.rows for line in found), sum(line.now.valid for line in found)
    return {"kind": kind, "good": valid * 100 // rows if rows else None, "untidy": sum(line.now.untidy for line in found)}
