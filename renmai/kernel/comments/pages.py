"""Comments on the timeline of a record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.api.records import visible
from renmai.kernel.comments import doing
from renmai.kernel.comments.model import Comment
from renmai.kernel.comments.reading import said
from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.pages.door import done
from renmai.kernel.records.pages.door import page as opens
from renmai.kernel.records.types import RecordType, registry

LOOKED_AT = 30
OFFERED = 8
FORM = "kernel/comments/form.jinja"


@opens
def write(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Say something about a record."""
    try:
        doing.write(kind, key, request.POST.get("body", ""), request.POST.getlist("mentions"), by)
    except Invalid as problem:
        return _form(request, kind, key, by, problem)
    return done()


@opens
def change(request: HttpRequest, by: User, kind: RecordType, key: Any, comment: Any) -> HttpResponse:
    """The form with one's own words, or other words."""
    if request.method != "POST":
        found = Comment.objects.filter(pk=comment, record_id=visible(kind, key, by).pk, by=by, removed_at=None).first()
        if found is None:
            raise Missing(_("There is no such comment."))
        return _form(request, kind, key, by, words=found.body, mentions=said([found], by)[0].people, comment=comment)
    try:
        doing.change(kind, key, comment, request.POST.get("body", ""), request.POST.getlist("mentions"), by)
    except Invalid as problem:
        return _form(request, kind, key, by, problem, comment=comment)
    return done()


@opens
def remove(request: HttpRequest, by: User, kind: RecordType, key: Any, comment: Any) -> HttpResponse:
    """Take a comment back."""
    doing.remove(kind, key, comment, by)
    return done()


@opens
def react(request: HttpRequest, by: User, kind: RecordType, key: Any, comment: Any) -> HttpResponse:
    """Put a sign on a comment, or take it away."""
    visible(kind, key, by)
    doing.react(kind, key, comment, request.POST.get("sign", ""), by)
    return done()


@opens
def people(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Colleagues who may see the record and answer to what was typed, for the field in which they are mentioned."""
    record = visible(kind, key, by)
    users = registry.of(User)
    found, _following = page(Question(users, by, words=request.GET.get("q", ""), sorts=sorts(users, "name")), limit=LOOKED_AT)
    seeing = doing.may_see(kind, record, [one for one in found if isinstance(one, User) and one.active and one.email and one.pk != by.pk])
    return JsonResponse({"items": [{"id": str(one.pk), "title": one.title, "subtitle": one.email} for one in seeing[:OFFERED]]})


def _form(
    request: HttpRequest,
    kind: RecordType,
    key: Any,
    by: User,
    problem: Invalid | None = None,
    *,
    words: str = "",
    mentions: dict[str, str] | None = None,
    comment: Any = None,
) -> HttpResponse:
    """The form, empty, with what is to be changed, or with what was typed and does not do."""
    given = {"words": words or request.POST.get("body", ""), "mentions": mentions or dict.fromkeys(request.POST.getlist("mentions"), "")}
    errors = [sentence for several in problem.errors.values() for sentence in several] if problem else []
    shown = {"kind": kind, "record": visible(kind, key, by), "errors": errors, "comment": comment, **given}
    return render(request, FORM, shown, status=422 if errors else 200)
