"""From a tree of criteria to its draft. What cannot be understood any more becomes a lost part of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from renmai.kernel.criteria.builder.draft import ALL, ANY, NONE, SOME, Group, Line, Lost, Part
from renmai.kernel.criteria.builder.offers import INTO, OPS
from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.criteria.grammar import Described, parse
from renmai.kernel.criteria.kinds import SAME_AS
from renmai.kernel.criteria.stored import lost_record, sentence
from renmai.kernel.criteria.tree import Condition, Node, Some, Total, Var
from renmai.kernel.criteria.windows import Window
from renmai.kernel.records.about import About
from renmai.kernel.records.kinds import plain
from renmai.kernel.records.pages.typing import written

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType

SINGLE = {"eq": "in", "ne": "not_in", "contains": "in"}


def opened(tree: Any, kind: RecordType, by: User | None) -> Group:
    """The draft of criteria.

    Args:
        tree: criteria as decoded JSON, possibly of a time when more fields existed.
        by: whose hidden fields count as gone.
    """
    part = Opener(by).part(tree, kind)
    return part if isinstance(part, Group) else Group(ALL, [part])


@dataclass(frozen=True)
class Opener:
    """Walks a tree as it was kept."""

    by: User | None

    def part(self, tree: Any, kind: Described) -> Part:
        """Any part of the tree."""
        if tree is None or tree == {}:
            return Group()
        word = next(iter(tree)) if isinstance(tree, dict) and len(tree) == 1 else ""
        if word in {"and", "or"} and isinstance(tree[word], list):
            return Group(ALL if word == "and" else ANY, [self.part(part, kind) for part in tree[word]])
        if word == "not":
            return self.negated(self.part(tree[word], kind))
        return self.leaf(tree, kind)

    def negated(self, part: Part) -> Group:
        """Not all of, none of; what is neither stands in a group of its own."""
        turned = {ALL: SOME, ANY: NONE}
        if isinstance(part, Group) and part.match in turned:
            return Group(turned[part.match], part.parts)
        return Group(NONE, [part])

    def leaf(self, tree: Any, kind: Described) -> Part:
        """One condition, if it still makes sense."""
        try:
            node = parse(_alone(tree), kind, self.by)
        except BadCriteria as problem:
            return Lost(tree, sentence(problem, self.by))
        if reason := lost_record(node):
            return Lost(tree, reason)
        line = self.line(node)
        if isinstance(node, Some | Total):
            line.where = self.inner(tree.get("value" if isinstance(node, Some) else "where"), node)
        return line

    def inner(self, where: Any, node: Some | Total) -> Group:
        """Which of the related rows."""
        part = self.part(where, node.many.kind)
        return part if isinstance(part, Group) else Group(ALL, [part])

    def line(self, node: Node) -> Line:
        """A condition that makes sense, as it stands in a form."""
        assert isinstance(node, Condition | Some | Total)
        steps = [link.name + INTO for link in node.links]
        match node:
            case Some():
                return Line([*steps, node.many.name], node.op)
            case Total():
                how = "sum" if node.sum else "count"
                compared = [plain(number) for number in node.value]
                return Line([*steps, node.many.name], how, compared, compare=node.op, sum=node.sum.name if node.sum else "")
            case Condition():
                return self.condition(node, [*steps, node.field.name])

    def condition(self, node: Condition, steps: list[str]) -> Line:
        """A field compared with a value."""
        if isinstance(node.value, Window):
            return Line(steps, node.value.direction, [str(node.value.count)], unit=node.value.unit)
        op = SAME_AS.get(node.op, node.op)
        if op not in OPS[node.field.kind]:
            op = SINGLE[op]
        values = () if node.value is None else node.value if isinstance(node.value, tuple) else (node.value,)
        return Line(steps, op, [shown(node.field, value) for value in values], [how(node.field, value) for value in values])


def _alone(tree: Any) -> Any:
    """A condition without what it says of related rows, which is understood part by part."""
    if not isinstance(tree, dict):
        return tree
    quantified = tree.get("op") in {"any", "none"} and not {"count", "sum"} & set(tree)
    return {name: value for name, value in tree.items() if name != "where" and not (quantified and name == "value")}


def shown(spec: FieldSpec, value: Any) -> str:
    """One value as a form holds it."""
    match value:
        case Var(name):
            return f"var:{name}" if spec.kind in {"link", "links"} else ""
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return plain(Decimal(value))
        case dt.datetime():
            return str(written(spec, value if value.tzinfo else timezone.make_aware(value)))
        case dt.date():
            return str(written(replace(spec, kind="date"), value))
    return str(value)


def how(spec: FieldSpec, value: Any) -> str:
    """How a date is given; of what an activity is about, its type."""
    if isinstance(value, Var):
        return value.name
    if spec.kind == "abouts":
        return About.objects.filter(target_id=value).values_list("target_type", flat=True).first() or ""
    return "moment" if isinstance(value, dt.datetime) else "day"
