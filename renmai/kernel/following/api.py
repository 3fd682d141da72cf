"""``followers/`` and ``favourite/`` of a record, and one's own ``favourites/`` and ``recents/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from renmai.kernel.api.http import answer, api, typed
from renmai.kernel.api.records import as_json_brief, limit, visible
from renmai.kernel.following import marks

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@api("GET", "PUT", "DELETE")
def followers(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """Who follows a record; ``PUT`` follows it oneself, ``DELETE`` stops."""
    kind = typed(slug)
    record = visible(kind, key, by)
    if request.method == "PUT":
        marks.follow(kind, record, by)
    if request.method == "DELETE":
        marks.unfollow(kind, record, by)
        return HttpResponse(status=204)
    return answer({"items": [as_json_brief(user) for user in marks.followers(record)], "next": None})


@api("PUT", "DELETE")
def favourite(request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """Star a record, or take the star away."""
    kind = typed(slug)
    record = visible(kind, key, by)
    if request.method == "PUT":
        marks.star(kind, record, by)
    else:
        marks.unstar(record, by)
    return HttpResponse(status=204)


@api("GET")
def favourites(request: HttpRequest, by: User) -> HttpResponse:
    """What one has starred, newest first."""
    return answer({"items": marks.favourites(by, limit(request, 50)), "next": None})


@api("GET")
def recents(request: HttpRequest, by: User) -> HttpResponse:
    """What one has looked at lately, the last first."""
    return answer({"items": marks.recents(by, limit(request, 20)), "next": None})
