"""The charts that a person pinned to the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.charts.asks import Asks
from renmai.kernel.charts.pins import ids, pinned
from renmai.kernel.ui.home.panels import panel

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@panel(_("Charts"), icon="chart-bar", order=15, follows=("charts",), template="kernel/charts/panel.jinja")
def pinned_charts(by: User) -> dict[str, Any] | None:
    """Only what they are called; each asks for itself once the page stands."""
    found = pinned(by) if ids(by) else []
    return {"charts": [(chart, Asks.of(chart.asks)) for chart in found]} if found else None
