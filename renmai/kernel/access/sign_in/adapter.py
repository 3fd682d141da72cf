"""What allauth asks of us: our words, our addresses, and no accounts but those that people are invited to."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.sessions import end_sessions, note_device
from renmai.kernel.access.sign_in.attempts import How
from renmai.kernel.access.sign_in.noting import note, ways_of
from renmai.kernel.access.user import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Set as ``ACCOUNT_ADAPTER``."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask an administrator."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right, or was used before."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "invalid_password_reset": _("This link does not work any more. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def add_message(self, *args: Any, **options: Any) -> None:
        """Pages of ours say what there is to say."""

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin a session that can be recognised in the list of sessions."""
        super().login(request, user)
        note_device(request, self.get_client_ip(request))
        note(request, user=user, how=ways_of(request, user), succeeded=True)  # type: ignore[arg-type]

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A password that was not right, or nobody's."""
        email = str(credentials.get("email", ""))
        note(request, user=User.objects.live().filter(email=email.lower()).first(), email=email, how=How.PASSWORD, succeeded=False)

    def is_reauthentication_required(self, *, app: str, **_rest: Any) -> bool:
        """Who came in a moment ago need not show again who they are."""
        request = context.request
        records = get_authentication_records(request, request.user)
        return not any(time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT for record in records)

    def set_password(self, user: Any, password: str) -> None:
        """Write the password alone, so that nothing else that changed meanwhile is overwritten, and end what the old one began."""
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions(user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the person's own settings."""
        return reverse("settings-me")
