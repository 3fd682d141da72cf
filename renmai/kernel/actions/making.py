"""Records that an action makes of another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from renmai.kernel.actions.run import made
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

R = TypeVar("R", bound="Record")


def make_of(source: Record, model: type[R], names: Iterable[str], *, by: User, **values: Any) -> R:
    """Make a record that takes over what another has, and tell the caller of the action.

    Args:
        names: fields that both types have; what is empty is not taken over.
        values: what differs.

    Raises:
        Invalid, Forbidden: it cannot be made.
    """
    taken = {name: value for name in names if (value := getattr(source, name)) not in (None, "")}
    return cast("R", made(create(registry.of(model), taken | values, by)))
