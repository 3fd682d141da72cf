"""Default deny: who has not signed in sees nothing but what says so itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from renmai.kernel.access.sign_in.required import is_kept_out


class Gate(LoginRequiredMiddleware):
    """Leads to the sign-in and back. Views open to everybody are marked with Django's ``login_not_required``."""

    def process_view(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any) -> Any:
        """Whoever must have a second step and has none is led to where it is set up; the API tells so itself."""
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None or not is_kept_out(request, view_func):
            return answer
        if "HX-Request" in request.headers:
            return HttpResponse(status=403, headers={"HX-Redirect": reverse("mfa_index")})
        return redirect("mfa_index")

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> Any:
        """A part of a page cannot show a sign-in: then the whole page goes there, and the person comes back to that page."""
        answer = super().handle_no_permission(request, view_func)
        if "HX-Request" not in request.headers:
            return answer
        return HttpResponse(status=401, headers={"HX-Redirect": self.get_login_url(view_func)})
