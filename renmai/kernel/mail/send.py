"""Letters to the people who work here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from renmai.kernel.overlay.company import company

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def address(path: str) -> str:
    """A path of ours as people outside type it; never taken from a request, whose host anybody may forge."""
    return f"{settings.BASE_URL}{path}"


def mail(user: User, subject: Callable[[], str], template: str, values: dict[str, Any]) -> None:
    """Write to a person in their language.

    Args:
        subject: called once that language is in force.
        template: the body, in plain text.
        values: what the template names.
    """
    with translation.override((user.language or company().language).lower()):
        send_mail(subject(), render_to_string(template, values), None, [user.email])
