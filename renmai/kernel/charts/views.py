"""Making a chart of a list, keeping it, and showing it on the home page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.api.records import visible
from renmai.kernel.charts import pins
from renmai.kernel.charts.asks import Asks
from renmai.kernel.charts.drawing import Drawing, draw
from renmai.kernel.charts.model import Audience, Chart, Look
from renmai.kernel.criteria import stored
from renmai.kernel.criteria.words import in_words
from renmai.kernel.records import store
from renmai.kernel.records.decode import decode
from renmai.kernel.records.groups import GROUPABLE, SUMMABLE
from renmai.kernel.records.pages.door import done, go, page
from renmai.kernel.records.periods import PERIODS, TIMES
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

HERE = "kernel/charts"
FIRST = ("stage", "status")


@dataclass
class Making:
    """A chart of a list, while it is made or looked at.

    Attributes:
        chart: the kept one, if it is one.
    """

    kind: RecordType
    by: User
    asks: Asks
    look: str
    chart: Chart | None = None
    error: str = ""

    @cached_property
    def drawing(self) -> Drawing:
        """What it shows now."""
        return draw(self.asks, self.by)

    @property
    def words(self) -> str:
        """Which records are counted, as a sentence."""
        return in_words(stored(self.asks.filter, self.kind, self.by), current(), self.by) if self.asks.filter else ""

    @property
    def filter_text(self) -> str:
        """The criteria as the address holds them."""
        return json.dumps(self.asks.filter, ensure_ascii=False) if self.asks.filter else ""

    @property
    def ways(self) -> list[tuple[Any, list[tuple[str, Any]]]]:
        """What the records can be grouped by: fields, then days and moments in each of their stretches."""
        hidden = self.by.access.hidden(self.kind)
        specs = [spec for name, spec in self.kind.fields.items() if name not in hidden and spec.kind in GROUPABLE and spec.indexed]
        plain = [(spec.name, capfirst(spec.label)) for spec in specs if spec.kind not in TIMES]
        timed = [
            (capfirst(spec.label), [(f"{spec.name}:{unit}", f"{capfirst(spec.label)}, {label}") for unit, label in PERIODS.items()])
            for spec in specs
            if spec.kind in TIMES
        ]
        return [("", plain), *timed]

    @property
    def sums(self) -> list[tuple[str, Any]]:
        """What can be counted or added up."""
        hidden = self.by.access.hidden(self.kind) | {"version"}
        specs = [spec for name, spec in self.kind.fields.items() if spec.kind in SUMMABLE and name not in hidden]
        return [("", _("Number of records")), *((spec.name, _("Sum: %(field)s") % {"field": spec.label}) for spec in specs)]

    @property
    def looks(self) -> list[tuple[str, Any]]:
        return Look.choices

    @property
    def audiences(self) -> list[tuple[str, Any]]:
        return Audience.choices

    @property
    def audience(self) -> str:
        return str(self.chart.audience) if self.chart else Audience.PERSONAL

    @property
    def is_mine(self) -> bool:
        """The person may change the kept chart."""
        return self.chart is not None and self.by.may("edit", self.chart)

    @property
    def is_pinned(self) -> bool:
        return self.chart is not None and str(self.chart.pk) in pins.ids(self.by)


def _first_way(kind: RecordType, by: User) -> str:
    """What a new chart is grouped by: what the board is, else the first choice or link."""
    hidden = by.access.hidden(kind)
    names = [kind.board.by if kind.board else "", *FIRST, *(name for name, spec in kind.fields.items() if spec.kind in {"choice", "link"})]
    return next(name for name in [*names, "owner"] if name in kind.fields and name not in hidden and kind.fields[name].kind in GROUPABLE)


def _sent(given: Any, by: User, kind: RecordType) -> Making:
    """The chart that an address or a form describes.

    Raises:
        Invalid: the filter is not valid JSON.
    """
    try:
        tree = decode(given.get("filter") or "{}")
    except (ValueError, RecursionError):
        raise Invalid({"filter": [_("The filter is not valid JSON.")]}) from None
    asks = Asks(kind.slug, given.get("by") or _first_way(kind, by), tree, given.get("sum", ""))
    look = given.get("look", "")
    return Making(kind, by, asks, look if look in Look.values else Look.BAR)


@page
def make(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The chart of a list; sent, it is kept under a name."""
    if request.method == "POST":
        return _keep(request, by, kind)
    making = _sent(request.GET, by, kind)
    key = request.GET.get("chart", "")
    if key:
        making.chart = _chart(key, by)
        if "by" not in request.GET:
            making.asks, making.look = Asks.of(making.chart.asks), making.chart.look
    return render(request, f"{HERE}/make.jinja", {"kind": kind, "making": making})


def _chart(key: Any, by: User) -> Chart:
    try:
        return visible(registry.of(Chart), key, by)  # type: ignore[return-value]
    except ValidationError:
        raise Missing(_("There is no such record.")) from None


def _keep(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    making = _sent(request.POST, by, kind)
    key = request.POST.get("chart", "")
    making.chart = _chart(key, by) if key else None
    values = {"name": request.POST.get("name", ""), "asks": making.asks.as_json(), "look": making.look}
    values["audience"] = request.POST.get("audience", Audience.PERSONAL)
    charts = registry.of(Chart)
    try:
        making.asks.check(kind)
        if making.chart is not None and making.is_mine and not request.POST.get("anew"):
            kept: Any = store.update(charts, making.chart.pk, values, by)
        else:
            if not by.may("create", charts):
                raise Forbidden(_("You may not create this."))
            kept = store.create(charts, values, by, via="page")
    except Invalid as problem:
        making.error = str(problem)
        return render(request, f"{HERE}/make.jinja", {"kind": kind, "making": making}, status=422)
    if request.POST.get("pin"):
        pins.pin(by, kept)
    return go(request, f"{kind.path()}chart/?chart={kept.pk}")


@page
def shown(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """A kept chart as a part of the home page."""
    chart = _chart(key, by)
    drawing = draw(Asks.of(chart.asks), by)
    return render(request, f"{HERE}/shown.jinja", {"chart": chart, "drawing": drawing})


@page
def arrange(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Pin a chart to one's home page, move it there, or take it off."""
    if request.method != "POST":
        raise Missing(_("There is no such page."))
    chart = _chart(key, by)
    match request.POST.get("do"):
        case "pin":
            pins.pin(by, chart)
        case "unpin":
            pins.unpin(by, chart)
        case "earlier":
            pins.move(by, chart, -1)
        case "later":
            pins.move(by, chart, 1)
    return done()
