"""``/mailboxes/<id>/``: whether it is read, and what became of the letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Refusal
from renmai.kernel.api.records import reachable
from renmai.kernel.mailbox.api import log, ruled, set_password
from renmai.kernel.mailbox.imap import check
from renmai.kernel.mailbox.model import Letter, Mailbox, Reading
from renmai.kernel.notify.api import cursor
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import Page, record
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

PAGE = "kernel/mailbox/mailbox.jinja"
PER_PAGE = 20


@page
def mailbox(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Its page, with the password, how it goes and the letters beside what every record has."""
    kind = registry.of(Mailbox)
    found: Any = reachable(kind, key, by)
    if request.GET.get("as_of") or found.deleted_at or not by.may("edit", found):
        return record(request, slug=kind.slug, key=key)  # type: ignore[return-value]
    return _page(request, by, found)


def _page(request: HttpRequest, by: User, found: Any, problem: str = "") -> HttpResponse:
    kind = registry.of(found)
    listed, older = log(found, PER_PAGE, before=cursor(request.GET.get("earlier", "")))
    shown = {"kind": kind, "record": found, "page": Page(request, by, kind, found), "composers": [], "signs": []}
    counts = dict(Letter.objects.filter(mailbox=found).values_list("state").annotate(number=Count("pk")))
    told = {"letters": listed, "older": older, "problem": problem, "reading": Reading.objects.filter(mailbox=found).first()}
    return render(request, PAGE, {**shown, **told, "counts": counts}, status=422 if problem else 200)


@sensitive_post_parameters("password")
@require_POST
@page
def password(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Keep the password, and look whether it lets us in."""
    found = ruled(key, by)
    try:
        set_password(found, request.POST.get("password", ""))
    except Refusal as problem:
        return _page(request, by, found, str(problem))
    return _look(request, by, found)


@require_POST
@page
def look(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Look for new letters now."""
    return _look(request, by, ruled(key, by))


def _look(request: HttpRequest, by: User, found: Mailbox) -> HttpResponse:
    try:
        seen = check(found) if found.host else 0
    except Refusal as problem:
        return _page(request, by, found, str(problem))
    messages.success(request, ngettext("%(number)s new letter.", "%(number)s new letters.", seen) % {"number": seen})
    return redirect(registry.of(found).path(found))
