"""Who must have a second step, and what opens to them before they have one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django.http import HttpRequest

    from renmai.kernel.access.user import User

STEPS = ["totp", "webauthn"]
View = TypeVar("View", bound=Callable[..., Any])
MARK = "opens_without_second_step"


def has_second_step(user: Any) -> bool:
    """Has an app or a passkey beside the password."""
    return bool(user.authenticator_set.filter(type__in=STEPS).exists())


def lacks_second_step(user: User) -> bool:
    """Some role asks for a second step, and the person has none: nothing opens until they have."""
    return any(role.second_step for role in user.access.roles) and not has_second_step(user)


def before_second_step(view: View) -> View:
    """Mark a view that opens to people who have yet to set up their second step."""
    setattr(view, MARK, True)
    return view


def is_kept_out(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Whether somebody who has signed in may not go there before they have a second step."""
    user: Any = request.user
    return user.is_authenticated and not getattr(view, MARK, False) and getattr(view, "login_required", True) and lacks_second_step(user)


def forget_second_steps(user: Any) -> None:
    """Take every app, passkey and recovery code from somebody who has lost them."""
    user.authenticator_set.all().delete()
