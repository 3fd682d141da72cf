"""Whether what a company made of its types has changed since this process last looked.

Each change moves a number, by trigger and in its own transaction. The number is read along with the query that loads the session, the
token or the job, so that following it costs no query until it has moved.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Subquery
from django.db.models.functions import Coalesce


class OverlayVersion(models.Model):
    """The only row of its table. The number comes from a sequence, so that one of a rolled back change never comes again."""

    version = models.BigIntegerField(default=0)


NONE = 0
_followed = {"version": NONE}
_lock = threading.Lock()
_rebuild: list[Callable[[bool], None]] = []


def rebuilds(function: Callable[[bool], None]) -> Callable[[bool], None]:
    """Call the function whenever the overlay has changed, with whether there is one at all."""
    _rebuild.append(function)
    return function


def current() -> Any:
    """The number, as an annotation of any query."""
    row = Subquery(OverlayVersion.objects.filter(pk=1).values("version")[:1], output_field=BigIntegerField())
    return Coalesce(row, NONE)


def follow(version: int) -> None:
    """Take over what has changed, if the number has moved.

    Args:
        version: as ``current`` read it.
    """
    if version != _followed["version"]:
        with _lock:
            if version != _followed["version"]:
                for function in _rebuild:
                    function(version != NONE)
                _followed["version"] = version


def refresh() -> None:
    """Ask for the number, and follow it: where no session, token or job is loaded."""
    follow(OverlayVersion.objects.filter(pk=1).values_list("version", flat=True).first() or NONE)


def followed() -> int:
    """The number that this process has taken over: what is worked out from types and kept, is kept under it."""
    return _followed["version"]


def forget() -> None:
    """Go back to what the code says, until the overlay is next looked at."""
    follow(NONE)
