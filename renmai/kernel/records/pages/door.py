"""The door for browsers: who is there, which type is meant, and every refusal as a sentence on the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Merged, Missing, Refusal
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.records.view.using import use

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

View = Callable[..., HttpResponseBase]
PAGES = "kernel/records/pages"


def page(view: View) -> View:
    """Open a view to signed-in people. ``slug`` in its address becomes the record type, if the person may view that."""

    @wraps(view)
    def opened(request: HttpRequest, **where: Any) -> HttpResponseBase:
        by: Any = request.user
        try:
            if "slug" in where:
                where = {"kind": typed(where.pop("slug"), by), **where}
                use(request, by, where["kind"])
            return view(request, by, **where)
        except Merged as merged:
            return go(request, f"/{merged.kind}/{merged.key}/")
        except Refusal as refusal:
            return refused(request, refusal)

    return opened


def typed(slug: str, by: User) -> RecordType:
    """The record type of an address.

    Raises:
        Missing: there is none, or the person may see nothing of it.
    """
    kind = registry.get(slug)
    if kind is None or not by.may("view", kind):
        raise Missing(_("There is no such page."))
    return kind


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks, for a part of a page."""
    return "HX-Request" in request.headers


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal that the view did not show in its own way: a note for a part, a page for a page."""
    sentence = str(refusal)
    if is_part(request):
        response = toast(HttpResponse(sentence, status=refusal.status, content_type="text/plain; charset=utf-8"), sentence, bad=True)
        response["HX-Reswap"] = "none"
        return response
    return render(request, f"{PAGES}/refused.jinja", {"sentence": sentence, "status": refusal.status}, status=refusal.status)


def done(sentence: str = "", **events: Any) -> HttpResponse:
    """Nothing to swap: say so and let the page look again at what it shows."""
    response = HttpResponse(status=204)
    told: dict[str, Any] = {"close-dialog": {}, "changed": {}, **events}
    if sentence:
        told["toast"] = {"text": sentence}
    response["HX-Trigger"] = json.dumps(told)
    return response


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to another page."""
    if is_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponse(status=303, headers={"Location": address})


def toast(response: HttpResponse, sentence: str, *, bad: bool = False, undo: str = "") -> HttpResponse:
    """Let the page say a sentence at its foot, beside what else it is told.

    Args:
        undo: address that takes back what was done, for a button.
    """
    told = json.loads(response.get("HX-Trigger", "{}"))
    response["HX-Trigger"] = json.dumps({**told, "toast": {"text": sentence, "bad": bad, "undo": undo}})
    return response


def query_of(request: HttpRequest, changes: Mapping[str, Any]) -> dict[str, Any]:
    """This page's query with parts replaced; None takes a part out. What the page's view says is not said again."""
    query = {name: value for name, value in request.GET.items() if name not in changes}
    query |= {name: value for name, value in changes.items() if value not in (None, "")}
    said = {} if "view" in changes else getattr(request, "saved_asked", {})
    kept = {name: value for name, value in query.items() if said.get(name) != value}
    return kept | dict.fromkeys(said.keys() - query.keys(), "")


def elsewhere(request: HttpRequest, kind: RecordType, record: Record | None = None, *, new: bool = False) -> HttpResponse | None:
    """The way to the page that people use instead of a generic one; None where there is none, or where something special is asked for."""
    place = kind.place(record, new=new)
    is_plain = request.method in {"GET", "HEAD"} and (new or not request.GET) and (record is None or record.deleted_at is None)
    return go(request, place) if place and is_plain else None


def with_query(request: HttpRequest, changes: Mapping[str, Any]) -> str:
    """The address of this page with parts of its query replaced."""
    query = query_of(request, changes)
    return f"{request.path}?{urlencode(query)}" if query else request.path


def version_seen(sent: QueryDict, otherwise: int = 0, *, name: str = "version") -> int:
    """The version of a record that a form, or what stands in its place, was made from.

    Raises:
        Invalid: it is no number.
    """
    text = sent.get(name) or str(otherwise)
    if not text.isdecimal():
        raise Invalid({name: [_("“%(text)s” is not a number.") % {"text": text}]})
    return int(text)
