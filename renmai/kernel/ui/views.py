"""The few requests that belong to the shell itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from renmai.kernel.access.preferences import SETTINGS, settle
from renmai.kernel.ui.reader import LANGUAGES

YEAR = 365 * 24 * 3600


@require_POST
def me(request: HttpRequest) -> HttpResponse:
    """Set the person's look, language or era, and show the page anew."""
    user: Any = request.user
    for name in SETTINGS:
        if name in request.POST and not settle(user, name, request.POST[name]):
            return HttpResponseBadRequest()
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@login_not_required
@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language of somebody who has not signed in, in a cookie."""
    wanted = request.POST.get("language", "")
    if wanted not in LANGUAGES:
        return HttpResponseBadRequest()
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponse(status=303, headers={"Location": back if safe else "/"})
    response.set_cookie("language", wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
