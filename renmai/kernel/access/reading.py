"""Who reads: whatever comes from the database is what this person sees of it (see ``masks``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

_reader: ContextVar[User | None] = ContextVar("reads", default=None)


def reads() -> User | None:
    """Who reads now; None reads everything."""
    return _reader.get()


def read_as(by: User | None) -> None:
    """From here on, whatever is read is read by this person; None reads everything."""
    _reader.set(by)


@contextmanager
def reading(by: User | None) -> Iterator[None]:
    """Whatever is read inside is read by this person; None reads everything."""
    token = _reader.set(by)
    try:
        yield
    finally:
        _reader.reset(token)


def seeing_all() -> AbstractContextManager[None]:
    """What is read inside is read in full: to compare it or to work something out of it, not to show it."""
    return reading(None)
