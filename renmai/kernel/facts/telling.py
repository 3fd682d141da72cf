"""Whether people are told of each fact: of what is done by itself they are, of work on many records only where that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_wanted: ContextVar[bool | None] = ContextVar("telling", default=None)


@contextmanager
def telling(wanted: bool) -> Iterator[None]:
    """Work on many records: tell of each that it changes, or of none."""
    token = _wanted.set(wanted)
    try:
        yield
    finally:
        _wanted.reset(token)


def is_told(*, together: bool) -> bool:
    """Whether people are told of a fact.

    Args:
        together: it is said together with many others.
    """
    wanted = _wanted.get()
    return not together if wanted is None else wanted
