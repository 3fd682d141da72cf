"""From JSON to a typed tree, or a sentence that says what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.criteria.errors import BadCriteria, UnknownField
from renmai.kernel.criteria.kinds import AGGREGATE_OPERATORS, NUMBER, OPERATORS, QUANTIFIERS
from renmai.kernel.criteria.tree import EVERYTHING, And, Condition, Many, Node, Not, Or, Some, Total
from renmai.kernel.criteria.values import number, operand
from renmai.kernel.records.custom import first_field
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, Rows, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

DEEPEST = 12
MOST_CONDITIONS = 200
MOST_LINKS = 4
KEYS = {"field", "op", "value", "count", "sum", "where"}
IDENTITY = FieldSpec("id", "id", gettext_lazy("Id"), "id", None)
Described = RecordType | Rows
JOINERS: dict[str, Callable[[tuple[Node, ...]], Node]] = {"and": And, "or": Or}


def parse(tree: Any, kind: Described, by: User | None = None) -> Node:
    """Understand criteria over one record type, or over the rows of a document.

    Args:
        tree: decoded JSON; ``None`` and ``{}`` mean everything.
        kind: what the criteria are about.
        by: whose hidden fields are refused; None refuses none.

    Raises:
        BadCriteria: says where and why.
    """
    return Parser(by).node(tree, kind, ())


def fields_of(kind: Described, by: User | None) -> dict[str, FieldSpec]:
    """The fields that may be asked about."""
    hidden = by.access.hidden(kind) if by and isinstance(kind, RecordType) else set()
    return {name: spec for name, spec in {"id": IDENTITY, **kind.fields}.items() if spec.kind in OPERATORS and name not in hidden}


def manies_of(kind: Described, by: User | None) -> dict[str, Many]:
    """The related rows that may be asked about: other types that link here, activities, and the rows of a document."""
    if not isinstance(kind, RecordType):
        return {}
    found: dict[str, Many] = {}
    for relation in kind.relations.values() if by is None else kind.relations_for(by):
        other = registry[relation.target]
        found[relation.name] = Many(relation.name, other.label_plural, other.model, relation.column, other, other.slug)
    for other in registry.all():
        hidden = by.access.hidden(other) if by is not None else set()
        if any(spec.name not in hidden for spec in other.of_kind("abouts")):
            name = other.slug.replace("-", "_")
            found.setdefault(name, Many(name, other.label_plural, other.model, "", other, other.slug))
    for rows in kind.collections.values():
        found[rows.name] = Many(rows.name, rows.model._meta.verbose_name_plural, rows.model, rows.parent, rows, None)
    return found


@dataclass
class Parser:
    """Walks a tree once, counting what it costs."""

    by: User | None
    conditions: int = 0

    def node(self, tree: Any, kind: Described, path: tuple[str, ...]) -> Node:
        """One node of the tree, whatever it is."""
        if tree is None or tree == {}:
            return EVERYTHING
        if not isinstance(tree, dict):
            raise bad(path, _("Criteria are written as an object with and, or, not, or with field and op."))
        if len(path) > DEEPEST * 2:
            raise bad(path, _("The criteria are nested too deeply."))
        if "field" in tree:
            return self.leaf(tree, kind, path)
        return self.joined(tree, kind, path)

    def joined(self, tree: dict[str, Any], kind: Described, path: tuple[str, ...]) -> Node:
        """``and``, ``or`` or ``not``."""
        if len(tree) != 1 or not set(tree) & {"and", "or", "not"}:
            raise bad(path, _("Criteria are written as an object with and, or, not, or with field and op."))
        word, inner = next(iter(tree.items()))
        if word == "not":
            return Not(self.node(inner, kind, (*path, word)))
        if not isinstance(inner, list):
            raise bad((*path, word), _("A list of criteria is expected here."))
        return JOINERS[word](tuple(self.node(part, kind, (*path, word, str(place))) for place, part in enumerate(inner)))

    def leaf(self, tree: dict[str, Any], kind: Described, path: tuple[str, ...]) -> Node:
        """A condition over a field or over related rows."""
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise bad(path, _("There are more than %(limit)s conditions.") % {"limit": MOST_CONDITIONS})
        if unknown := sorted(set(tree) - KEYS):
            raise bad((*path, unknown[0]), _("“%(name)s” is not part of a condition.") % {"name": unknown[0][:40]})
        links, end, last = self.follow(tree["field"], kind, (*path, "field"))
        manies = manies_of(end, self.by)
        if last in manies:
            return self.related(tree, links, manies[last], path)
        spec = fields_of(end, self.by).get(last)
        if spec is None:
            raise unknown_field((*path, "field"), tree["field"], str(tree["field"]), end, self.by)
        return self.condition(tree, links, spec, path)

    def follow(self, name: Any, kind: Described, path: tuple[str, ...]) -> tuple[tuple[FieldSpec, ...], Described, str]:
        """Walk the links of a dotted name.

        Returns:
            The links, the type at their end, and the last name, which is looked up there.
        """
        if not isinstance(name, str):
            raise bad(path, _("The name of a field is expected here."))
        links: list[FieldSpec] = []
        whole = name
        while first_field(name)[1]:
            step, name = first_field(name)
            spec = fields_of(kind, self.by).get(step)
            if spec is None:
                raise unknown_field(path, whole, step, kind, self.by)
            if spec.kind != "link" or spec.target is None:
                raise bad(path, _("“%(name)s” is no link to one record, so nothing can follow it.") % {"name": step})
            links.append(spec)
            kind = registry[spec.target]
            if len(links) > MOST_LINKS:
                raise bad(path, _("The name follows more than %(limit)s links.") % {"limit": MOST_LINKS})
        return tuple(links), kind, name

    def condition(self, tree: dict[str, Any], links: tuple[FieldSpec, ...], spec: FieldSpec, path: tuple[str, ...]) -> Node:
        """A field compared with a value."""
        if surplus := sorted(set(tree) & {"count", "sum", "where"}):
            raise bad((*path, surplus[0]), _("“%(name)s” goes only with related rows.") % {"name": surplus[0]})
        op = operator(tree, OPERATORS[spec.kind], path)
        raw = tree.get("value")
        if raw is None and op in {"eq", "ne"} and "value" in tree:
            return Condition(links, spec, "is_empty" if op == "eq" else "is_set", None)
        try:
            return Condition(links, spec, op, operand(spec, op, raw))
        except ValueError as error:
            raise bad((*path, "value"), str(error)) from None

    def related(self, tree: dict[str, Any], links: tuple[FieldSpec, ...], many: Many, path: tuple[str, ...]) -> Node:
        """Related rows: some, none, how many, or how much."""
        if "count" in tree or "sum" in tree:
            return self.total(tree, links, many, path)
        op = operator(tree, QUANTIFIERS, path)
        if "where" in tree:
            raise bad((*path, "where"), _("“%(name)s” goes only with count and sum.") % {"name": "where"})
        return Some(links, many, op, self.node(tree.get("value"), many.kind, (*path, "value")))

    def total(self, tree: dict[str, Any], links: tuple[FieldSpec, ...], many: Many, path: tuple[str, ...]) -> Node:
        """A count or a sum of related rows, compared with numbers."""
        op = operator(tree, AGGREGATE_OPERATORS, path)
        summed = self.summed(tree, many, path)
        where = self.node(tree.get("where"), many.kind, (*path, "where"))
        return Total(links, many, summed, where, op, numbers(op, tree.get("value"), (*path, "value")))

    def summed(self, tree: dict[str, Any], many: Many, path: tuple[str, ...]) -> FieldSpec | None:
        """The field to sum, or None for a count."""
        if "sum" not in tree:
            if tree["count"] is not True:
                raise bad((*path, "count"), _("Counting is asked for by the value true."))
            return None
        if "count" in tree:
            raise bad((*path, "count"), _("Ask for a count or for a sum, not for both."))
        fields = fields_of(many.kind, self.by)
        valid = {name: spec for name, spec in fields.items() if spec.kind in NUMBER}
        name = tree["sum"]
        if isinstance(name, str) and name in valid:
            return valid[name]
        sentence = _("“%(name)s” is no number. Valid are: %(valid)s.") % {"name": str(name)[:40], "valid": ", ".join(sorted(valid))}
        raise bad((*path, "sum"), sentence) if name in fields else UnknownField(".".join((*path, "sum")), sentence, str(name))


def operator(tree: dict[str, Any], valid: tuple[str, ...], path: tuple[str, ...]) -> str:
    """The operator of a condition, if it goes with what it stands beside."""
    op = tree.get("op")
    if op not in valid:
        words = {"name": str(op)[:40], "valid": ", ".join(valid)}
        raise bad((*path, "op"), _("“%(name)s” does not go with this field. Valid are: %(valid)s.") % words)
    return str(op)


def numbers(op: str, raw: Any, path: tuple[str, ...]) -> tuple[Decimal, ...]:
    """The number, or for ``between`` the two, that a total is compared with."""
    try:
        if op != "between":
            return (number(raw),)
        if isinstance(raw, list) and len(raw) == 2:
            return number(raw[0]), number(raw[1])
    except ValueError as error:
        raise bad(path, str(error)) from None
    raise bad(path, _("Two values are expected here, the lowest and the highest."))


def unknown_field(path: tuple[str, ...], whole: str, name: str, kind: Described, by: User | None) -> UnknownField:
    """The error of a name, or of one step of it, with what could have been asked."""
    valid = ", ".join(sorted([*fields_of(kind, by), *manies_of(kind, by)]))
    sentence = _("There is no field “%(name)s”. Valid are: %(valid)s.") % {"name": name[:40], "valid": valid}
    return UnknownField(".".join(path), sentence, whole)


def bad(path: tuple[str, ...], message: str) -> BadCriteria:
    """The error for one place of the tree."""
    return BadCriteria(".".join(path), message)
