"""Keeps who signed in or tried to."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.signals import authentication_failed
from django.dispatch import receiver
from django.http import HttpRequest

from renmai.kernel.access.sessions import AGENT_LENGTH
from renmai.kernel.access.sign_in.attempts import Attempt, How
from renmai.kernel.access.user import User

LONGEST_EMAIL = 254


def note(request: HttpRequest, *, user: User | None, email: str = "", how: str, succeeded: bool) -> None:
    """Keep one attempt.

    Args:
        user: whose account was meant, if it is known.
        email: as it was typed, where no account has it.
        how: values of ``How``, separated by blanks.
    """
    told = user.email if user is not None else email.lower()[:LONGEST_EMAIL] if "@" in email else ""
    Attempt.objects.create(
        user=user,
        email=told,
        how=how,
        succeeded=succeeded,
        address=get_adapter().get_client_ip(request),
        agent=request.headers.get("User-Agent", "")[:AGENT_LENGTH],
    )


def ways_of(request: HttpRequest, user: User) -> str:
    """How this session became the person's, as allauth has kept it."""
    ways = [_way(record) for record in get_authentication_records(request, user)]
    return " ".join(dict.fromkeys(ways)) or How.INVITATION


def _way(record: dict[str, Any]) -> str:
    if record["method"] == "mfa":
        return {"webauthn": How.PASSKEY, "totp": How.TOTP}.get(record.get("type", ""), How.RECOVERY)
    return {"password": How.PASSWORD, "socialaccount": How.COMPANY}.get(record["method"], How.INVITATION)


@receiver(authentication_failed, dispatch_uid="renmai.attempts")
def step_failed(request: HttpRequest, user: User, authenticator: Any, **_rest: Any) -> None:
    """A second step that was not right."""
    note(request, user=user, how=_way({"method": "mfa", "type": authenticator.type}), succeeded=False)
