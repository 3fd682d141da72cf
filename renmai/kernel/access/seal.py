"""Secrets at rest: what the database holds of them is worthless without the key of this installation."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"renmai.seal {settings.SECRET_KEY}".encode()).digest()))


def seal(secret: str) -> str:
    """Encrypt a secret; nothing stays nothing."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """The secret; nothing where it was sealed with another key, as after a restore without it."""
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""
