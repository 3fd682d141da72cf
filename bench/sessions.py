"""Signing in without a form."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.module_loading import import_string

from renmai.kernel.access.user import User


def session_of(user: User) -> str:
    """The cookie of a new session, as a browser sends it."""
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    backend = settings.AUTHENTICATION_BACKENDS[0]
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: user.get_session_auth_hash()})
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
