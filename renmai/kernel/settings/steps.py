"""``/settings/me/steps/``: an app with codes, passkeys and recovery codes, beside the password. allauth's views with our pages."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.http import HttpResponse
from django.urls import reverse_lazy

from renmai.kernel.access.sign_in.passkeys import is_name
from renmai.kernel.access.sign_in.required import lacks_second_step
from renmai.kernel.access.sign_in.views import Page

PAGES = "kernel/settings/pages"
INDEX = reverse_lazy("mfa_index")


class Steps(IndexView):  # type: ignore[misc]
    """What the person has, and what they could add."""

    template_name = f"{PAGES}/index.jinja"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**values)
        have = found["authenticators"]
        codes = have.get("recovery_codes")
        return {
            **found,
            "app": have.get("totp"),
            "passkeys": have.get("webauthn", []),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "must": lacks_second_step(self.request.user),
            "can_passkey": is_name(self.request),
        }


class AddApp(Page, ActivateTOTPView):  # type: ignore[misc]
    """``…/app/``: scan the picture, type the code."""

    template_name = f"{PAGES}/app.jinja"


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    """``…/app/off/``."""

    template_name = f"{PAGES}/remove.jinja"


class Codes(ViewRecoveryCodesView):  # type: ignore[misc]
    """``…/codes/``: the recovery codes that are left."""

    template_name = f"{PAGES}/codes.jinja"


class NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """``…/codes/new/``: others in place of those that are left."""

    template_name = f"{PAGES}/new_codes.jinja"


class DownloadCodes(DownloadRecoveryCodesView):  # type: ignore[misc]
    """``…/codes/download/``: as a file of text."""

    def render_to_response(self, context: dict[str, Any], **_options: Any) -> HttpResponse:
        text = "\n".join(["Renmai", *context["unused_codes"], ""])
        disposition = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=disposition)


class AddPasskey(Page, AddWebAuthnView):  # type: ignore[misc]
    """``…/passkeys/add/``: one that also opens the door by itself."""

    template_name = f"{PAGES}/passkey.jinja"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        found = super().get_context_data(**values)
        problems = found["form"].errors.get("credential", []) if found["form"].is_bound else []
        options = begin_registration(self.request.user, passwordless=True)
        return {**found, "general": [*found["general"], *problems], "options": options, "can_passkey": is_name(self.request)}


class RenamePasskey(Page, EditWebAuthnView):  # type: ignore[misc]
    """``…/passkeys/<number>/``."""

    template_name = f"{PAGES}/rename.jinja"
    success_url = INDEX


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """``…/passkeys/<number>/remove/``."""

    template_name = f"{PAGES}/remove.jinja"
    success_url = INDEX
