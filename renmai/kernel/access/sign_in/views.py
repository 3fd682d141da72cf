"""Signing in and out, and setting a new password: allauth's views with our pages."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.internal.flows.logout import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from renmai.kernel.access.sessions import end_sessions
from renmai.kernel.access.sign_in.forms import AskResetForm, NewPasswordForm, SignInForm, inputs_of
from renmai.kernel.access.sign_in.provider import Provider

PAGES = "kernel/access/sign_in"


class Page:
    """A view of allauth whose form is shown by our components; one that cannot be accepted is answered 422."""

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**values)  # type: ignore[misc]
        form = found["form"]
        return {**found, "inputs": inputs_of(form), "general": form.non_field_errors()}

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignIn(Page, views.LoginView):  # type: ignore[misc]
    """``/sign-in/``."""

    form_class = SignInForm
    template_name = f"{PAGES}/sign_in.jinja"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        return {**super().get_context_data(**values), "providers": Provider.objects.filter(active=True)}


class AskReset(Page, views.PasswordResetView):  # type: ignore[misc]
    """``/sign-in/reset/``: where shall the link go?"""

    form_class = AskResetForm
    template_name = f"{PAGES}/ask_reset.jinja"


class NewPassword(Page, views.PasswordResetFromKeyView):  # type: ignore[misc]
    """``/sign-in/reset/<person>-<key>/``: the page that the link leads to."""

    form_class = NewPasswordForm
    template_name = f"{PAGES}/new_password.jinja"
    success_url = reverse_lazy("account_reset_password_from_key_done")

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        if self.reset_user is None:
            return {"token_fail": True}
        return super().get_context_data(**values)


def told(request: HttpRequest, title: str, text: str, status: int = 200) -> HttpResponse:
    """A page that says one thing and leads back to the sign-in."""
    return render(request, f"{PAGES}/told.jinja", {"title": title, "text": text}, status=status)


@login_not_required
def reset_sent(request: HttpRequest) -> HttpResponse:
    """The same for an address that is known and one that is not."""
    return told(request, _("Look into your mail"), _("If this address belongs to somebody here, a link is on its way. It works for a day."))


@login_not_required
def reset_done(request: HttpRequest) -> HttpResponse:
    """The new password is set."""
    return told(request, _("Your new password is set"), _("Sign in with it now."))


@login_not_required
def inactive(request: HttpRequest) -> HttpResponse:
    """For somebody whose account an administrator has closed."""
    return told(request, _("This account is closed"), _("An administrator of your company can open it again."), 403)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For an address of the network that asks too often."""
    return told(request, _("Too many attempts"), _("Wait a few minutes, then try again."), 429)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, or with ``everywhere`` all of the person's."""
    user: Any = request.user
    logout(request, show_message=False)
    if "everywhere" in request.POST:
        end_sessions(user)
    return redirect("account_login")
