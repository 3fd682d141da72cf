"""``/api/v1/agenda/``: what stands in a calendar, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from renmai.activity.agenda.asked import Asked
from renmai.activity.agenda.day import MyDay
from renmai.activity.agenda.entries import SLUGS
from renmai.activity.agenda.showing import as_json
from renmai.kernel.api.contributed import describe_paths
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.operations import LINK, TEXT, Schema, operation, query

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MOMENT: Schema = {"type": "string", "format": "date-time"}
ENTRY: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "type": {"type": "string", "enum": list(SLUGS)},
        "title": TEXT,
        "start": MOMENT,
        "end": {"type": ["string", "null"], "format": "date-time"},
        "done": {"type": "boolean"},
        "about": {"type": "array", "items": {"type": "object"}},
        "assignee": LINK,
        "version": {"type": "integer"},
    },
    "required": ["id", "type", "title", "start", "end", "done", "about", "assignee", "version"],
}
ENTRIES: Schema = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": ENTRY}, "truncated": {"type": "boolean"}},
    "required": ["items", "truncated"],
}
SEVERAL: Schema = {"type": "array", "items": ENTRY}
DAY: Schema = {
    "type": "object",
    "properties": {"date": {"type": "string", "format": "date"}, **dict.fromkeys(("overdue", "appointments", "to_do", "done"), SEVERAL)},
    "required": ["date", "overdue", "appointments", "to_do", "done"],
}
DAYS = [
    query("from", {"type": "string", "format": "date"}, "the first day", "2026-11-01") | {"required": True},
    query("to", {"type": "string", "format": "date"}, "the day after the last, 100 days later at most", "2026-12-01") | {"required": True},
]
TYPES = query("types", TEXT, "only these types, separated by commas", "tasks,meetings")
WHO = query("who", TEXT, "me, team, all, or the id of a user", "team")
describe_paths(
    {
        "/api/v1/agenda/": {
            "get": operation(
                "Agenda",
                ENTRIES,
                parameters=[*DAYS, TYPES, WHO],
                told="Activities in order of time, as far as the caller may see them; days are those of the caller's zone.",
            )
        },
        "/api/v1/my-day/": {"get": operation("My day", DAY, told="What is the caller's own: overdue, due today, and done today.")},
    }
)


@api("GET")
def agenda(request: HttpRequest, by: User) -> HttpResponse:
    """The entries of some days."""
    found, more = Asked.of(request.GET, by).found()
    return answer({"items": [as_json(entry) for entry in found], "truncated": more})


@api("GET")
def my_day(_request: HttpRequest, by: User) -> HttpResponse:
    """The caller's day."""
    day = MyDay(by)
    parts = {"overdue": day.late, "appointments": day.appointments, "to_do": day.to_do}
    rows = {name: [as_json(row.entry) for row in found] for name, found in parts.items()}
    return answer({"date": day.date.isoformat(), **rows, "done": [as_json(entry) for entry in day.done]})
