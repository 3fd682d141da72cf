"""``/api/v1/pools/mine/`` and ``/api/v1/pools/look-up/``: how one stands in one's pools, and whether somebody is known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.directory.pool.look_up import ASKS, LONGEST, known
from renmai.directory.pool.panel import mine_of
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.contributed import describe_paths
from renmai.kernel.api.http import answer, api, body
from renmai.kernel.api.operations import LINK, TEXT, Schema, operation

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

COUNT: Schema = {"type": "integer"}
LIMIT: Schema = {"type": ["integer", "null"]}
STANDS: Schema = {
    "type": "object",
    "properties": {
        "pool": LINK,
        "claimed_today": COUNT,
        "daily_limit": LIMIT,
        "held": COUNT,
        "holding_limit": LIMIT,
        "waiting": {"type": "object", "additionalProperties": COUNT},
    },
}
KNOWN: Schema = {
    "type": "object",
    "properties": {
        "type": TEXT,
        "state": {"type": "string", "enum": ["mine", "held", "waiting", "known"]},
        "since": {"type": "string", "format": "date-time"},
        "pool": LINK,
        "record": LINK,
    },
}
ASKED: Schema = {
    "type": "object",
    "properties": {name: {"type": "string", "maxLength": LONGEST} for name in ASKS},
    "example": {"phone": "+66 81 234 5678"},
}


def _items(item: Schema) -> Schema:
    return {"type": "object", "properties": {"items": {"type": "array", "items": item}}, "required": ["items"]}


describe_paths(
    {
        "/api/v1/pools/mine/": {
            "get": operation(
                "How one stands in one’s pools",
                _items(STANDS),
                told="What was claimed today, what is held and what waits, by type; counted to 1 001.",
            )
        },
        "/api/v1/pools/look-up/": {
            "post": operation(
                "Whether somebody is known already",
                _items(KNOWN),
                given=ASKED,
                told="Held by a colleague, or waiting in a pool; the record is named only to whoever may see what was asked by.",
            )
        },
    }
)


@api("GET")
def mine(request: HttpRequest, by: User) -> HttpResponse:
    """How the caller stands in each of their pools."""
    return answer({"items": [one.as_json() for one in mine_of(by)]})


@api("POST")
def look_up(request: HttpRequest, by: User) -> HttpResponse:
    """Whether somebody is known already."""
    given = body(request)
    wrong = {name: [_("Write it as a text.")] for name in ASKS if not isinstance(given.get(name, ""), str)}
    if wrong:
        raise Invalid(wrong)
    return answer({"items": [one.as_json() for one in known({name: given.get(name, "") for name in ASKS}, by)]})
