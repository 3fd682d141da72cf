"""What people read when a request cannot be answered; programs read the same as ``application/problem+json``."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.api.http import problem

API = "/api/"


def _answer(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if request.path.startswith(API):
        return problem(status, text)
    return render(request, "kernel/ui/error.jinja", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _answer(request, 400, _("This request cannot be understood"), _("Go back, load the page again, and try once more."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _answer(request, 403, _("You may not do this"), _("Ask an administrator of your company for the right to."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _answer(request, 404, _("There is no such page"), _("It may have been removed, or the address may be misspelt."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _answer(
        request,
        500,
        _("Something went wrong here"),
        _("Nothing was changed. Try once more; if it happens again, tell your administrator when it was."),
    )


@login_not_required
def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token against forgery is missing or old, as after a sign-in in another tab."""
    return _answer(request, 403, _("This page has become old"), _("Nothing was sent. Go back, load the page again, and try once more."))
