"""The types of records as entries of a pick-list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType


class TypeNames(dict[str, Any]):
    """Types by slug, read when asked: the registry is filled after the models, and grows with the company's own types.

    Args:
        which: the types that can be chosen; every type, if none is given.
    """

    def __init__(self, which: Callable[[], Iterable[RecordType]] = registry.all) -> None:
        super().__init__()
        self.which = which

    def items(self) -> Any:
        """Slug and name of each."""
        return [(kind.slug, capfirst(kind.label_plural)) for kind in self.which()]
