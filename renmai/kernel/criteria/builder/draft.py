"""Criteria on their way through a form: what was chosen and typed, whether or not it makes sense yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ALL, ANY, NONE, SOME = "all", "any", "none", "some"


@dataclass
class Lost:
    """A kept part that names something that is gone: shown with its reason, and either taken away or kept as it is.

    Attributes:
        raw: the part as JSON has it.
    """

    raw: Any
    reason: str


@dataclass
class Line:
    """One condition.

    Attributes:
        steps: names of the path, each but the last ending in a dot.
        op: an operator of ``offers``; ``last``, ``next`` and ``this`` stand for ``within``.
        values: as typed.
        hows: beside each date how it is given: ``day``, ``moment``, or the name of a variable.
        unit: of a stretch of the calendar.
        compare: how a count or a sum is compared.
        sum: the field that is added up.
        where: which of the related rows.
        errors: what is wrong with it, in sentences.
        fresh: was added just now, so that the typing goes on here.
    """

    steps: list[str] = field(default_factory=list)
    op: str = ""
    values: list[str] = field(default_factory=list)
    hows: list[str] = field(default_factory=list)
    unit: str = ""
    compare: str = ""
    sum: str = ""
    where: Group | None = None
    errors: list[str] = field(default_factory=list)
    fresh: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing was chosen yet."""
        return not any(self.steps)


@dataclass
class Group:
    """Conditions and groups of which ``all``, ``any``, ``none`` or only ``some`` hold.

    Attributes:
        fresh: something in it was taken away just now, so that the typing goes on here.
    """

    match: str = ALL
    parts: list[Part] = field(default_factory=list)
    fresh: bool = False


Part = Group | Line | Lost


def add(root: Group, place: list[str], part: Part) -> None:
    """Put a part at the end of the group at a place."""
    at(root, place).parts.append(part)


def drop(root: Group, place: list[str]) -> None:
    """Take the part at a place away, and the groups that it leaves empty; the outermost then holds for everything."""
    *above, last = place
    group = at(root, above)
    del group.parts[int(last)]
    if not group.parts and above and above[-1] != "where":
        drop(root, above)
        return
    group.fresh = True
    group.match = group.match if group.parts else ALL


def renew(root: Group, place: list[str]) -> None:
    """Forget how the line at a place went on behind its path: another field asks another thing."""
    *above, last = place
    parts = at(root, above).parts
    line = parts[int(last)]
    if isinstance(line, Line):
        parts[int(last)] = Line(line.steps)


def at(root: Group, place: list[str]) -> Group:
    """The group at a place: numbers lead into groups, ``where`` leads to which of the related rows.

    Raises:
        LookupError: there is none.
    """
    here: Part = root
    for step in place:
        if step == "where" and isinstance(here, Line):
            here.where = here.where or Group()
            here = here.where
        elif isinstance(here, Group):
            here = here.parts[int(step)]
        else:
            raise LookupError(step)
    if not isinstance(here, Group):
        raise LookupError(place)
    return here
