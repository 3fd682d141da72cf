"""How a tree of criteria is refused."""

from __future__ import annotations

from typing import Any

from renmai.kernel.actions.errors import Invalid


class BadCriteria(Invalid):
    """A tree that cannot be understood, or that asks for what the reader may not know.

    Args:
        path: where in the tree, ``"and.1.value"``; empty for the whole.
        message: a sentence for people.
    """

    def __init__(self, path: str, message: Any) -> None:
        self.path, self.message = path, message
        super().__init__({".".join(filter(None, ["filter", path])): [message]})


class UnknownField(BadCriteria):
    """It names a field that there is not, or that the reader's roles hide.

    Args:
        name: as the tree names it, every link included.
    """

    def __init__(self, path: str, message: Any, name: str) -> None:
        self.name = name
        super().__init__(path, message)
