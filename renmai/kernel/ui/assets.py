"""Addresses of what the front-end build made, by plain name."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.conf import settings

BUILD = Path(__file__).parent / "static" / "build"


class NotBuilt(Exception):
    """The front end has not been built."""


@lru_cache(maxsize=2)
def _manifest(changed_at: float) -> dict[str, str]:
    return cast("dict[str, str]", json.loads((BUILD / "manifest.json").read_text()))


def asset(name: str) -> str:
    """Address of a built file, which may be kept by browsers for ever.

    Args:
        name: ``app.js``, ``app.css`` or ``icons.svg``.

    Raises:
        NotBuilt: ``npm run build`` has not run.
    """
    try:
        changed_at = (BUILD / "manifest.json").stat().st_mtime
    except FileNotFoundError:
        raise NotBuilt("The front end has not been built. Run: npm ci && npm run build") from None
    return f"{settings.STATIC_URL}build/{_manifest(changed_at)[name]}"
