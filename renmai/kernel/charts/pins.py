"""The charts on a person's home page, in the order that the person gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renmai.kernel.access.preferences import prefer
from renmai.kernel.charts.model import Chart

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MOST = 12


def pinned(by: User) -> list[Chart]:
    """The charts that the person pinned and may still see, in order."""
    keys = ids(by)
    found = {str(chart.pk): chart for chart in Chart.objects.visible_to(by).filter(pk__in=keys)} if keys else {}
    return [found[key] for key in keys if key in found]


def ids(by: User) -> list[str]:
    """Their ids, also of those that are gone."""
    kept: Any = by.preferences.get("charts", [])
    return list(kept)


def pin(by: User, chart: Chart) -> None:
    """Put a chart at the end; the home page holds so many."""
    rest = [key for key in ids(by) if key != str(chart.pk)]
    prefer(by, "charts", [*rest, str(chart.pk)][-MOST:])


def unpin(by: User, chart: Chart) -> None:
    """Take a chart off."""
    prefer(by, "charts", [key for key in ids(by) if key != str(chart.pk)])


def move(by: User, chart: Chart, step: int) -> None:
    """Move a chart among those that are shown.

    Args:
        step: -1 towards the beginning, 1 towards the end.
    """
    keys = [str(one.pk) for one in pinned(by)]
    at = keys.index(str(chart.pk)) if str(chart.pk) in keys else -1
    to = at + step
    if at >= 0 and 0 <= to < len(keys):
        keys[at], keys[to] = keys[to], keys[at]
        prefer(by, "charts", keys)
