"""A chart as one person sees it: values, labels, and the list behind each of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.charts.asks import Asks
from renmai.kernel.criteria import stored, to_q
from renmai.kernel.criteria.reader import Reader
from renmai.kernel.criteria.tree import Broken
from renmai.kernel.overlay.company import company
from renmai.kernel.records.groups import HIDDEN, MAX_GROUPS, Group, counted, groupable, hidden_among, summable
from renmai.kernel.records.listing import Question
from renmai.kernel.records.periods import Period, criteria_of, split
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui import show

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MOST = 24
MOST_PERIODS = 120


@dataclass(frozen=True)
class Slice:
    """One value of a chart.

    Attributes:
        value: what is drawn; ``text`` as its reader writes it, ``short`` where there is little room.
        href: the list of its records; empty where there is none to show.
    """

    label: str
    value: Decimal
    text: str
    short: str
    href: str = ""


@dataclass
class Drawing:
    """What a chart shows.

    Attributes:
        by: what the values are grouped by; ``measure`` what they are.
        trouble: a sentence, where it cannot be drawn.
        notes: sentences about what is not in it.
    """

    by: Any = ""
    measure: Any = ""
    slices: list[Slice] = field(default_factory=list)
    total: str = ""
    href: str = ""
    trouble: str = ""
    notes: list[str] = field(default_factory=list)


def draw(asks: Asks, by: User) -> Drawing:
    """Ask for a chart under a person's rights. What it names and is gone, or hidden from the person, is said in place of the chart."""
    kind = registry.get(asks.type)
    if kind is None or not by.may("view", kind):
        return Drawing(trouble=_("These records no longer exist, or you may not see them."))
    node = stored(asks.filter, kind, by)
    if isinstance(node, Broken):
        return Drawing(trouble=node.reason)
    try:
        spec, period, summed = named(asks, kind, by)
    except Invalid as problem:
        return Drawing(trouble=str(problem))
    found = counted(Question(kind, by, to_q(node, Reader.of(by))), asks.by, asks.sum)
    drawing = Artist(asks, kind, spec, period, summed).drawn(found.groups)
    if found.is_cut:
        drawing.notes.append(_("There are more than %(count)s groups: the others are not in it.") % {"count": show.number(MAX_GROUPS)})
    return drawing


def named(asks: Asks, kind: RecordType, by: User) -> tuple[FieldSpec, Period | None, FieldSpec | None]:
    """The fields that a chart names.

    Raises:
        Invalid: one of them is gone, or hidden from the person.
    """
    hidden = hidden_among(kind, by, split(asks.by)[0], asks.sum)
    if hidden:
        raise Invalid({"by": [_("The field “%(name)s” no longer exists, or you may not see it.") % {"name": hidden.pop()}]})
    spec, period = groupable(kind, asks.by)
    return spec, period, summable(kind, asks.sum) if asks.sum else None


@dataclass(frozen=True)
class Artist:
    """Puts what was counted in order and in words."""

    asks: Asks
    kind: RecordType
    spec: FieldSpec
    period: Period | None
    summed: FieldSpec | None

    def drawn(self, groups: list[Group]) -> Drawing:
        """The chart of these groups."""
        ordered = self.without_gaps(groups) if self.period else self.in_order(groups)
        kept, rest = (ordered, []) if self.period or len(ordered) <= MOST else (ordered[: MOST - 1], ordered[MOST - 1 :])
        slices = [self.slice(group) for group in kept]
        if rest:
            slices.append(self.made(_("Others"), sum((self.value(group) for group in rest), Decimal()), ""))
        measure = capfirst(self.summed.label) if self.summed else capfirst(self.kind.label_plural)
        total = self.written(sum((self.value(group) for group in groups), Decimal()))
        return Drawing(capfirst(self.spec.label), measure, slices, total, self.address([]), notes=self.notes(groups))

    def in_order(self, groups: list[Group]) -> list[Group]:
        """Choices and positions in their own order, all else the largest first; what is empty or hidden last."""
        ranks = self.ranks()
        return sorted(groups, key=lambda group: (group.key in (None, "", HIDDEN), ranks.get(group.key, len(ranks)), -self.value(group)))

    def ranks(self) -> dict[Any, int]:
        """The place of each value among those that have one."""
        if self.spec.kind == "choice":
            return {value: place for place, (value, _label) in enumerate(self.spec.choices)}
        model = self.spec.target_model if self.spec.kind == "link" else None
        if model is None or "position" not in {column.name for column in model._meta.fields}:
            return {}
        return {key: place for place, key in enumerate(model.objects.order_by("position", "pk").values_list("pk", flat=True))}

    def without_gaps(self, groups: list[Group]) -> list[Group]:
        """Every stretch between the first and the last, the latest where there are too many."""
        dated = {group.key: group for group in groups if group.key is not None}
        days, day, end = [], min(dated, default=None), max(dated, default=None)
        while self.period and day is not None and end is not None and day <= end:
            days.append(day)
            day = self.period.following(day)
        undated = [group for group in groups if group.key is None]
        found = [dated.get(day) or Group(day, self.period.label(day), 0, {}, False) for day in days[-MOST_PERIODS:] if self.period]
        return [*found, *undated]

    def value(self, group: Group) -> Decimal:
        """What is drawn for a group: money of the company's currency only."""
        if self.summed is None:
            return Decimal(group.count)
        return group.sums.get(company().currency, Decimal()) if group.of_money else sum(group.sums.values(), Decimal())

    def slice(self, group: Group) -> Slice:
        """One value of the chart."""
        leaf = criteria_of(self.spec, self.period, group.key) if group.key is not HIDDEN else None
        return self.made(group.label, self.value(group), self.address([leaf]) if leaf and group.count else "")

    def made(self, label: str, value: Decimal, href: str) -> Slice:
        """A value with its words."""
        short = show.short_money(value, company().currency if self.is_money else "")
        return Slice(label, value, self.written(value), short, href)

    @property
    def is_money(self) -> bool:
        """Money is added up."""
        return self.summed is not None and self.summed.kind == "money"

    def written(self, value: Decimal) -> str:
        """A value as its reader writes it."""
        return show.money(value, company().currency) if self.is_money else show.number(value)

    def address(self, also: Iterable[dict[str, Any]]) -> str:
        """The list of the records that are counted, narrowed to some of them."""
        parts = [*([self.asks.filter] if self.asks.filter else []), *also]
        tree = parts[0] if len(parts) == 1 else {"and": parts}
        return f"{self.kind.path()}?{urlencode({'filter': json.dumps(tree, ensure_ascii=False)})}" if parts else self.kind.path()

    def notes(self, groups: list[Group]) -> list[str]:
        """What is not in the chart: amounts in currencies for which there is no rate."""
        others: dict[str, Decimal] = {}
        for group in groups if self.is_money else []:
            for code, value in group.sums.items():
                if code != company().currency and value:
                    others[code] = others.get(code, Decimal()) + value
        if not others:
            return []
        amounts = ", ".join(show.money(value, code) for code, value in sorted(others.items()))
        return [_("Amounts in other currencies are not in it: %(amounts)s.") % {"amounts": amounts}]
