"""What a record was: its history, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.http import answer, api, body, seen_version, typed
from renmai.kernel.api.records import as_json_brief, item_json, limit, visible
from renmai.kernel.history.past import as_of
from renmai.kernel.history.read import Change, Readings, changes_of
from renmai.kernel.history.restore import rewind
from renmai.kernel.records.clean import identity
from renmai.kernel.records.kinds import moment


@api("GET")
def history_of(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """Every change of a record, field by field, newest first."""
    kind, wanted = typed(slug), limit(request)
    try:
        after = int(request.GET["after"]) if request.GET.get("after") else None
    except ValueError:
        raise Invalid({"after": [_("This cursor belongs to another list.")]}) from None
    record = visible(kind, key, by)
    name, who = request.GET.get("field", ""), author(request.GET.get("by", ""))
    found = changes_of(kind, record, by, after=after, limit=wanted + 1, name=name, who=who)
    readings = Readings(kind, record, found[:wanted], by)
    items = [change_json(change) | {"changes": readings.of(change)} for change in found[:wanted]]
    return answer({"items": items, "next": str(found[wanted - 1].id) if len(found) > wanted else None})


def author(text: str) -> str:
    """Whose changes are wanted: a user's id, ``renmai`` or ``database``.

    Raises:
        Invalid: it is none of these.
    """
    try:
        return text if text in {"", "renmai", "database"} else str(identity(text))
    except ValueError as problem:
        raise Invalid({"by": [str(problem)]}) from None


def change_json(change: Change) -> dict[str, Any]:
    """Who made a change, when and why."""
    return {
        "at": moment(change.at),
        "by": as_json_brief(change.by) if change.by else None,
        "actor": change.actor,
        "verb": change.verb,
        "reason": change.reason,
        "version": change.version,
    }


@api("POST")
def rewound(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """A record, or one ``field`` of it, brought back to how it was at the moment ``to``."""
    kind, given = typed(slug), body(request)
    record = visible(kind, key, by)
    version, to, name = seen_version(request, given), str(given.get("to") or ""), str(given.get("field") or "")
    at = as_of(to)
    if at is None:
        raise Invalid({"to": [_("This is needed.")]})
    if name and name not in kind.fields:
        raise Invalid({"field": [_("There is no such field.")]})
    changed = rewind(kind, record, at, by, name=name, version=version)
    return answer({"item": item_json(kind, changed, by), "made": []}, version=changed.version)
