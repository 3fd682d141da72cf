"""What can be chosen in the builder: names, operators, variables and units, each as people call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.criteria.grammar import MOST_LINKS, Described, fields_of, manies_of
from renmai.kernel.criteria.kinds import CODE, NUMBER, TEXT
from renmai.kernel.criteria.tree import Many
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec

Choices = list[tuple[str, Any]]

PRESENCE = ["is_set", "is_empty"]
ONE_OF = ["in", "not_in", *PRESENCE]
ORDER = ["gte", "gt", "lte", "lt", "between"]
WINDOWS = ["last", "next", "this"]
OPS: dict[str, list[str]] = {
    **{kind: ["contains", "starts_with", "eq", "ne", *ONE_OF] for kind in TEXT},
    **dict.fromkeys((*CODE, "boolean", "link", "id", "tags", "links", "choices"), ONE_OF),
    "pick": ["in", "not_in", "contains", "starts_with", *PRESENCE],
    **{kind: [*ORDER, "eq", "ne", *ONE_OF] for kind in NUMBER},
    "date": [*WINDOWS, "eq", "ne", "lt", "gt", "gte", "lte", "between", *ONE_OF],
    "moment": [*WINDOWS, "eq", "ne", "lt", "gt", "gte", "lte", "between", *PRESENCE],
    "time": ["lt", "gt", "gte", "lte", "between", "eq", "ne", *PRESENCE],
    **{kind: ["contains", *PRESENCE] for kind in ("address", "file")},
    "abouts": ["contains", *PRESENCE],
    **dict.fromkeys(("ids", "json", "custom"), PRESENCE),
}
RELATED_OPS = ["any", "none", "count", "sum"]
TOTAL_OPS = ["gte", "gt", "lte", "lt", "between", "eq", "ne"]
IS = {
    "contains": gettext_lazy("contains"),
    "starts_with": gettext_lazy("starts with"),
    "eq": gettext_lazy("is"),
    "ne": gettext_lazy("is not"),
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
    "is_set": gettext_lazy("is filled in"),
    "is_empty": gettext_lazy("is empty"),
    "gte": gettext_lazy("is at least"),
    "gt": gettext_lazy("is more than"),
    "lte": gettext_lazy("is at most"),
    "lt": gettext_lazy("is less than"),
    "between": gettext_lazy("is between"),
    "last": gettext_lazy("in the last"),
    "next": gettext_lazy("in the next"),
    "this": gettext_lazy("in this"),
    "any": gettext_lazy("there is at least one"),
    "none": gettext_lazy("there is none"),
    "count": gettext_lazy("their number"),
    "sum": gettext_lazy("the sum of"),
}
OF_TIME = IS | {
    "lt": gettext_lazy("is before"),
    "lte": gettext_lazy("is not after"),
    "gt": gettext_lazy("is after"),
    "gte": gettext_lazy("is not before"),
}
OF_LISTS = IS | {"in": gettext_lazy("has one of"), "not_in": gettext_lazy("has none of"), "contains": gettext_lazy("has")}
MATCHES = {
    "all": gettext_lazy("All of these hold"),
    "any": gettext_lazy("At least one of these holds"),
    "none": gettext_lazy("None of these holds"),
    "some": gettext_lazy("Not all of these hold"),
}
VARIABLES = {
    "me": gettext_lazy("Me"),
    "my_team": gettext_lazy("My team"),
    "my_branch": gettext_lazy("My branch"),
    "today": gettext_lazy("Today"),
    "now": gettext_lazy("Now"),
}
UNITS = {
    "day": gettext_lazy("days"),
    "week": gettext_lazy("weeks"),
    "month": gettext_lazy("months"),
    "quarter": gettext_lazy("quarters"),
    "year": gettext_lazy("years"),
}
THIS = {
    "day": gettext_lazy("day"),
    "week": gettext_lazy("week"),
    "month": gettext_lazy("month"),
    "quarter": gettext_lazy("quarter"),
    "year": gettext_lazy("year"),
}
INTO = "."


@dataclass(frozen=True)
class Names:
    """One select of names.

    Attributes:
        chosen: what stands in it; a name that ends in a dot leads to the fields of the linked record.
        groups: heading and choices; without a heading first.
    """

    chosen: str
    groups: list[tuple[Any, Choices]]


@dataclass(frozen=True)
class Found:
    """What a path of names leads to: a field, related rows, or nothing yet."""

    links: tuple[FieldSpec, ...]
    field: FieldSpec | None
    many: Many | None
    names: list[Names]
    numbers: Choices

    @property
    def ops(self) -> Choices:
        """Operators and what they are called beside this name."""
        if self.many is not None:
            return [(op, IS[op]) for op in RELATED_OPS if op != "sum" or self.numbers]
        if self.field is None:
            return []
        return [(op, words_of(self.field.kind)[op]) for op in OPS[self.field.kind]]


def words_of(kind: str) -> dict[str, Any]:
    """What the operators are called beside a field of this kind."""
    if kind in {"date", "moment", "time"}:
        return OF_TIME
    return OF_LISTS if kind in {"tags", "links", "choices", "abouts"} else IS


def follow(kind: Described, steps: list[str], by: User | None, *, related: bool = True, scopable: bool = False) -> Found:
    """Walk a path of names, as far as it goes.

    Args:
        steps: names chosen one after another; those that end in a dot follow a link.
        by: whose hidden fields are not offered; None hides none.
        related: related rows are offered.
        scopable: only fields are offered that rights may look at.
    """
    links: list[FieldSpec] = []
    shown: list[Names] = []
    for step in [*steps, ""]:
        fields, manies = fields_of(kind, by), manies_of(kind, by) if related else {}
        target = fields.get(step.removesuffix(INTO))
        follows = step.endswith(INTO) and target is not None and target.kind == "link" and len(links) < MOST_LINKS
        chosen = step if follows or step in fields or step in manies else ""
        shown.append(
            Names(chosen, _groups(_scopable(fields, chosen) if scopable else fields, manies, chosen, deep=len(links) < MOST_LINKS))
        )
        if follows and target is not None:
            links.append(target)
            kind = registry[str(target.target)]
            continue
        many = manies.get(chosen)
        return Found(tuple(links), fields.get(chosen), many, shown, _numbers(many, by) if many else [])
    raise AssertionError("The empty step ends every path.")


def _scopable(fields: dict[str, FieldSpec], chosen: str) -> dict[str, FieldSpec]:
    """The fields that rights may look at, and what is chosen already."""
    return {name: spec for name, spec in fields.items() if spec.scopable or name == chosen.removesuffix(INTO)}


def _numbers(many: Many, by: User | None) -> Choices:
    """The fields of related rows that can be added up."""
    fields = fields_of(many.kind, by)
    return [(name, capfirst(spec.label)) for name, spec in fields.items() if spec.kind in NUMBER]


def _groups(fields: dict[str, FieldSpec], manies: dict[str, Many], chosen: str, *, deep: bool) -> list[tuple[Any, Choices]]:
    own = [(name, capfirst(spec.label)) for name, spec in fields.items() if name == chosen or _is_offered(name, fields)]
    into = [(name + INTO, _("%(link)s: a field of it…") % {"link": capfirst(spec.label)}) for name, spec in _links(fields).items() if deep]
    rows = sorted(((name, capfirst(many.label)) for name, many in manies.items()), key=lambda pair: pair[1])
    groups: list[tuple[Any, Choices]] = [("", own), (_("Of the linked record"), into), (_("Related records"), rows)]
    return [(label, choices) for label, choices in groups if choices]


def _is_offered(name: str, fields: dict[str, FieldSpec]) -> bool:
    """The title is another field's twin, and what programs alone read is no question of people."""
    return (
        name not in {"id", "version"}
        and not (name == "title" and {"name", "number", "subject"} & set(fields))
        and (fields[name].kind not in {"custom", "json"})
    )


def _links(fields: dict[str, FieldSpec]) -> dict[str, FieldSpec]:
    return {name: spec for name, spec in fields.items() if spec.kind == "link"}
