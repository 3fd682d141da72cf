"""Addresses of what the front-end build made, by plain name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import cast

from django.conf import settings

BUILD = Path(__file__).parent / "static" / "build"


class NotBuilt(Exception):
    """The front end has not been built."""


@cache
def _manifest() -> dict[str, str]:
    return cast("dict[str, str]", json.loads((BUILD / "manifest.json").read_text()))


@cache
def built(name: str) -> str:
    """The text of a built file."""
    return (BUILD / _manifest()[name]).read_text()


@cache
def asset(name: str) -> str:
    """Address of a built file, which may be kept by browsers for ever.

    Args:
        name: ``app.js``, ``app.css`` or ``icons.svg``.

    Raises:
        NotBuilt: ``npm run build`` has not run.
    """
    try:
        return f"{settings.STATIC_URL}build/{_manifest()[name]}"
    except FileNotFoundError:
        raise NotBuilt("The front end has not been built. Run: npm ci && npm run build") from None
