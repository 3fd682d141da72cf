"""From a draft to the tree of criteria; what is wrong is written beside each condition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.criteria.builder.draft import Group, Line, Lost, Part
from renmai.kernel.criteria.builder.offers import PRESENCE, TOTAL_OPS, WINDOWS, Found, follow
from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.criteria.grammar import Described, parse
from renmai.kernel.criteria.kinds import TEXT
from renmai.kernel.criteria.values import variables
from renmai.kernel.criteria.windows import Window
from renmai.kernel.locale.numbers import parse_number
from renmai.kernel.records.kinds import plain
from renmai.kernel.records.pages.typing import typed_value

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec

BLANK = object()


@dataclass(frozen=True)
class Closer:
    """Writes a draft as a tree.

    Attributes:
        by: whose hidden fields are refused; None refuses none.
        related: conditions about related rows are allowed.
    """

    by: User | None
    related: bool = True

    def whole(self, root: Group, kind: Described) -> Any:
        """The tree; ``{}``, everything, where nothing was chosen."""
        tree = self.group(root, kind)
        return {} if tree is BLANK else tree

    def part(self, part: Part, kind: Described) -> Any:
        """Any part, or ``BLANK``."""
        if isinstance(part, Group):
            return self.group(part, kind)
        return part.raw if isinstance(part, Lost) else self.line(part, kind)

    def group(self, group: Group, kind: Described) -> Any:
        """What is joined; blank where nothing in it was filled in."""
        parts = [tree for part in group.parts if (tree := self.part(part, kind)) is not BLANK]
        if group.parts and not parts:
            return BLANK
        if not parts and group.match == "all":
            return {}
        joined = parts[0] if len(parts) == 1 else {"and" if group.match in {"all", "some"} else "or": parts}
        return {"not": joined} if group.match in {"none", "some"} else joined

    def line(self, line: Line, kind: Described) -> Any:
        """One condition; where it makes no sense yet its errors say so."""
        line.errors = []
        if line.is_blank:
            return BLANK
        found = follow(kind, line.steps, self.by, related=self.related)
        name = ".".join([*(link.name for link in found.links), line.steps[-1]])
        tree = {"field": name}
        try:
            tree |= self.asked(line, found)
            parse({key: value for key, value in tree.items() if key != "where" and not isinstance(value, Where)}, kind, self.by)
        except BadCriteria as problem:
            line.errors.append(str(problem.message))
        except ValueError as problem:
            line.errors.append(str(problem))
        return {key: value.tree if isinstance(value, Where) else value for key, value in tree.items()}

    def asked(self, line: Line, found: Found) -> dict[str, Any]:
        """What is asked of the field or of the related rows.

        Raises:
            ValueError: with a sentence, where something is missing or cannot be read.
        """
        if found.many is not None:
            return self.rows(line, found)
        if found.field is None:
            raise ValueError(_("Choose a field."))
        if line.op not in dict(found.ops):
            raise ValueError(_("Choose how to compare."))
        return compared(line, found.field)

    def rows(self, line: Line, found: Found) -> dict[str, Any]:
        """What is asked of related rows."""
        assert found.many is not None
        inner = self.group(line.where, found.many.kind) if line.where else BLANK
        where = None if inner is BLANK or inner == {} else Where(inner)
        if line.op in {"any", "none"}:
            return {"op": line.op} | ({"value": where} if where else {})
        asked: dict[str, Any] = {"op": line.compare if line.compare in TOTAL_OPS else TOTAL_OPS[0]}
        asked |= {"sum": line.sum or found.numbers[0][0]} if line.op == "sum" and found.numbers else {"count": True}
        wanted = 2 if asked["op"] == "between" else 1
        numbers = [read_number(text) for text in (*line.values, "", "")[:wanted]]
        return asked | {"value": numbers if wanted == 2 else numbers[0]} | ({"where": where} if where else {})


@dataclass(frozen=True)
class Where:
    """The part of a condition about related rows that is judged by itself."""

    tree: Any


def compared(line: Line, spec: FieldSpec) -> dict[str, Any]:
    """Operator and value of a field."""
    op = line.op
    if op in PRESENCE:
        return {"op": op}
    if op in WINDOWS:
        return {"op": "within", "value": {op: window(op, line)}}
    hows = [*line.hows, *["day"] * len(line.values)]
    if op in {"in", "not_in"}:
        values = [one(spec, text, how) for text, how in zip(line.values, hows, strict=False) if text.strip() or is_variable(spec, how)]
        if not values:
            raise ValueError(_("Choose at least one value."))
        return {"op": op, "value": values}
    if op == "between":
        low, high = (*line.values, "", "")[:2]
        return {"op": op, "value": [one(spec, low, hows[0] if hows else "day"), one(spec, high, hows[1] if len(hows) > 1 else "day")]}
    return {"op": op, "value": one(spec, next(iter(line.values), ""), hows[0] if hows else "day")}


def window(op: str, line: Line) -> str:
    """A stretch of the calendar as criteria have it."""
    if op == "this":
        return line.unit or "month"
    text = next(iter(line.values), "")
    found = f"{read_number(text)} {line.unit or 'day'}s"
    if Window.parse(op, found) is None:
        raise ValueError(_("A whole number is expected here, and at most a hundred years."))
    return found


def is_variable(spec: FieldSpec, name: str) -> bool:
    """Whether a date is given by this variable."""
    return spec.kind in {"date", "moment"} and name in variables(spec)


def one(spec: FieldSpec, text: str, how: str) -> Any:
    """One value as criteria have it.

    Raises:
        ValueError: with a sentence, when nothing was typed or it cannot be read.
    """
    if is_variable(spec, how):
        return {"var": how}
    if spec.kind in TEXT and text:
        return typed_value(spec, text) if spec.kind == "pick" else text
    text = text.strip()
    if text.startswith("var:") and text[4:] in variables(spec):
        return {"var": text[4:]}
    if not text:
        raise ValueError(_("A value is missing here."))
    if spec.kind == "boolean":
        return text == "true"
    if spec.kind == "moment" and how != "moment":
        spec = replace(spec, kind="date")
    return typed_value(spec, text)


def read_number(text: str) -> str:
    """A number that was typed, as criteria have it.

    Raises:
        ValueError: with a sentence.
    """
    if not text.strip():
        raise ValueError(_("A number is missing here."))
    return plain(parse_number(text))
