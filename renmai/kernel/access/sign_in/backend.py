"""Whom a session stands for."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from renmai.kernel.access.user import User, users


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which reads the person of a session by a query that is made once: every request does."""

    def get_user(self, user_id: Any) -> User | None:
        """The person with this id who may sign in."""
        user = next(iter(users.of([user_id])), None)
        return user if user is not None and self.user_can_authenticate(user) else None
