"""How a board is declared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Board:
    """Cards in columns.

    Attributes:
        by: the choice or link that makes the columns.
        sum: money field summed per column.
        action: the action that moves a card, with the new column as its only argument; without one the field is updated.
        within: link that the columns belong to (stages within a pipeline).
        card: fields shown on a card.
    """

    by: str
    sum: str = ""
    action: str = ""
    within: str = ""
    card: tuple[str, ...] = ()
