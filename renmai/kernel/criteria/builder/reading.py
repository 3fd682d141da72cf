"""From a form to the draft of criteria.

Each part has a place, ``filter.0.where.1``, and its inputs are named after it: ``filter.0.step`` once per name of the path,
``.op``, ``.value``, ``.how``, ``.unit``, ``.compare``, ``.sum``; of a group ``.match``; ``.kind`` says which of the two it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.builder.draft import ALL, Group, Line, Part
from renmai.kernel.criteria.builder.offers import INTO, MATCHES, follow
from renmai.kernel.criteria.builder.opening import Opener
from renmai.kernel.criteria.grammar import DEEPEST, Described
from renmai.kernel.records.decode import decode

if TYPE_CHECKING:
    from django.http import QueryDict

    from renmai.kernel.access.user import User


def draft_of(form: QueryDict, name: str, kind: Described, by: User | None) -> Group:
    """The draft that a form holds.

    Args:
        name: of the builder in the form.
        kind: what the criteria are about.
        by: whose hidden fields count as gone.

    Raises:
        Invalid: what was sent did not come from a builder.
    """
    try:
        return Reading(form, by).group(name, kind)
    except (ValueError, KeyError, RecursionError):
        raise Invalid({name: [_("The criteria were not sent by the builder.")]}) from None


class Reading:
    """Reads one form."""

    def __init__(self, form: QueryDict, by: User | None) -> None:
        self.form, self.by = form, by

    def group(self, place: str, kind: Described) -> Group:
        """The group at a place."""
        if place.count(".") > 2 * DEEPEST:
            raise ValueError(place)
        match = self.form.get(f"{place}.match", ALL)
        group = Group(match if match in MATCHES else ALL)
        while f"{place}.{len(group.parts)}.kind" in self.form:
            group.parts.append(self.part(f"{place}.{len(group.parts)}", kind))
        return group

    def part(self, place: str, kind: Described) -> Part:
        """Whatever stands at a place."""
        match self.form[f"{place}.kind"]:
            case "group":
                return self.group(place, kind)
            case "lost":
                return Opener(self.by).part(decode(str(self.form[f"{place}.lost"])), kind)
        return self.line(place, kind)

    def line(self, place: str, kind: Described) -> Line:
        """The condition at a place."""
        get, several = self.form.get, self.form.getlist
        line = Line(path(several(f"{place}.step")), get(f"{place}.op", ""), several(f"{place}.value"), several(f"{place}.how"))
        line.unit, line.compare, line.sum = (get(f"{place}.{name}", "") for name in ("unit", "compare", "sum"))
        if f"{place}.where.kind" in self.form and (many := follow(kind, line.steps, self.by).many) is not None:
            line.where = self.group(f"{place}.where", many.kind)
        return line


def path(steps: list[str]) -> list[str]:
    """The names as far as each leads on to the next: what stood behind a name that was chosen anew belongs to the old one."""
    whole = next((at + 1 for at, step in enumerate(steps) if not step.endswith(INTO)), len(steps))
    return [step for step in steps[:whole] if step]
