"""Criteria that were kept: a view, a role, a territory, a chart. What they name may be gone by the time they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from renmai.kernel.criteria.errors import BadCriteria, UnknownField
from renmai.kernel.criteria.grammar import parse
from renmai.kernel.criteria.tree import And, Broken, Condition, Node, Not, Or, Some, Total

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType


def stored(tree: Any, kind: RecordType, by: User | None = None) -> Node:
    """What kept criteria mean now.

    Where any part of them names a field, a choice or a record that is gone, the whole is ``Broken`` and matches nothing: left
    out, the part would widen what is found, and inside a ``not`` even a part that matches nothing would match everything.

    Args:
        tree: criteria as decoded JSON, as they were kept.
        kind: what the criteria are about.
        by: whose hidden fields count as gone; None hides none.
    """
    try:
        node = parse(tree, kind, by)
    except BadCriteria as problem:
        return Broken(sentence(problem, by))
    reason = lost_record(node)
    return Broken(reason) if reason else node


def sentence(problem: BadCriteria, by: User | None) -> str:
    """Why kept criteria are broken, for people."""
    if not isinstance(problem, UnknownField):
        return str(problem.message)
    known = {"name": problem.name[:80]}
    if by is not None and by.access.hides_fields:
        return _("The field “%(name)s” no longer exists, or you may not see it.") % known
    return _("The field “%(name)s” no longer exists.") % known


def lost_record(node: Node) -> str:
    """A sentence about a link that is compared with an erased record; one that waits in the recycle bin may come back and is not lost."""
    compared = [(condition.field, _ids(condition)) for condition in conditions(node) if condition.field.target is not None]
    asked: dict[Any, set[UUID]] = defaultdict(set)
    for spec, ids in compared:
        asked[spec.target_model] |= ids
    there = {model: set(model.objects.filter(pk__in=ids).values_list("pk", flat=True)) for model, ids in asked.items() if ids}
    lost = [spec for spec, ids in compared if ids - there.get(spec.target_model, set())]
    return _("“%(field)s” asks for a record that no longer exists.") % {"field": lost[0].label} if lost else ""


def _ids(condition: Condition) -> set[UUID]:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return {value for value in values if isinstance(value, UUID)}


def conditions(node: Node) -> Iterator[Condition]:
    """Every comparison of a field, those about related rows included."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from conditions(part)
        case Not(part):
            yield from conditions(part)
        case Some() | Total():
            yield from conditions(node.where)
        case Condition():
            yield node
