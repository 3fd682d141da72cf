"""Addresses of the API that a domain brings beside those of its types: what ``openapi.json`` says of them."""

from __future__ import annotations

from typing import Any

_paths: dict[str, Any] = {}


def describe_paths(paths: dict[str, Any]) -> None:
    """Let the description hold these: path → method → ``operations.operation``."""
    _paths.update(paths)


def described() -> dict[str, Any]:
    """All that the domains described."""
    return dict(_paths)
