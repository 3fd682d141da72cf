"""``/api/v1/handovers/``: what somebody had goes to others, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from renmai.directory.handover.model import Handover
from renmai.directory.handover.planning import Asked
from renmai.directory.handover.work import hand_over, require_admin, take_back
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Missing
from renmai.kernel.api.contributed import describe_paths
from renmai.kernel.api.http import answer, api, body
from renmai.kernel.api.operations import (
    COUNT,
    ID,
    LINK,
    MAYBE_MOMENT,
    MOMENT,
    TEXT,
    UUID,
    YES_NO,
    Schema,
    operation,
    several,
    whole,
)
from renmai.kernel.settings.cards import is_admin

LATEST = 50
HANDOVER: Schema = whole(id=TEXT, at=MOMENT, person=LINK, job=TEXT, undone_at=MAYBE_MOMENT, can_be_undone=YES_NO)
RULE: Schema = {
    "type": "object",
    "properties": {"type": TEXT, "criteria": {"type": "object"}, "to": UUID},
    "required": ["type", "to"],
}
WANTED: Schema = {
    "type": "object",
    "properties": {
        "person": {**UUID, "description": "whose records go"},
        "to": {**several(UUID), "description": "who gets them; of several each gets as many", "minItems": 1},
        "types": {**several(TEXT), "description": "only these types"},
        "criteria": {"type": "object", "description": "type: criteria; of that type only these go"},
        "rules": {**several(RULE), "description": "in order: what meets one goes to its receiver, the rest to `to`"},
        "preview": {"type": "boolean", "description": "only tell what goes to whom"},
    },
    "required": ["person", "to"],
}
PART: Schema = whole(type=TEXT, count=COUNT, to=several(whole(id=UUID, title=TEXT, count=COUNT)))
BEGIN = operation(
    "Hand over", whole(id=TEXT, job=TEXT), given=WANTED, status="202", told="By a job; for 30 days it can be undone. 200 for a preview."
)
BEGIN["responses"]["200"] = {"description": "What goes to whom", "content": {"application/json": {"schema": whole(items=several(PART))}}}
describe_paths(
    {
        "/api/v1/handovers/": {
            "get": operation("Handovers", whole(items=several(HANDOVER)), told=f"The newest {LATEST}."),
            "post": BEGIN,
        },
        "/api/v1/handovers/{id}/undo/": {
            "post": operation(
                "Undo a handover", whole(job=UUID), parameters=[ID], status="202", told="What somebody moved on since stays there."
            )
        },
    },
    to=is_admin,
)


def preview(asked: Asked) -> list[dict[str, Any]]:
    """What goes to whom, by type."""
    plan = asked.plan()
    names = {user.pk: user.title for user in User.objects.filter(pk__in={key for given in plan.values() for key in given})}
    return [
        {
            "type": kind.slug,
            "label": capfirst(str(kind.label_plural)),
            "count": sum(map(len, given.values())),
            "to": [{"id": str(key), "title": names[key], "count": len(some)} for key, some in given.items()],
        }
        for kind, given in plan.items()
    ]


@api("GET", "POST")
def handovers(request: HttpRequest, by: User) -> HttpResponse:
    """The newest handovers; a POST begins one, or with ``"preview": true`` tells what it would do."""
    require_admin(by)
    if request.method == "GET":
        return answer({"items": [_as_json(one) for one in Handover.objects.select_related("person").order_by("-id")[:LATEST]]})
    given = body(request)
    if given.get("preview"):
        return answer({"items": [{name: one[name] for name in ("type", "count", "to")} for one in preview(Asked.of(given))]})
    made = hand_over(given, by)
    return answer({"id": str(made.pk), "job": made.job}, 202)


@api("POST")
def undo(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Take one back."""
    require_admin(by)
    return answer({"job": str(take_back(found_by(key).pk, by).pk)}, 202)


def _as_json(one: Handover) -> dict[str, Any]:
    person = {"id": str(one.person_id), "type": "users", "title": one.person.title}
    return {
        "id": str(one.pk),
        "at": one.at,
        "person": person,
        "job": one.job,
        "undone_at": one.undone_at,
        "can_be_undone": one.can_go_back(),
    }


def found_by(key: Any) -> Handover:
    """A handover.

    Raises:
        Missing: there is none.
    """
    found = Handover.objects.filter(pk=key).first()
    if found is None:
        raise Missing(_("There is no such page."))
    return found
