"""``/api/v1/calendar-links/``: one's private calendar addresses, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.activity.agenda.entries import SLUGS
from renmai.activity.agenda.link import CalendarLink
from renmai.activity.agenda.subscribing import address_of
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.api.contributed import describe_paths
from renmai.kernel.api.http import answer, api, body
from renmai.kernel.api.operations import TEXT, Schema, listed, operation, without_answer
from renmai.kernel.records.kinds import moment

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
TYPES: Schema = {"type": "array", "items": {"type": "string", "enum": list(SLUGS)}}
LINK: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": TEXT,
        "types": TYPES,
        "busy_only": {"type": "boolean"},
        "created_at": MOMENT,
        "last_used_at": MOMENT,
        "url": {"type": "string", "description": "only in the answer that makes it"},
    },
    "required": ["id", "name", "types", "busy_only", "created_at", "last_used_at"],
}
WANTED: Schema = {"type": "object", "properties": {"name": TEXT, "types": TYPES, "busy_only": {"type": "boolean"}}}
NUMBER: Schema = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}
describe_paths(
    {
        "/api/v1/calendar-links/": {
            "get": operation("Calendar links", listed(LINK), told="The caller's own."),
            "post": operation("Make a calendar link", LINK, given=WANTED, status="201", told="Its address is told only now."),
        },
        "/api/v1/calendar-links/{number}/": {
            "delete": without_answer(operation("Revoke a calendar link", {}, parameters=[NUMBER], status="204"))
        },
    }
)


@api("GET", "POST")
def links(request: HttpRequest, by: User) -> HttpResponse:
    """The caller's links, or a new one."""
    if request.method == "POST":
        given = _given(body(request))
        link, secret = CalendarLink.issue(by, given["name"], types=given["types"], busy_only=given["busy_only"])
        return answer({**link_json(link), "url": address_of(secret)}, 201)
    return answer({"items": [link_json(link) for link in CalendarLink.objects.filter(user=by.pk).order_by("-created_at")], "next": None})


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """What was sent, checked for its shape."""
    found = {"name": "", "types": [], "busy_only": False} | values
    errors: dict[str, list[Any]] = {
        name: [_("There is no field “%(name)s”.") % {"name": name}] for name in values.keys() - WANTED["properties"]
    }
    if not isinstance(found["name"], str):
        errors["name"] = [_("Text is expected here.")]
    if not isinstance(found["types"], list) or not all(isinstance(slug, str) for slug in found["types"]):
        errors["types"] = [_("A list of values is expected here.")]
    if not isinstance(found["busy_only"], bool):
        errors["busy_only"] = [_("Yes or no is expected here.")]
    if errors:
        raise Invalid(errors)
    return found


def link_json(link: CalendarLink) -> dict[str, Any]:
    """A link as programs read it."""
    used = moment(link.last_used_at) if link.last_used_at else None
    told = {"id": link.pk, "name": link.name, "types": link.types, "busy_only": link.busy_only}
    return {**told, "created_at": moment(link.created_at), "last_used_at": used}


@api("DELETE")
def link(_request: HttpRequest, by: User, number: int) -> HttpResponse:
    """Revoke a link of the caller's."""
    if not CalendarLink.objects.filter(pk=number, user=by.pk).delete()[0]:
        raise Missing(_("There is no such page."))
    return HttpResponse(status=204)
