"""Letters to the people who work here, and to those outside who have asked for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from renmai.kernel.access.reading import reading
from renmai.kernel.overlay.company import company
from renmai.kernel.ui.reader import Reader, become, current, reader_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def address(path: str) -> str:
    """A path of ours as people outside type it; never taken from a request, whose host anybody may forge."""
    return f"{settings.BASE_URL}{path}"


def mail(
    user: User,
    subject: Callable[[], str],
    template: str,
    values: dict[str, Any] | Callable[[], dict[str, Any] | None],
    *,
    stop: str = "",
) -> None:
    """Write to a person in their language, with dates as they write them, and of records no more than they see.

    Args:
        subject: called once that language is in force.
        template: the body: ``{template}.txt.jinja`` in plain text, ``{template}.jinja`` as mail programs show it.
        values: what both name; a function is called after ``subject``, and nothing is sent where it has nothing to say.
        stop: the address at which one request ends letters of this kind (RFC 8058).
    """
    before, ours = current(), company()
    with reading(user), translation.override((user.language or ours.language).lower()):
        become(reader_of(user, fallback=ours.language, time_zone=ours.time_zone))
        try:
            line = " ".join(subject().split())
            told = values() if callable(values) else values
            if told is not None:
                _send(user.email, line, template, {"name": user.title, **told}, stop)
        finally:
            become(before)


def mail_outside(to: str, language: str, subject: Callable[[], str], template: str, values: dict[str, Any]) -> None:
    """Write to somebody outside.

    Args:
        language: tag of the language in which they have spoken with us; else it is the company's.
        subject: called once that language is in force.
        values: what the template names, with ``name``, which it greets.
    """
    before, ours = current(), company()
    spoken = (language or ours.language).lower()
    with translation.override(spoken):
        become(Reader(spoken, ours.time_zone, country=ours.country))
        try:
            _send(to, " ".join(subject().split()), template, values, "")
        finally:
            become(before)


def _send(to: str, subject: str, template: str, values: dict[str, Any], stop: str) -> None:
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if stop else {}
    told = {"subject": subject, **values}
    letter = EmailMultiAlternatives(subject, render_to_string(f"{template}.txt.jinja", told), None, [to], headers=headers)
    letter.attach_alternative(render_to_string(f"{template}.jinja", told), "text/html")
    letter.send()
