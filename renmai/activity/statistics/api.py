"""``/api/v1/activity-statistics/``: the same numbers for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from renmai.activity.statistics.measures import MEASURES
from renmai.activity.statistics.stretch import UNITS, Stretch
from renmai.activity.statistics.table import Line, Statistics, team_of
from renmai.kernel.api.contributed import describe_paths
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.operations import TEXT, Schema, operation, query

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

NUMBER: Schema = {
    "type": "object",
    "properties": {"count": {"type": "integer"}, "before": {"type": "integer"}},
    "required": ["count", "before"],
}
VALUES: Schema = {"type": "object", "properties": {measure.name: NUMBER for measure in MEASURES}}
GROUP: Schema = {
    "type": "object",
    "properties": {"id": {"type": "string", "format": "uuid"}, "title": TEXT, "values": VALUES},
    "required": ["id", "title", "values"],
}
DATE: Schema = {"type": "string", "format": "date"}
PERIOD: Schema = {"type": "object", "properties": {"key": TEXT, "first": DATE, "last": DATE}, "required": ["key", "first", "last"]}
FOUND: Schema = {
    "type": "object",
    "properties": {
        "period": PERIOD,
        "previous": PERIOD,
        "people": {"type": "array", "items": GROUP},
        "teams": {"type": "array", "items": GROUP},
        "total": VALUES,
    },
    "required": ["period", "previous", "people", "teams", "total"],
}
describe_paths(
    {
        "/api/v1/activity-statistics/": {
            "get": operation(
                "Team activity",
                FOUND,
                parameters=[
                    query("unit", {"type": "string", "enum": list(UNITS)}, "how long the period is; a month if left out", "month"),
                    query("day", DATE, "a day in it; today if left out", "2026-11-22"),
                    query("team", {"type": "string", "format": "uuid"}, "only this team and those below it"),
                ],
                told="What people did as far as the caller may see it, and in the period before; days are those of the company.",
            )
        }
    }
)


@api("GET")
def statistics(request: HttpRequest, by: User) -> HttpResponse:
    """The numbers of a stretch."""
    found = Statistics(by, Stretch.of(request.GET), team_of(request.GET.get("team", ""), by))
    return answer(
        {
            "period": _period(found.stretch),
            "previous": _period(found.stretch.moved(-1)),
            "people": [_group(found, line) for line in found.lines if not line.is_team],
            "teams": [_group(found, line) for line in found.lines if line.is_team],
            "total": _values(found, found.total),
        }
    )


def _period(stretch: Stretch) -> dict[str, str]:
    return {"key": stretch.period.key(stretch.first), "first": stretch.first.isoformat(), "last": stretch.last.isoformat()}


def _group(found: Statistics, line: Line) -> dict[str, Any]:
    return {"id": line.key, "title": line.title, "values": _values(found, line)}


def _values(found: Statistics, line: Line) -> dict[str, dict[str, int]]:
    return {
        measure.name: {"count": now, "before": before}
        for measure in found.measures
        for now, before in [line.values.get(measure.name, (0, 0))]
    }
