"""Names of people, in the order of their script."""

from __future__ import annotations

from typing import NamedTuple


class Parts(NamedTuple):
    """The parts of a name."""

    family: str
    given: str


def compose(family: str, given: str, other: str = "") -> str:
    """The displayed name."""
    if any("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in family + given):
        return f"{family}{given}"
    return " ".join(part for part in (given, other, family) if part)


def split(name: str) -> Parts | None:
    """The parts where script and title make them certain."""
    return None
