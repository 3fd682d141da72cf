"""A formula once it is read: a tree whose nodes know where they stood."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true or false."""

    value: Decimal | str | bool
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A field of the record, or of what it links to: ``amount``, ``custom.budget``, ``account.country``."""

    path: str
    at: int


@dataclass(frozen=True, slots=True)
class Unary:
    """``-`` or ``not`` before one operand."""

    op: str
    operand: Node
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands."""

    op: str
    left: Node
    right: Node
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Node, ...]
    at: int


Node = Literal | Name | Unary | Binary | Call
