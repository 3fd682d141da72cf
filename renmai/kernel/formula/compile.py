"""From the tree of a formula to SQL, typed against the record type that it is about.

What cannot be worked out is NULL, never an error: a division by zero, a sum with something empty. A comparison with something empty is
false. Texts are compared as criteria compare them.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.formula.errors import BadFormula
from renmai.kernel.formula.functions import ANY, BOOLEAN, DATE, FUNCTIONS, MOMENT, NUMBER, SAME, TEXT, Function
from renmai.kernel.formula.parse import parse
from renmai.kernel.formula.tree import Binary, Call, Literal, Name, Node, Unary
from renmai.kernel.records.custom import STORED_AS, CustomSpec, first_field
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec

KINDS: dict[str, str] = {
    **dict.fromkeys(["text", "long_text", "email", "phone", "url", "choice", "pick", "country", "currency"], TEXT),
    **dict.fromkeys(["integer", "decimal", "money", "percent"], NUMBER),
    "date": DATE,
    "moment": MOMENT,
    "boolean": BOOLEAN,
}
CALLED = {
    NUMBER: gettext_lazy("a number"),
    TEXT: gettext_lazy("a text"),
    DATE: gettext_lazy("a date"),
    MOMENT: gettext_lazy("a date"),
    BOOLEAN: gettext_lazy("yes or no"),
}
MOST_NODES = 300
COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}


@dataclass(frozen=True)
class Used:
    """A field that a formula looks at: of its own record, or of the record at the end of a link."""

    link: FieldSpec | None
    spec: FieldSpec


@dataclass(frozen=True)
class Compiled:
    """A formula that can be worked out.

    Attributes:
        kind: ``number``, ``text``, ``date``, ``moment`` or ``boolean``.
        sql: over a row named ``r``.
        used: the fields that it looks at.
        is_daily: it asks what day it is, so that its value changes by itself.
    """

    kind: str
    sql: str
    used: tuple[Used, ...]
    is_daily: bool


def compile_formula(text: str, kind: RecordType) -> Compiled:
    """Understand a formula over the records of a type.

    Raises:
        BadFormula: says where and why.
    """
    compiler = Compiler(kind)
    made = compiler.made(parse(text))
    return Compiled(made.kind, made.sql, tuple(dict.fromkeys(compiler.used)), compiler.is_daily)


def usable(kind: RecordType) -> dict[str, FieldSpec]:
    """The fields of a type that a formula can look at."""
    return {name: spec for name, spec in kind.fields.items() if spec.kind in KINDS}


def links(kind: RecordType) -> dict[str, FieldSpec]:
    """The links of a type that a formula can follow."""
    return {name: spec for name, spec in kind.fields.items() if spec.kind == "link"}


def column_sql(spec: FieldSpec, row: str) -> str:
    """The value of a field in a row of that name, as the database reads it; a link as its id."""
    if isinstance(spec, CustomSpec):
        return f"renmai_{STORED_AS[spec.kind]}({row}.custom, '{spec.key}')"
    return f"{row}.{connection.ops.quote_name(str(spec.field.column))}"


@dataclass(frozen=True)
class Made:
    """A part of a formula: its kind and its SQL."""

    kind: str
    sql: str


@dataclass
class Compiler:
    """Compiles one formula."""

    kind: RecordType
    used: list[Used] = field(default_factory=list)
    is_daily: bool = False
    nodes: int = 0

    def made(self, node: Node) -> Made:
        """Any part."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise BadFormula(_("The formula has more than %(limit)s parts.") % {"limit": MOST_NODES}, node.at)
        match node:
            case Literal(value):
                return literal(value)
            case Name():
                return self.name(node)
            case Unary("not", operand):
                return Made(BOOLEAN, f"(NOT {self.of(operand, BOOLEAN).sql})")
            case Unary(_minus, operand):
                return Made(NUMBER, f"(- {self.of(operand, NUMBER).sql})")
            case Binary():
                return self.binary(node)
            case Call():
                return self.call(node)

    def of(self, node: Node, kind: str) -> Made:
        """A part that has to be of a kind.

        Raises:
            BadFormula: it is of another.
        """
        return self.taken(self.made(node), kind, node)

    def taken(self, made: Made, kind: str, node: Node) -> Made:
        """A part as a kind; a moment is taken for its day."""
        if made.kind == MOMENT and kind == DATE:
            return Made(DATE, f"renmai_day_of({made.sql})")
        if made.kind != kind:
            words = {"wanted": CALLED[kind], "found": CALLED[made.kind]}
            raise BadFormula(_("Here %(wanted)s is needed, and this is %(found)s.") % words, node.at)
        return made

    def name(self, node: Name) -> Made:
        """The value of a field."""
        step, rest = first_field(node.path)
        if not rest:
            return self.field(node, None, self.kind, step)
        link = links(self.kind).get(step)
        if link is None:
            raise unknown(node, step, links(self.kind) if step in self.kind.fields else self.kind.fields)
        return self.field(node, link, registry[str(link.target)], rest)

    def field(self, node: Name, link: FieldSpec | None, kind: RecordType, name: str) -> Made:
        """A field of the record, or of what it links to."""
        spec = usable(kind).get(name)
        if spec is None:
            if link is None and name in links(kind):
                words = {"name": name, "example": f"{name}.title"}
                raise BadFormula(_("“%(name)s” is a link: say which field of it, as in “%(example)s”.") % words, node.at)
            raise unknown(node, name, usable(kind))
        self.used.append(Used(link, spec))
        value = column_sql(spec, "l" if link else "r")
        if link is not None:
            key, table = column_sql(link, "r"), connection.ops.quote_name(link.target_model._meta.db_table)
            value = f"(SELECT {value} FROM {table} l WHERE l.id = {key} AND l.deleted_at IS NULL)"  # noqa: S608
        return Made(KINDS[spec.kind], whole(KINDS[spec.kind], value))

    def binary(self, node: Binary) -> Made:
        """Two parts with an operator between them."""
        if node.op in {"and", "or"}:
            return Made(BOOLEAN, f"({self.of(node.left, BOOLEAN).sql} {node.op.upper()} {self.of(node.right, BOOLEAN).sql})")
        left, right = self.made(node.left), self.made(node.right)
        if node.op in COMPARISONS:
            return self.compared(node, left, right)
        if node.op in {"+", "-"} and left.kind in {DATE, MOMENT}:
            return self.moved(node, left, right)
        left, right = self.taken(left, NUMBER, node.left), self.taken(right, NUMBER, node.right)
        if node.op == "/":
            return Made(NUMBER, f"({left.sql} / NULLIF({right.sql}, 0))")
        if node.op == "%":
            return Made(NUMBER, f"mod({left.sql}, NULLIF({right.sql}, 0))")
        return Made(NUMBER, f"({left.sql} {node.op} {right.sql})")

    def moved(self, node: Binary, left: Made, right: Made) -> Made:
        """A date some days later or earlier, or the days between two dates."""
        left = self.taken(left, DATE, node.left)
        if node.op == "-" and right.kind in {DATE, MOMENT}:
            return Made(NUMBER, f"({left.sql} - {self.taken(right, DATE, node.right).sql})::numeric")
        return Made(DATE, f"({left.sql} {node.op} ({self.taken(right, NUMBER, node.right).sql})::integer)")

    def compared(self, node: Binary, left: Made, right: Made) -> Made:
        """Two values of the same kind, compared."""
        if {left.kind, right.kind} == {DATE, MOMENT}:
            left, right = self.taken(left, DATE, node.left), self.taken(right, DATE, node.right)
        right = self.taken(right, left.kind, node.right)
        if left.kind in {TEXT, BOOLEAN} and node.op not in {"=", "!="}:
            raise BadFormula(_("Texts, and yes or no, can only be compared with = and !=."), node.at)
        one, other = left.sql, right.sql
        if left.kind == TEXT:
            one, other = f"renmai_fold({one})", f"renmai_fold({other})"
        return Made(BOOLEAN, f"coalesce({one} {'<>' if node.op == '!=' else node.op} {other}, false)")

    def call(self, node: Call) -> Made:
        """A function of its arguments."""
        function = FUNCTIONS.get(node.name)
        if function is None:
            raise unknown_function(node)
        self.is_daily |= node.name == "today"
        require_count(node, function)
        arguments = [self.made(argument) for argument in node.arguments]
        same = next((one.kind for one, kind in zip(arguments, takes(function, len(arguments)), strict=True) if kind == SAME), "")
        made = []
        for argument, one, kind in zip(node.arguments, arguments, takes(function, len(arguments)), strict=True):
            made.append(one if kind == ANY else self.taken(one, same if kind == SAME else kind, argument))
        given = [shown(one, node) for one in made] if node.name == "concat" else [one.sql for one in made]
        return Made(same if function.gives == SAME else function.gives, f"({function.sql(*given)})")


def literal(value: Decimal | str | bool) -> Made:
    """A value that stands in the formula itself."""
    if isinstance(value, bool):
        return Made(BOOLEAN, "true" if value else "false")
    if isinstance(value, Decimal):
        return Made(NUMBER, f"{value}::numeric")
    quoted = value.replace("'", "''")
    return Made(TEXT, f"NULLIF('{quoted}'::text, '')")


def whole(kind: str, value: str) -> str:
    """A value as formulas take it: numbers exact, empty text nothing, no answer a no."""
    if kind == NUMBER:
        return f"({value})::numeric"
    if kind == TEXT:
        return f"NULLIF({value}, '')"
    return f"coalesce({value}, false)" if kind == BOOLEAN else value


def shown(made: Made, node: Node) -> str:
    """A value as text."""
    if made.kind == BOOLEAN:
        raise BadFormula(_("Yes or no cannot be joined to a text: use if()."), node.at)
    if made.kind == NUMBER:
        return f"trim_scale({made.sql})"
    return f"renmai_day_of({made.sql})" if made.kind == MOMENT else made.sql


def takes(function: Function, count: int) -> list[str]:
    """The kind of each of so many arguments."""
    listed = list(function.takes[:count])
    return listed + [*function.takes[-1:]] * (count - len(listed))


def require_count(node: Call, function: Function) -> None:
    """Raise ``BadFormula`` where there are too few or too many arguments."""
    least, most = len(function.takes) - function.optional, len(function.takes)
    if len(node.arguments) < least:
        raise BadFormula(_("“%(name)s” needs %(count)s values.") % {"name": node.name, "count": least}, node.at)
    if len(node.arguments) > most and not function.more:
        raise BadFormula(_("“%(name)s” takes no more than %(count)s values.") % {"name": node.name, "count": most}, node.at)


def unknown(node: Name, name: str, valid: dict[str, FieldSpec]) -> BadFormula:
    """The error of a name that is none, with what could stand there."""
    near = difflib.get_close_matches(name, valid, 1)
    words = {"name": name[:60], "near": near[0] if near else "", "valid": ", ".join(sorted(valid))}
    sentence = _("There is no field “%(name)s”. Did you mean “%(near)s”? Valid are: %(valid)s.") if near else ""
    return BadFormula((sentence or _("There is no field “%(name)s”. Valid are: %(valid)s.")) % words, node.at)


def unknown_function(node: Call) -> BadFormula:
    """The error of a function that is none."""
    words = {"name": node.name[:60], "valid": ", ".join(sorted(FUNCTIONS))}
    return BadFormula(_("There is no function “%(name)s”. Valid are: %(valid)s.") % words, node.at)
