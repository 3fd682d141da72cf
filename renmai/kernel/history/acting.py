"""Who acts, and why: told to the history's triggers for the length of one verb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from renmai.kernel.access.reading import seeing_all

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

PROGRAM = "renmai"


@dataclass(frozen=True)
class Acting:
    """One verb on its way; what it calls for belongs to the same change.

    Attributes:
        by: id of the person, or ``renmai`` for the program itself.
        change_set: the import or the work in bulk that it is a part of, if it is.
        through: the name of the token with which a program acts for the person.
    """

    by: str
    reason: str
    change_set: UUID | None = None
    change: UUID = field(default_factory=uuid7)
    through: str = ""

    def tell(self) -> None:
        """Say it to the triggers of this transaction."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('renmai.by', %s, true), set_config('renmai.reason', %s, true), set_config('renmai.change', %s, true),"
                " set_config('renmai.change_set', %s, true), set_config('renmai.through', %s, true)",
                [self.by, self.reason, str(self.change), str(self.change_set or ""), self.through],
            )


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def change_set_of_now() -> UUID | None:
    """The import or the work in bulk that what happens now is a part of, if it is."""
    outer = _acting.get()
    return outer.change_set if outer is not None else None


@contextmanager
def acting(by: User | None, reason: str = "", change_set: UUID | None = None) -> Iterator[None]:
    """Everything written inside is done by ``by``; inside another verb it is a part of that one's change, with its reason.

    Stands inside the verb's transaction.
    """
    outer = _acting.get()
    name, through = (str(by.pk), by.access.through) if by else (PROGRAM, "")
    if outer is None:
        inner = Acting(name, reason, change_set, through=through)
    else:
        inner = Acting(name, reason or outer.reason, change_set or outer.change_set, outer.change, through or outer.through)
    if inner != outer:
        inner.tell()
    token = _acting.set(inner)
    try:
        with seeing_all():  # what is written follows from how things are, not from what somebody sees of them
            yield
    finally:
        _acting.reset(token)
    if outer is not None and inner != outer:
        outer.tell()


def reason_given() -> str:
    """The reason of the verb that runs; empty outside of one."""
    running = _acting.get()
    return running.reason if running is not None else ""


def act_as(by: User | None, reason: str = "") -> None:
    """The same for the rest of the transaction."""
    Acting(str(by.pk) if by else PROGRAM, reason).tell()
