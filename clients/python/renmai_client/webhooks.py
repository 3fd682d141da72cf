"""Checking that a message comes from Renmai: https://www.standardwebhooks.com."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

TOLERANCE = 300


class BadSignature(Exception):
    """The message does not come from whoever has the secret, or is too old."""


def verify_webhook(secret: str, headers: Mapping[str, str], body: bytes, *, tolerance: float = TOLERANCE, now: float | None = None) -> Any:
    """Check a message and read it.

    Args:
        secret: ``whsec_…``, as Renmai showed it.
        headers: those of the request.
        body: the bytes as they came; parsed and written anew they are others.
        tolerance: seconds that the message may be old, or ahead.
        now: seconds since 1970; the clock's if not given.

    Returns:
        The message: ``{"type", "timestamp", "data"}``.

    Raises:
        BadSignature: it is not to be trusted.
    """
    given = {name.lower(): value for name, value in headers.items()}
    key, second = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not key or not second.isascii() or not second.isdecimal():
        raise BadSignature("The headers webhook-id and webhook-timestamp are needed.")
    if abs((time.time() if now is None else now) - int(second)) > tolerance:
        raise BadSignature("The message is too old, or the clocks differ.")
    digest = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), f"{key}.{second}.".encode() + body, hashlib.sha256)
    expected = b"v1," + base64.b64encode(digest)
    if not any(hmac.compare_digest(expected, one.encode()) for one in given.get("webhook-signature", "").split()):
        raise BadSignature("No signature fits.")
    return json.loads(body)
