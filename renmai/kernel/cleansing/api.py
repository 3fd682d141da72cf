"""``/api/v1/<types>/quality/`` and ``/api/v1/<types>/tidy/``: how good the data is, what would be changed, and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.bulk import keys_of
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.http import answer, api, body, typed
from renmai.kernel.cleansing import preview
from renmai.kernel.cleansing.apply import cleanse
from renmai.kernel.cleansing.preview import chosen, portion, rows
from renmai.kernel.cleansing.quality import lines, require_open
from renmai.kernel.records.clean import identity

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@api("GET")
def quality(request: HttpRequest, by: User, slug: str) -> HttpResponse:
    """The fields of a type with their numbers and their trend."""
    kind = typed(slug)
    require_open(kind, by)
    return answer({"items": [line.as_json() for line in lines(kind, by)]})


@api("POST")
def tidy(request: HttpRequest, by: User, slug: str) -> HttpResponse:
    """Tidy fields of many records, or with ``dry_run`` tell what would be changed."""
    kind = typed(slug)
    preview.require_open(kind, by)
    given = body(request)
    names, ids, tree = given.get("fields"), given.get("ids"), given.get("filter")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Invalid({"fields": [_("A list of names of fields is expected here.")]})
    if not given.get("dry_run"):
        job = cleanse(kind, names, by, tree=tree, ids=None if ids is None else keys_of(ids), besides=given.get("besides") or [])
        return answer({"job": str(job.pk), "change_set": job.arguments["change_set"]}, 202)
    found = portion(kind, chosen(kind, by, names), rows(kind, by, tree, None if ids is None else keys_of(ids)), _after(given))
    items = [
        {"id": str(one.record.pk), "title": one.record.title, "changes": {name: _sides(kind, name, one) for name in one.values}}
        for one in found.proposals
    ]
    return answer({"items": items, "next": found.following and str(found.following)})


def _after(given: dict[str, Any]) -> Any:
    try:
        return identity(given["after"]) if given.get("after") else None
    except (ValueError, TypeError):
        raise Invalid({"after": [_("This is not a cursor of ours.")]}) from None


def _sides(kind: Any, name: str, one: Any) -> list[Any]:
    spec = kind.fields[name]
    sides = (getattr(one.record, spec.column), one.values[name])
    return [side.isoformat() if spec.kind == "date" else side for side in sides]
