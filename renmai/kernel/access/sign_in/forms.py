"""The forms of sign-in. What they check is allauth's; their words and their looks are ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.sign_in.reset import ask_reset
from renmai.kernel.ui.inputs import Input


@dataclass(frozen=True)
class Words:
    """How one field of allauth's forms stands on our pages."""

    label: Any
    kind: str = "password"
    autocomplete: str = "current-password"


FIELDS = {
    "login": Words(_("E-mail"), "email", "username"),
    "email": Words(_("E-mail"), "email", "username"),
    "password": Words(_("Password")),
    "oldpassword": Words(_("Present password")),
    "password1": Words(_("New password"), autocomplete="new-password"),
    "code": Words(_("Code"), "text", "one-time-code"),
    "name": Words(_("Name"), "text", "off"),
}
NEW_PASSWORD_HELP = _("At least ten characters. A few words in a row are easy to remember and hard to guess.")


def inputs_of(form: BaseForm) -> list[Input]:
    """The fields of a form as inputs of a page."""
    return [_input(form, name) for name in form.fields if name in FIELDS]


def _input(form: BaseForm, name: str) -> Input:
    words = FIELDS[name]
    typed = "" if words.kind == "password" else str(form[name].value() or "")
    made = Input(name, words.label, words.kind, typed, errors=list(form[name].errors), autocomplete=words.autocomplete)
    made.help = NEW_PASSWORD_HELP if name == "password1" else ""
    return made


class TypedOnce:
    """A new password is typed once: it can be made visible, and reset."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["password2"]  # type: ignore[attr-defined]


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail and password."""


class AskResetForm(ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link. Whether anybody has this address is found out later, away from the page, so that nobody can tell."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **options: Any) -> str:
        ask_reset(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class NewPasswordForm(TypedOnce, ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password for somebody who has the link."""


class ChangeForm(TypedOnce, ChangePasswordForm):  # type: ignore[misc]
    """A new password for somebody who knows the present one."""
