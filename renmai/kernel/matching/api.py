"""``/api/v1/duplicates/``: pairs of records that may be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.http import answer, api, body
from renmai.kernel.api.records import limit
from renmai.kernel.matching.pages import NOT_ADMIN, kind_of
from renmai.kernel.matching.review import Shown, page_of, pair_of, shown
from renmai.kernel.matching.work import look

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType


@api("GET", "POST")
def duplicates(request: HttpRequest, by: User) -> HttpResponse:
    """The pairs of ``?type=people``, the likeliest first; a POST with ``{"type"}`` looks through all of them, as a job."""
    if request.method == "POST":
        if not by.access.is_admin:
            raise Forbidden(NOT_ADMIN)
        slug = body(request).get("type")
        if not slug:
            raise Invalid({"type": [REQUIRED]})
        return answer({"job": str(look(kind_of(by, str(slug)), by).pk)}, 202)
    kind = kind_of(by, request.GET.get("type", ""))
    found, following = page_of(kind, by, after=request.GET.get("after", ""), limit=limit(request))
    return answer({"items": [_pair(kind, one) for one in shown(kind, found, by)], "next": following or None})


@api("POST")
def different(request: HttpRequest, by: User, key: int) -> HttpResponse:
    """These two are not the same."""
    kind, pair = pair_of(key, by)
    told = [_pair(kind, one) for one in shown(kind, [pair], by)]
    pair.decide(by)
    return answer({"item": told[0] if told else None})


def _pair(kind: RecordType, one: Shown) -> dict[str, Any]:
    records = [{"type": kind.slug, "id": side.id, "title": side.title} for side in one.sides]
    return {"id": one.pair.pk, "probability": one.pair.probability, "reasons": one.reasons, "records": records}
