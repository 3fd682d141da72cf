"""Queries over what a person may see, whose SQL is made once for all who may see the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from renmai.kernel.access.visible import openings
from renmai.kernel.history.past import moment
from renmai.kernel.records.prepared import Prepared, is_constant, prepared

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def seen_by(by: User | None, model: type[Record], mark: Hashable, ask: Callable[[QuerySet[Any, Any]], QuerySet[Any, Any]]) -> Prepared[Any]:
    """What is asked of the rows of a type that a person may see.

    Args:
        by: who asks; None sees all, the deleted too.
        mark: what is asked, with all that it depends on besides the type and the person's rights.
        ask: makes the question of the rows; called only if nobody with the same rights has asked it before.
    """
    opened = tuple(openings(by, model)) if by is not None else None

    def make() -> Prepared[Any]:
        return Prepared(ask(model.objects.visible_to(by) if by is not None else model.objects.all()))

    is_kept = moment() is None and is_constant(*opened or ())
    return prepared((mark, model, opened) if is_kept else None, make)  # type: ignore[no-any-return]
