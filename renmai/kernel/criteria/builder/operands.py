"""Where the values of a condition are typed or chosen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.criteria.builder.draft import Group, Line, Part
from renmai.kernel.criteria.builder.offers import PRESENCE, THIS, UNITS, VARIABLES, WINDOWS, Choices, follow
from renmai.kernel.criteria.grammar import Described
from renmai.kernel.criteria.kinds import NUMBER
from renmai.kernel.criteria.values import variables
from renmai.kernel.records.pages.inputs import choices_of, is_id
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.types import registry
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec

FEW = 10
CLOSED = {"choice", "choices", "country", "currency", "boolean"}
TIMES = {"date", "moment"}


@dataclass
class Operand:
    """One value: how it is given, where there is a choice, and where it is typed.

    Attributes:
        input: None where how it is given says all.
    """

    how: str = ""
    hows: Choices = field(default_factory=list)
    input: Input | None = None


@dataclass
class Operands:
    """Makes what stands beside an operator, for the parts of one builder; linked records are named in one query per type."""

    by: User
    titles: dict[str, dict[str, str]]

    @classmethod
    def of(cls, root: Group, kind: Described, by: User, fields_by: User | None) -> Operands:
        """For a draft over a type."""
        wanted: dict[str, set[Any]] = defaultdict(set)
        _collect(root, kind, fields_by, wanted)
        named = {slug: {key for key in keys if is_id(key)} for slug, keys in wanted.items() if registry.get(slug) is not None}
        found = titles_of(named, by)
        return cls(by, {slug: {str(key): spoken(slug, title) for key, title in titles.items()} for slug, titles in found.items()})

    def beside(self, place: str, line: Line, spec: FieldSpec, op: str) -> list[Operand]:
        """The values that go with a field and an operator."""
        if op in PRESENCE:
            return []
        if op in WINDOWS:
            return [self._window(place, line, op)]
        if op in {"in", "not_in"} and spec.kind not in TIMES:
            return self._several(place, line, spec)
        wanted = 2 if op == "between" else max(1, len(line.values)) if op in {"in", "not_in"} else 1
        return [self._one(place, line, spec, at, _name(op, at)) for at in range(wanted)]

    def numbers(self, place: str, line: Line, compare: str) -> list[Operand]:
        """The numbers that a count or a sum is compared with."""
        wanted = 2 if compare == "between" else 1
        values = [*line.values, "", ""]
        made = [self._input(place, _name(compare, at), "decimal", values[at], at) for at in range(wanted)]
        return [Operand(input=one) for one in made]

    def _window(self, place: str, line: Line, op: str) -> Operand:
        units = THIS if op == "this" else UNITS
        unit = line.unit if line.unit in units else "month" if op == "this" else "day"
        shown = None if op == "this" else self._input(place, _("How many"), "integer", next(iter(line.values), "") or "30", 0)
        return Operand(unit, list(units.items()), shown)

    def _several(self, place: str, line: Line, spec: FieldSpec) -> list[Operand]:
        """Boxes to tick where there are few choices, a field of chips where there are many."""
        ready: Choices = [(f"var:{name}", VARIABLES[name]) for name in variables(spec)]
        choices = _yes_no() if spec.kind == "boolean" else choices_of(spec)
        if spec.kind in CLOSED and len(choices) <= FEW:
            return [Operand(input=self._input(place, _("Values"), "checks", line.values, 0, choices))]
        chips = self._input(place, _("Values"), "chips", [text for text in line.values if text not in dict(ready)], 1)
        chips.target = spec.target if spec.kind != "id" else None
        chips.choices = choices if not chips.target else list(self._named(str(spec.target), chips.value))
        chips.native = spec.kind in CLOSED
        shown = [Operand(input=self._input(place, _("Values"), "checks", line.values, 0, ready))] if ready else []
        return [*shown, Operand(input=chips)]

    def _named(self, slug: str, keys: list[str]) -> Choices:
        return [(key, self.titles.get(slug, {}).get(key, "…")) for key in keys]

    def _one(self, place: str, line: Line, spec: FieldSpec, at: int, label: str) -> Operand:
        value = line.values[at] if at < len(line.values) else ""
        how = line.hows[at] if at < len(line.hows) else ""
        if spec.kind == "abouts":
            return self._about(place, value, how)
        if spec.kind not in TIMES:
            made = self._input(place, label, "decimal" if spec.kind in NUMBER else "text", value, at)
            return Operand(input=made)
        hows: Choices = [("day", _("A day")), *([("moment", _("A moment"))] if spec.kind == "moment" else [])]
        hows += [(name, VARIABLES[name]) for name in variables(spec) if name != "now" or spec.kind == "moment" or how == "now"]
        how = how if how in dict(hows) else "day"
        if how not in {"day", "moment"}:
            return Operand(how, hows, self._input(place, label, "hidden", "", at))
        return Operand(how, hows, self._input(place, label, "date" if how == "day" else "moment", value if _fits(value, how) else "", at))

    def _about(self, place: str, key: str, slug: str) -> Operand:
        types = [kind for kind in registry.all() if kind.rail and "about" not in kind.fields and self.by.may("view", kind)]
        chosen = slug if registry.get(slug) else types[0].slug
        made = self._input(place, _("Record"), "link", key, 0)
        made.target, made.shown = chosen, dict(self._named(chosen, [key]))[key] if key else ""
        return Operand(chosen, [(kind.slug, kind.label) for kind in types], made)

    def _input(self, place: str, label: Any, kind: str, value: Any, at: int, choices: Choices | None = None) -> Input:
        made = Input(f"value-{at}", label, kind, value, choices=choices or [], form_name=f"{place}.value")
        made.prefix, made.native = place.replace(".", "-"), current().era == "ce"
        return made


def _fits(value: str, how: str) -> bool:
    """A day is not shown in a field for moments, nor a moment in one for days: browsers would leave it empty without a word."""
    return current().era != "ce" or ("T" in value) == (how == "moment")


def _name(op: str, at: int) -> str:
    return _("Value") if op != "between" else _("To") if at else _("From")


def _yes_no() -> Choices:
    return [("true", _("Yes")), ("false", _("No"))]


def _collect(part: Part, kind: Described, by: User | None, wanted: dict[str, set[Any]]) -> None:
    """The records that the conditions name, by type."""
    if isinstance(part, Group):
        for inner in part.parts:
            _collect(inner, kind, by, wanted)
    if not isinstance(part, Line):
        return
    found = follow(kind, part.steps, by)
    if found.field is not None and found.field.kind == "abouts" and part.hows:
        wanted[part.hows[0]].update(part.values)
    if found.field is not None and found.field.target is not None:
        wanted[found.field.target].update(part.values)
    if found.many is not None and part.where is not None:
        _collect(part.where, found.many.kind, by, wanted)
