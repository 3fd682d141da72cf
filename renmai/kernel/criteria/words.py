"""Criteria as people say them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from renmai.kernel.criteria.kinds import SAME_AS
from renmai.kernel.criteria.tree import And, Broken, Condition, Node, Not, Or, Some, Total, Var
from renmai.kernel.criteria.windows import Window
from renmai.kernel.locale.countries import country_name
from renmai.kernel.locale.dates import format_date, format_moment
from renmai.kernel.locale.numbers import format_number, format_percent
from renmai.kernel.locale.reader import Reader, zone_of
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.ready import spoken

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec

SENTENCES = {
    "eq": gettext_lazy("%(field)s is %(values)s"),
    "ne": gettext_lazy("%(field)s is not %(values)s"),
    "in": gettext_lazy("%(field)s is one of: %(values)s"),
    "not_in": gettext_lazy("%(field)s is none of: %(values)s"),
    "contains": gettext_lazy("%(field)s contains %(values)s"),
    "starts_with": gettext_lazy("%(field)s starts with %(values)s"),
    "is_set": gettext_lazy("%(field)s is filled in"),
    "is_empty": gettext_lazy("%(field)s is empty"),
    "lt": gettext_lazy("%(field)s is less than %(values)s"),
    "lte": gettext_lazy("%(field)s is at most %(values)s"),
    "gt": gettext_lazy("%(field)s is more than %(values)s"),
    "gte": gettext_lazy("%(field)s is at least %(values)s"),
    "between": gettext_lazy("%(field)s is between %(low)s and %(high)s"),
    "last": gettext_lazy("%(field)s in the last %(length)s"),
    "next": gettext_lazy("%(field)s in the next %(length)s"),
    "this": gettext_lazy("%(field)s in this %(unit)s"),
}
SENTENCES_OF_TIME = SENTENCES | {
    "lt": gettext_lazy("%(field)s is before %(values)s"),
    "lte": gettext_lazy("%(field)s is not after %(values)s"),
    "gt": gettext_lazy("%(field)s is after %(values)s"),
    "gte": gettext_lazy("%(field)s is not before %(values)s"),
}
LENGTHS = {
    "day": ngettext_lazy("%(count)d day", "%(count)d days", "count"),
    "week": ngettext_lazy("%(count)d week", "%(count)d weeks", "count"),
    "month": ngettext_lazy("%(count)d month", "%(count)d months", "count"),
    "quarter": ngettext_lazy("%(count)d quarter", "%(count)d quarters", "count"),
    "year": ngettext_lazy("%(count)d year", "%(count)d years", "count"),
}
UNITS = {
    "day": gettext_lazy("day"),
    "week": gettext_lazy("week"),
    "month": gettext_lazy("month"),
    "quarter": gettext_lazy("quarter"),
    "year": gettext_lazy("year"),
}
VARIABLES = {
    "me": gettext_lazy("me"),
    "my_team": gettext_lazy("my team"),
    "my_branch": gettext_lazy("my branch"),
    "today": gettext_lazy("today"),
    "now": gettext_lazy("now"),
}
NAMELESS = "…"


def in_words(node: Node, reader: Reader, by: User | None = None) -> str:
    """Criteria as one sentence in the active language.

    Args:
        node: parsed criteria.
        reader: how dates and numbers are written.
        by: whose right to see linked records decides whether they are named; None names all.
    """
    return capfirst(Speaker(reader, by).say(node))


def chips(node: Node, reader: Reader, by: User | None = None) -> list[str]:
    """One sentence for each condition that all must hold."""
    return [in_words(part, reader, by) for part in (node.parts if isinstance(node, And) else (node,))]


@dataclass(frozen=True)
class Speaker:
    """Says criteria to one person."""

    reader: Reader
    by: User | None

    def say(self, node: Node) -> str:
        """Any node."""
        match node:
            case And(parts):
                return self.joined(parts, gettext_lazy("%(one)s and %(other)s")) if parts else _("everything")
            case Or(parts):
                return self.joined(parts, gettext_lazy("%(one)s or %(other)s")) if parts else _("nothing")
            case Not(part):
                return self.negated(part)
            case Condition():
                return self.condition(node)
            case Some():
                return self.some(node)
            case Total():
                return self.total(node)
            case Broken(reason):
                return reason

    def joined(self, parts: tuple[Node, ...], sentence: Any) -> str:
        """Parts with "and" or "or" between them, and brackets around those that are joined themselves."""
        said = [f"({self.say(part)})" if isinstance(part, And | Or) and len(part.parts) > 1 else self.say(part) for part in parts]
        return reduce(lambda one, other: str(sentence) % {"one": one, "other": other}, said)

    def negated(self, part: Node) -> str:
        """None of several, not all of several, or not the one."""
        if isinstance(part, And | Or) and len(part.parts) > 1:
            sentence = _("not all of these: (%(conditions)s)") if isinstance(part, And) else _("none of these: (%(conditions)s)")
            return sentence % {"conditions": self.joined(part.parts, gettext_lazy("%(one)s; %(other)s"))}
        return _("not (%(condition)s)") % {"condition": self.say(part)}

    def inner(self, where: Node) -> str:
        """What holds for related rows, in brackets where it goes on, so that one hears where it ends."""
        return f"({self.say(where)})" if isinstance(where, And | Or) and len(where.parts) > 1 else self.say(where)

    def condition(self, node: Condition) -> str:
        """A field compared with a value."""
        name, op, value = named(node.links, node.field.label), SAME_AS.get(node.op, node.op), node.value
        sentences = SENTENCES_OF_TIME if node.field.kind in {"date", "moment", "time"} else SENTENCES
        if isinstance(value, Window):
            length = LENGTHS[value.unit] % {"count": value.count}
            return str(sentences[value.direction]) % {"field": name, "length": length, "unit": UNITS[value.unit]}
        values = () if value is None else value if isinstance(value, tuple) else (value,)
        return filled(sentences[op], name, self.values(node.field, values))

    def some(self, node: Some) -> str:
        """Some or none of the related rows."""
        words = {"rows": named(node.links, node.many.label), "condition": self.inner(node.where)}
        if node.where == And(()):
            return (_("has no %(rows)s") if node.op == "none" else _("has %(rows)s")) % words
        return (_("has no %(rows)s for which %(condition)s") if node.op == "none" else _("has %(rows)s for which %(condition)s")) % words

    def total(self, node: Total) -> str:
        """A count or a sum of related rows."""
        rows = named(node.links, node.many.label)
        if node.where != And(()):
            rows = _("%(rows)s for which %(condition)s") % {"rows": rows, "condition": self.inner(node.where)}
        words = {"rows": rows, "field": str(node.sum.label) if node.sum else ""}
        name = (_("sum of %(field)s over %(rows)s") if node.sum else _("number of %(rows)s")) % words
        return filled(SENTENCES[node.op], name, [format_number(number, self.reader.language) for number in node.value])

    def values(self, spec: FieldSpec, values: tuple[Any, ...]) -> list[str]:
        """Values as people know them; linked records by their titles, read in one query."""
        keys = {value for value in values if isinstance(value, UUID)}
        titles = titles_of({spec.target: keys}, self.by).get(spec.target, {}) if spec.target and keys else {}
        named = {key: spoken(str(spec.target), title) for key, title in titles.items()}
        return [str(named.get(value, NAMELESS)) if isinstance(value, UUID) else self.value(spec, value) for value in values]

    def value(self, spec: FieldSpec, value: Any) -> str:
        """One value as people know it."""
        match value:
            case Var(name):
                return str(VARIABLES[name])
            case bool():
                return _("Yes") if value else _("No")
            case dt.datetime():
                return format_moment(value if value.tzinfo else value.replace(tzinfo=zone_of(self.reader)), self.reader)
            case dt.time():
                return f"{value:%H:%M}"
            case dt.date():
                return format_date(value, self.reader)
            case int() | Decimal():
                write = format_percent if spec.kind == "percent" else format_number
                return write(value, self.reader.language)
        if spec.kind == "country":
            return country_name(value, self.reader.language)
        return str(dict(spec.choices).get(value, value))


def named(links: tuple[FieldSpec, ...], label: Any) -> str:
    """The name of what stands at the end of links."""
    return reduce(lambda inner, link: _("%(link)s: %(field)s") % {"link": link.label, "field": inner}, reversed(links), str(label))


def filled(sentence: Any, field: str, values: list[str]) -> str:
    """A sentence with its field and values."""
    ends = {"low": values[0], "high": values[-1]} if values else {}
    return str(sentence) % {"field": field, "values": ", ".join(values), **ends}
