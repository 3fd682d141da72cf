"""People with a sign-in, as the operator makes them."""

from __future__ import annotations

import secrets
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from renmai.config.errors import StartError
from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry


def new_password() -> str:
    """Sixteen random characters: 96 bits."""
    return secrets.token_urlsafe(12)


def make_user(email: str, *, role: str, name: str = "", password: str) -> User:
    """Make a person who can sign in.

    Raises:
        StartError: the address is none or is taken, or there is no such role.
    """
    try:
        validate_email(email)
    except ValidationError:
        raise StartError(f"'{email}' is no e-mail address.") from None
    found = Role.objects.live().filter(name__iexact=role).first()
    if found is None:
        known = ", ".join(Role.objects.live().order_by("name").values_list("name", flat=True))
        raise StartError(f"There is no role '{role}': choose one of {known}.")
    try:
        user: Any = create(registry.of(User), {"email": email.lower(), "name": name or email.split("@")[0], "roles": [str(found.pk)]}, None)
    except Invalid as problem:
        raise StartError(f"{email} cannot be made a user: {problem}") from None
    set_password(user, password)
    return cast(User, user)


def find_user(email: str) -> User:
    """The person with this address.

    Raises:
        StartError: there is none.
    """
    user: User | None = User.objects.live().filter(email=email.lower()).first()
    if user is None:
        raise StartError(f"No user has the address {email}: 'renmai user list' shows them all.")
    return user


def role_names(user: User) -> list[str]:
    """What a person is, in words."""
    return sorted(role.name for role in user.access.roles)


def has_admin() -> bool:
    """Whether somebody with a sign-in may do everything."""
    admins = Role.objects.live().filter(name="admin").values_list("pk", flat=True)
    return bool(User.objects.live().filter(active=True, roles__overlap=list(admins)).exclude(email="").exists())


def set_password(user: User, password: str) -> None:
    """Give a person a password; it ends their sessions, whose keys depend on it."""
    user.set_password(password)
    user.save(update_fields=["password"])
