"""Rows counted and summed by a field: what boards, charts and the groups API read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.overlay.company import company
from renmai.kernel.records.kinds import amount, plain
from renmai.kernel.records.listing import Question
from renmai.kernel.records.periods import PERIODS, TIMES, Period, split
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

GROUPABLE = {"choice", "pick", "link", "boolean", "country", "currency", "date", "moment"}
SUMMABLE = {"money", "decimal", "integer"}
MAX_GROUPS = 2_000
HIDDEN = object()
KEY = "group_key"
Found = dict[Any, list[dict[str, Any]]]


def ways_to_group(kind: RecordType) -> list[str]:
    """What `groupable` takes: names of fields, and of days and moments with each stretch of the calendar."""
    specs = [spec for spec in kind.fields.values() if spec.kind in GROUPABLE and spec.indexed]
    plain = [spec.name for spec in specs if spec.kind not in TIMES or spec.kind == "date"]
    return sorted([*plain, *(f"{spec.name}:{unit}" for spec in specs if spec.kind in TIMES for unit in PERIODS)])


def groupable(kind: RecordType, by: str) -> tuple[FieldSpec, Period | None]:
    """The field to group by, and for days and moments the stretch: ``close_on:month``.

    Raises:
        Invalid: no such field, or one whose values are too many to group.
    """
    name, period = split(by)
    spec = kind.fields.get(name)
    valid = sorted(spec.name for spec in kind.fields.values() if spec.kind in GROUPABLE and spec.indexed)
    if spec is not None and name in valid and spec.kind in TIMES and (period or (spec.kind == "date" and ":" not in by)):
        return spec, period or Period("day")
    if spec is not None and name in valid and spec.kind in TIMES:
        raise Invalid({"by": [_("Say how days are grouped: %(valid)s.") % {"valid": ", ".join(f"{name}:{unit}" for unit in PERIODS)}]})
    if spec is None or name not in valid or ":" in by:
        raise Invalid({"by": [_("Rows cannot be grouped by “%(name)s”, only by: %(valid)s.") % {"name": name, "valid": ", ".join(valid)}]})
    return spec, None


def hidden_among(kind: RecordType, user: User, by: str, total: str) -> set[str]:
    """What is hidden from a person of a field to group by and of one to add up; sums of money tell their currencies, too."""
    summed = kind.fields.get(total)
    currency = {summed.field.currency_field} if summed is not None and summed.kind == "money" else set()
    return user.access.hidden(kind) & {by, total, *currency}


def ways_to_sum(kind: RecordType) -> list[str]:
    """Names of the fields that `summable` takes."""
    return sorted(spec.name for spec in kind.fields.values() if spec.kind in SUMMABLE and spec.name != "version")


def summable(kind: RecordType, name: str) -> FieldSpec:
    """The field to sum.

    Raises:
        Invalid: no such field, or not a number.
    """
    spec = kind.fields.get(name)
    valid = ways_to_sum(kind)
    if spec is None or name not in valid:
        raise Invalid({"sum": [_("“%(name)s” cannot be summed, only: %(valid)s.") % {"name": name, "valid": ", ".join(valid)}]})
    return spec


def groups(question: Question, by: str, total: str = "") -> list[dict[str, Any]]:
    """Count and sums per value of a field, as programs read them: ``told`` without a word about those that are left out."""
    return told(question, by, total)[0]


def told(question: Question, by: str, total: str = "") -> tuple[list[dict[str, Any]], bool]:
    """Count and sums per value of a field, as programs read them.

    Returns:
        ``{"key", "label", "count", "sums": [{"currency", "sum"}], "base_sum"}`` each, most frequent first, stretches of the
        calendar in their order; and whether there are more of them than ``MAX_GROUPS``, which are left out. ``base_sum`` is the
        sum in the company's currency, or None where other currencies take part.
    """
    _spec, period = groupable(question.kind, by)
    found = counted(question, by, total)
    made = [group.as_json(period) for group in found.groups]
    in_order = period is not None and ":" in by
    return made if in_order else sorted(made, key=lambda group: -group["count"]), found.is_cut


@dataclass
class Group:
    """The rows that have one value.

    Attributes:
        key: as the column holds it; of a stretch of the calendar its first day; ``HIDDEN`` for all that may not be told apart.
        sums: by currency; a number without currency stands under ``""``.
    """

    key: Any
    label: str
    count: int
    sums: dict[str, Decimal]
    of_money: bool

    def as_json(self, period: Period | None = None) -> dict[str, Any]:
        """As the API tells it."""
        base, key = company().currency, self.key
        plain_key = key if isinstance(key, bool) else period.key(key) if period and isinstance(key, dt.date) else str(key)
        known = bool(self.sums) and set(self.sums) <= {base, ""}
        return {
            "key": None if key in (None, "", HIDDEN) else plain_key,
            "label": self.label,
            "count": self.count,
            "sums": [{"currency": code or None, "sum": _text(value, code)} for code, value in sorted(self.sums.items())],
            "base_sum": _text(sum(self.sums.values(), Decimal(0)), base if self.of_money else "") if known else None,
        }


@dataclass(frozen=True)
class Counted:
    """What rows were counted into; ``is_cut`` where there are more groups, of fewer rows or of an earlier time."""

    groups: list[Group]
    is_cut: bool


def counted(question: Question, by: str, total: str = "") -> Counted:
    """Count and sums per value of a field; stretches of the calendar in their order, rows without a date last.

    Args:
        by: a field that can be grouped by, ``stage`` or ``close_on:month``.
        total: a number to sum.

    Raises:
        Invalid: one of the two names no such field.
    """
    kind = question.kind
    (spec, period), summed = groupable(kind, by), summable(kind, total) if total else None
    currency = summed.field.currency_field if summed is not None and summed.kind == "money" else None
    column = F(spec.column) if period is None else period.expression(spec, Reader.of(question.by).zone)
    measures: dict[str, Any] = {"n": Count("pk"), **({"s": Sum(summed.column)} if summed is not None else {})}
    rows = question.rows().order_by().annotate(**{KEY: column})
    order = [F("n").desc(), KEY] if period is None or ":" not in by else [F(KEY).desc(nulls_first=True)]
    found, is_cut = _counted(rows, [currency] if currency else [], measures, order)
    labels = labels_of(spec, list(found), question) if period is None else {day: period.label(day) for day in found if day is not None}
    if spec.kind == "link":
        _hide(found, labels)
    made = [_group(key, rows, labels, currency) for key, rows in found.items()]
    in_order = made if period is None else sorted(made, key=lambda group: (group.key is None, group.key or dt.date.min))
    return Counted(in_order, is_cut)


def _counted(rows: Any, split_by: list[str], measures: dict[str, Any], order: list[Any]) -> tuple[Found, bool]:
    """The first groups in an order, each whole, however many currencies it has; and whether there are more."""
    found: Found = defaultdict(list)
    for row in rows.values(KEY, *split_by).annotate(**measures).order_by(*order)[: MAX_GROUPS + 1]:
        found[row[KEY]].append(row)
    if sum(map(len, found.values())) <= MAX_GROUPS:
        return found, False
    first = rows.values(KEY).annotate(n=measures["n"]).order_by(*order)[: MAX_GROUPS + 1]
    keys = [row[KEY] for row in first]
    within = Q(**{f"{KEY}__in": [key for key in keys[:MAX_GROUPS] if key is not None]})
    among = rows.filter(within | Q(**{f"{KEY}__isnull": True}) if None in keys[:MAX_GROUPS] else within)
    found = defaultdict(list)
    for row in among.values(KEY, *split_by).annotate(**measures):
        found[row[KEY]].append(row)
    return found, len(keys) > MAX_GROUPS


def _hide(found: dict[Any, list[dict[str, Any]]], labels: dict[Any, str]) -> None:
    """Put what is linked to records that the person may not see into one group that does not tell which."""
    for key in [key for key in found if key is not None and key not in labels]:
        found[HIDDEN] += found.pop(key)
        labels[HIDDEN] = _("Hidden")


def labels_of(spec: FieldSpec, keys: list[Any], question: Question) -> dict[Any, str]:
    """What people call each value."""
    if spec.kind == "link":
        return dict(titles_of({str(spec.target): set(keys)}, question.by).get(str(spec.target), {}))
    if spec.kind == "boolean":
        return {True: _("Yes"), False: _("No")}
    known = dict(spec.choices)
    return {key: str(known.get(key, key)) for key in keys if key not in (None, "")}


def _group(key: Any, rows: list[dict[str, Any]], labels: dict[Any, str], currency: str | None) -> Group:
    """Amounts are in the company's currency where their record says none; a currency in which there is no amount is none of the sums."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    otherwise = company().currency if currency is not None else ""
    for row in rows:
        if row.get("s") is not None:
            sums[(row[currency] if currency else "") or otherwise] += row["s"]
    label = labels.get(key, _("None") if key in (None, "") else "")
    return Group(key, label, sum(row["n"] for row in rows), dict(sums), currency is not None)


def _text(value: Decimal, currency: str) -> str:
    return amount(value, currency) if currency else plain(value)
