"""Default deny: who has not signed in sees nothing but what says so itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase


class Gate(LoginRequiredMiddleware):
    """Leads to the sign-in and back. Views open to everybody are marked with Django's ``login_not_required``."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> Any:
        """A part of a page cannot show a sign-in: then the whole page goes there, and the person comes back to that page."""
        answer = super().handle_no_permission(request, view_func)
        if "HX-Request" not in request.headers:
            return answer
        return HttpResponse(status=401, headers={"HX-Redirect": self.get_login_url(view_func)})
