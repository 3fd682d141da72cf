"""The builder of criteria: what a page shows, and what a form that holds it says.

Builder.of(kind, by, tree)                     # for the page: {{ criteria.builder(builder) }}
Builder.read(request.POST, kind, by)           # for the form: .tree, or .errors and the page again
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.builder import draft
from renmai.kernel.criteria.builder.closing import Closer
from renmai.kernel.criteria.builder.draft import Group, Line, Lost, Part
from renmai.kernel.criteria.builder.offers import IS, MATCHES, TOTAL_OPS, Choices, Names, follow
from renmai.kernel.criteria.builder.opening import opened
from renmai.kernel.criteria.builder.operands import Operand, Operands
from renmai.kernel.criteria.builder.reading import draft_of
from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.criteria.grammar import Described, parse
from renmai.kernel.criteria.words import in_words
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from django.http import QueryDict

    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

INCOMPLETE = gettext_lazy("Complete the conditions first.")


@dataclass
class Box:
    """One part as the template shows it.

    Attributes:
        what: ``group``, ``line`` or ``lost``.
        place: names its inputs; ``id`` its elements.
        noun: what a group's conditions are about, in the plural.
        chosen: match of a group, operator of a line.
    """

    what: str
    place: str
    noun: Any = ""
    chosen: str = ""
    choices: Choices = field(default_factory=list)
    parts: list[Box] = field(default_factory=list)
    names: list[Names] = field(default_factory=list)
    sums: Choices = field(default_factory=list)
    sum: str = ""
    compares: Choices = field(default_factory=list)
    compare: str = ""
    operands: list[Operand] = field(default_factory=list)
    where: Box | None = None
    errors: list[str] = field(default_factory=list)
    raw: Any = None
    fresh: bool = False
    help: Any = ""

    @property
    def id(self) -> str:
        return self.place.replace(".", "-")


class Builder:
    """Criteria over one type, on their way through a form.

    Args:
        kind: what they are about.
        by: who builds; the size of the result is counted under this person's rights.
        root: the draft.
        name: of the builder in its form, where a form has several.
        related: conditions about related rows may be made; rights by criteria go without.
        scopable: only fields are offered that rights may look at.
        company: all fields may be named, whoever builds: for rules of the company, which administrators make.
    """

    def __init__(
        self,
        kind: RecordType,
        by: User,
        root: Group,
        *,
        name: str = "filter",
        related: bool = True,
        company: bool = False,
        scopable: bool = False,
    ) -> None:
        self.kind, self.by, self.root, self.name = kind, by, root, name
        self.related, self.company, self.scopable = related, company, scopable
        self.errors: list[str] = []

    @classmethod
    def of(cls, kind: RecordType, by: User, tree: Any, *, company: bool = False, **options: Any) -> Builder:
        """The builder for kept criteria, or for none; for the other arguments see the class."""
        return cls(kind, by, opened(tree, kind, None if company else by), company=company, **options)

    @classmethod
    def read(cls, form: QueryDict, kind: RecordType, by: User, *, name: str = "filter", company: bool = False, **options: Any) -> Builder:
        """The builder as a form was sent.

        Raises:
            Invalid: the form holds no builder of that name.
        """
        return cls(kind, by, draft_of(form, name, kind, None if company else by), name=name, company=company, **options)

    @property
    def _fields_by(self) -> User | None:
        return None if self.company else self.by

    @cached_property
    def tree(self) -> Any:
        """The criteria as JSON; only to be used where ``is_whole``."""
        tree = Closer(self._fields_by, self.related).whole(self.root, self.kind)
        if not any(wrongs(self.root)):
            try:
                parse(tree, self.kind, self._fields_by)
            except BadCriteria as problem:
                self.errors.append(str(problem.message))
        return tree

    @property
    def is_whole(self) -> bool:
        """Every condition makes sense, so that the tree may be kept or asked."""
        return self.tree is not None and not self.errors and not any(wrongs(self.root))

    def finished(self) -> Any:
        """The criteria as JSON, to be kept.

        Raises:
            Invalid: some condition makes no sense yet.
        """
        if not self.is_whole:
            raise Invalid({"criteria": [INCOMPLETE]})
        return self.tree

    @property
    def problems(self) -> int:
        """How many conditions make no sense yet."""
        return len(self.errors) + sum(wrongs(self.root))

    @property
    def words(self) -> str:
        """The criteria as a sentence in the reader's language; empty while they make no sense."""
        return in_words(parse(self.tree, self.kind, self._fields_by), current(), self.by) if self.is_whole else ""

    def change(self, do: str, place: str) -> None:
        """Add a condition or a group to the group at a place, or take the part at a place away.

        Args:
            do: ``line``, ``group``, ``drop``, or ``field`` where another field was chosen; anything else only shows anew.
            place: as the inputs are named, without the builder's own name.

        Raises:
            LookupError: there is no such place.
        """
        steps = [step for step in place.split(".") if step]
        if do == "line":
            draft.add(self.root, steps, Line(fresh=True))
        elif do == "group":
            draft.add(self.root, steps, Group(draft.ANY, [Line(fresh=True)]))
        elif do == "drop" and steps:
            draft.drop(self.root, steps)
        elif do == "field" and steps:
            draft.renew(self.root, steps)

    @property
    def address(self) -> str:
        """Where the parts of the builder come from."""
        options = {"name": self.name, "related": int(self.related), "company": int(self.company), "scopable": int(self.scopable)}
        return f"{self.kind.path()}criteria/?{urlencode(options)}"

    @cached_property
    def box(self) -> Box:
        """What the template shows; a builder without conditions offers the first."""
        if not self.root.parts and self.root.match == draft.ALL:
            self.root.parts.append(Line(fresh=self.root.fresh))
        return self._box(self.root, self.name, self.kind, self.kind.label_plural)

    @cached_property
    def _operands(self) -> Operands:
        return Operands.of(self.root, self.kind, self.by, self._fields_by)

    def _box(self, part: Part, place: str, kind: Described, noun: Any = "") -> Box:
        if isinstance(part, Lost):
            return Box("lost", place, raw=part.raw, errors=[part.reason])
        if isinstance(part, Line):
            return self._line(part, place, kind)
        parts = [self._box(inner, f"{place}.{at}", kind) for at, inner in enumerate(part.parts)]
        return Box("group", place, noun, part.match, list(MATCHES.items()), parts, fresh=part.fresh)

    def _line(self, line: Line, place: str, kind: Described) -> Box:
        found = follow(kind, line.steps, self._fields_by, related=self.related, scopable=self.scopable)
        ops = found.ops
        op = line.op if line.op in dict(ops) else next((name for name, _label in ops), "")
        box = Box("line", place, chosen=op, choices=ops, names=found.names, errors=line.errors, fresh=line.fresh)
        if found.field is not None:
            box.operands = self._operands.beside(place, line, found.field, op)
        if found.many is None:
            return box
        if op in {"count", "sum"}:
            box.sums = [(name, label) for name, label in found.numbers if op == "sum" and name in {line.sum, *_useful(found.numbers)}]
            box.help = _help(found.many.kind, line.sum or next(iter(dict(box.sums)), ""))
            box.sum, box.compare = line.sum, line.compare if line.compare in TOTAL_OPS else TOTAL_OPS[0]
            box.compares = [(name, IS[name]) for name in TOTAL_OPS]
            box.operands = self._operands.numbers(place, line, box.compare)
        box.where = self._box(line.where or Group(), f"{place}.where", found.many.kind, found.many.label)
        return box


def _help(kind: Described, name: str) -> Any:
    """What to know about a sum of money."""
    spec = kind.fields.get(name)
    if spec is None or spec.kind != "money":
        return ""
    return _("Amounts are added up as they stand. Where there are several currencies, let a condition name one.")


def _useful(numbers: Choices) -> list[str]:
    """Numbers that say something when added up."""
    return [name for name, _label in numbers if name != "version"]


def wrongs(part: Part) -> list[bool]:
    """One entry per condition that makes no sense, or no longer any."""
    if isinstance(part, Lost):
        return [True]
    if isinstance(part, Group):
        return [wrong for inner in part.parts for wrong in wrongs(inner)]
    return [True] * bool(part.errors) + (wrongs(part.where) if part.where else [])
