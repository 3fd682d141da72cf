"""The second step at the door, and showing again who one is before a change of it."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.access.sign_in.attempts import How
from renmai.kernel.access.sign_in.noting import note
from renmai.kernel.access.sign_in.views import PAGES, Page, told


def is_name(request: HttpRequest) -> bool:
    """Browsers keep passkeys for names, not for numbers of the network."""
    return not request.get_host().rpartition(":")[0].strip("[]").replace(".", "").replace(":", "").isdigit()


class SecondStep(Page, AuthenticateView):  # type: ignore[misc]
    """``/sign-in/code/``: a code of an app, a recovery code or a passkey."""

    template_name = f"{PAGES}/second.jinja"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        found = super().get_context_data(**values)
        problems = found["webauthn_form"].errors.get("credential", []) if found["webauthn_form"].is_bound else []
        return {**found, "general": [*found["general"], *problems], "has_app": self._has("totp"), "has_passkey": self._has("webauthn")}

    def _has(self, kind: str) -> bool:
        return bool(self.stage.login.user.authenticator_set.filter(type=kind).exists())


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """``/sign-in/passkey/``: GET asks for the question that the browser puts to the passkey, POST brings the answer."""

    def form_invalid(self, form: Any) -> HttpResponse:
        note(self.request, user=None, how=How.PASSKEY, succeeded=False)
        return told(self.request, _("This passkey is not known here"), _("Sign in with your password, then add it to your account."), 422)


class PasswordAgain(Page, ReauthenticateView):  # type: ignore[misc]
    """``/sign-in/again/``: the password once more, before the sign-in itself is changed."""

    template_name = f"{PAGES}/again.jinja"


class CodeAgain(Page, CodeAgainView):  # type: ignore[misc]
    """``/sign-in/again/code/``."""

    template_name = f"{PAGES}/again.jinja"


class PasskeyAgain(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """``/sign-in/again/passkey/``."""

    template_name = f"{PAGES}/again.jinja"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        return {**super().get_context_data(**values), "inputs": [], "general": []}
