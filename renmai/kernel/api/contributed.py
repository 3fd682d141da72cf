"""Addresses of the API that a domain brings beside those of its types: what ``openapi.json`` says of them, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import get_resolver

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

    Reader = Callable[[User], bool]

_told: list[tuple[dict[str, Any], Reader]] = []


def everybody(_by: User) -> bool:
    """Whoever may call at all."""
    return True


def who_may(verb: str, slug: str) -> Reader:
    """Those whose roles let them do a verb to a type."""
    return lambda by: by.may(verb, slug)


def describe_paths(paths: dict[str, Any], *, to: Reader = everybody) -> None:
    """Let the description hold these.

    Args:
        paths: path → method → ``operations.operation``.
        to: who is told of them; to others they are closed.
    """
    _told.append((paths, to))


def described(by: User) -> dict[str, Any]:
    """All that the domains described and that is open to a person."""
    get_resolver().url_patterns  # noqa: B018 - what a domain says of its addresses stands beside them, and is read with them
    return {path: verbs for paths, is_told in _told if is_told(by) for path, verbs in paths.items()}
