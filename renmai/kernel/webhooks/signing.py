"""Signing as https://www.standardwebhooks.com has it: HMAC-SHA256 over id, second and body."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from renmai.kernel.access.seal import seal, unseal
from renmai.kernel.webhooks.model import Sending

if TYPE_CHECKING:
    from renmai.kernel.webhooks.model import Webhook

PREFIX = "whsec_"
LENGTH = 32
OVERLAP = dt.timedelta(days=1)


def new_secret() -> str:
    """A random secret, as it is shown: ``whsec_`` and 32 bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def rotate(webhook: Webhook) -> str:
    """Give a webhook a new secret; the one before signs for one more day beside it.

    Returns:
        The secret, which is shown only now.
    """
    made = new_secret()
    with transaction.atomic():
        kept = Sending.objects.select_for_update().get_or_create(webhook=webhook)[0]
        kept.sealed, kept.sealed_before, kept.rotated_at = seal(made), kept.sealed, timezone.now()
        kept.save(update_fields=["sealed", "sealed_before", "rotated_at"])
    return made


def secrets_of(sending: Sending) -> list[str]:
    """What signs now, the newest first."""
    lasts = sending.rotated_at is not None and timezone.now() - sending.rotated_at < OVERLAP
    return [found for found in (unseal(sending.sealed), unseal(sending.sealed_before) if lasts else "") if found]


def signature(secret: str, key: str, second: int, body: bytes) -> str:
    """One signature.

    Args:
        secret: with its prefix.
        key: ``webhook-id``.
        second: ``webhook-timestamp``, in seconds since 1970.
    """
    signed = b".".join([key.encode(), str(second).encode(), body])
    digest = hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def headers(sending: Sending, key: str, body: bytes) -> dict[str, str]:
    """What goes with a body."""
    second = int(timezone.now().timestamp())
    signatures = [signature(secret, key, second, body) for secret in secrets_of(sending)]
    return {"webhook-id": key, "webhook-timestamp": str(second), "webhook-signature": " ".join(signatures)}
