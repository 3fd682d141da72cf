"""``/api/v1/<types>/<id>/comments/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.api.http import answer, api, body, typed
from renmai.kernel.api.records import limit, visible
from renmai.kernel.comments import doing
from renmai.kernel.comments.model import Comment
from renmai.kernel.comments.reading import Said, said
from renmai.kernel.records.clean import identity
from renmai.kernel.records.kinds import moment

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@api("GET", "POST")
def comments(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """The comments on a record, newest first, or one more: ``{"body", "mentions": [user id]}``."""
    kind = typed(slug)
    if request.method == "POST":
        given = body(request)
        made = doing.write(kind, key, given.get("body"), given.get("mentions", []), by)
        return answer(_json(made, by), 201)
    wanted = limit(request, 30)
    found = list(_after(visible(kind, key, by), request)[: wanted + 1])
    following = str(found[wanted - 1].pk) if len(found) > wanted else None
    return answer({"items": [comment_json(one) for one in said(found[:wanted], by)], "next": following})


def _after(record: Record, request: HttpRequest) -> Any:
    found = Comment.objects.filter(record_id=record.pk, removed_at=None).order_by("-at", "-pk")
    text = request.GET.get("after")
    if not text:
        return found
    try:
        last = Comment.objects.get(pk=str(identity(text)), record_id=record.pk)
    except (ValueError, Comment.DoesNotExist):
        raise Invalid({"after": [_("This cursor belongs to another list.")]}) from None
    return found.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)


@api("PATCH", "DELETE")
def comment(request: HttpRequest, by: User, slug: str, key: Any, comment: Any) -> HttpResponse:
    """One's own comment in other words, or taken back."""
    kind = typed(slug)
    if request.method == "DELETE":
        doing.remove(kind, key, comment, by)
        return HttpResponse(status=204)
    given = body(request)
    return answer(_json(doing.change(kind, key, comment, given.get("body"), given.get("mentions", []), by), by))


@api("PUT", "DELETE")
def reaction(request: HttpRequest, by: User, slug: str, key: Any, comment: Any, sign: str) -> HttpResponse:
    """A sign put on a comment, or taken away."""
    try:
        found = doing.react(typed(slug), key, comment, sign, by, on=request.method == "PUT")
    except Invalid as problem:
        raise Missing(str(problem)) from None
    return answer(_json(found, by))


def _json(comment: Comment, by: User) -> dict[str, Any]:
    return comment_json(said([comment], by)[0])


def comment_json(one: Said) -> dict[str, Any]:
    """A comment as the API tells it."""
    found = one.comment
    return {
        "id": str(found.pk),
        "body": found.body,
        "by": {"type": "users", "id": str(found.by_id), "title": one.by},
        "at": moment(found.at),
        "edited_at": moment(found.edited_at) if found.edited_at else None,
        "mentions": [{"type": "users", "id": key, "title": name} for key, name in one.people.items()],
        "reactions": [{"sign": sign.sign, "count": len(sign.names), "mine": sign.is_mine} for sign in one.signs],
    }
