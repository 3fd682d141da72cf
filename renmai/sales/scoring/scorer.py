"""A version of the model, compiled to one statement: what one lead and what a million leads are scored by.

Criteria become conditions of the database (``renmai.kernel.criteria``); what a fact of each age is worth was worked out before
(``worth``), so that the database only looks it up. Days are those of the company's zone: a score changes by time at midnight only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import add
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, IntegerField, Value, When

from renmai.kernel.access.reading import seeing_all
from renmai.kernel.criteria import Reader, stored, to_q
from renmai.kernel.criteria.stored import conditions
from renmai.kernel.criteria.tree import And, Node, Not, Or, Some, Total, Var
from renmai.kernel.criteria.windows import Window, midnight
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.prepared import GIVEN
from renmai.sales.lead.model import Lead
from renmai.sales.scoring.model import LineKind, ModelState, ScoringLine, ScoringModel, leads
from renmai.sales.scoring.worth import THOUSAND, worths

if TYPE_CHECKING:
    from django.db.models import Q, QuerySet

NOTHING = Value(0, IntegerField())

SCORED = """
WITH marked (id, was, graded{marks}) AS ({marked}),
heard AS ({heard}),
told AS (SELECT marked.id, was, graded, ARRAY[{points}]::integer[] AS points FROM marked LEFT JOIN heard USING (id)),
scored AS (SELECT told.*, (SELECT sum(one) FROM unnest(points) one)::integer AS score FROM told)
{then}
"""
HEARD = """
SELECT id, {sums} FROM (
  SELECT marked.id, fact.kind, %s::date - (about.at AT TIME ZONE %s)::date AS age
  FROM marked JOIN kernel_factabout about ON about.record_id = marked.id AND about.at >= %s AND about.at <= %s
  JOIN kernel_fact fact ON fact.seq = about.fact_id
  WHERE fact.kind = ANY(%s) AND NOT fact.data @> '{{"planned": true}}'
) happened GROUP BY id
"""
UNHEARD = "SELECT NULL::uuid AS id"
LOOK = "SELECT id, was, graded, points, score, {grade} FROM scored"
WRITE = """,
graded AS (SELECT id, was, graded, score, {grade} AS grade FROM scored),
differing AS (SELECT * FROM graded WHERE score <> was OR grade <> graded),
locked AS (SELECT lead.id FROM sales_lead lead JOIN differing USING (id) ORDER BY lead.id FOR NO KEY UPDATE OF lead),
moved AS (
  UPDATE sales_lead lead SET score = new.score, grade = new.grade FROM differing new JOIN locked USING (id) WHERE lead.id = new.id
  RETURNING lead.id, was, graded, lead.score, lead.grade
),
kept AS (
  INSERT INTO sales_scorechange (lead_id, at, score_before, score, grade_before, grade, version, why)
  SELECT id, %s, was, score, graded, grade, %s, %s FROM moved
)
SELECT id, was, graded, score, grade FROM moved
"""


@dataclass(frozen=True)
class Look:
    """What a lead would be scored, line by line.

    Attributes:
        was, graded: the score and grade that it has.
        points: per line of the model, in its order.
    """

    id: UUID
    was: int
    graded: str
    points: list[int]
    score: int
    grade: str


@dataclass(frozen=True)
class Moved:
    """A lead whose score or grade was written anew."""

    id: UUID
    was: int
    graded: str
    score: int
    grade: str


@dataclass(frozen=True)
class Scorer:
    """A version of the model, ready to score.

    Args:
        lines: of the model, in their order.
        reader: the company's clock, which stands still while it is scored.
        made: the statement that writes, by the version of the overlay for which it was made.
    """

    model: ScoringModel
    lines: Sequence[ScoringLine]
    reader: Reader = field(default_factory=Reader)
    made: dict[int, tuple[str, list[Any]]] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> dict[int, Node]:
        """The criteria of each line that has some, by its place; broken ones hold for no lead."""
        return {place: stored(line.criteria, leads()) for place, line in enumerate(self.lines) if line.kind == LineKind.CRITERIA}

    @cached_property
    def heard(self) -> dict[int, ScoringLine]:
        """The lines that count facts, by their place."""
        return {place: line for place, line in enumerate(self.lines) if line.kind == LineKind.BEHAVIOUR}

    @cached_property
    def kinds(self) -> list[str]:
        """Every kind of fact that counts."""
        return sorted({kind for line in self.heard.values() for kind in line.facts})

    @property
    def longest(self) -> int:
        """For how many days a fact counts at the most."""
        return max((line.days for line in self.heard.values()), default=0)

    def since(self, *, more: int = 0) -> dt.datetime:
        """The midnight after which facts count.

        Args:
            more: days before that.
        """
        return midnight(self.reader.today - dt.timedelta(days=self.longest - 1 + more), self.reader.zone)

    @property
    def changes_by_itself(self) -> bool:
        """Leads can change their score though nothing happens to them: some line asks for days or for other records."""
        return any(looks_elsewhere(node) for node in self.nodes.values())

    def look(self, rows: QuerySet[Lead]) -> list[Look]:
        """What leads would be scored by this version; nothing is written.

        Args:
            rows: leads; neither sorted nor grouped.
        """
        marked, params = self._marked(rows)
        with seeing_all(), connection.cursor() as cursor:  # a score is the same whoever asks for it
            cursor.execute(self._text(LOOK, marked), [*params, *self._told])
            return [Look(*row) for row in cursor.fetchall()]

    def write(self, keys: Iterable[UUID], why: str) -> list[Moved]:
        """Score leads, in the running transaction; only those are written whose score or grade is another now.

        Args:
            why: see ``ScoreChange``.
        """
        sql, params = self._writing()
        given = [list(keys) if one is GIVEN else one for one in params]
        with seeing_all(), connection.cursor() as cursor:
            cursor.execute(sql, [*given, *self._told, self.reader.now, self.model.number or 0, why])
            return [Moved(*row) for row in cursor.fetchall()]

    def _writing(self) -> tuple[str, list[Any]]:
        """The statement that writes, made once where it is the same each time: to make it takes longer than to run it for one lead."""
        statement = self.made.get(overlay.followed())
        if statement is None:
            marked, params = self._marked(Lead._base_manager.filter(pk__among=GIVEN))
            statement = self._text(WRITE, marked), params
            if not self.changes_by_itself:
                self.made.clear()
                self.made[overlay.followed()] = statement
        return statement

    def _text(self, template: str, marked: str) -> str:
        sums = ", ".join(f"sum((%s::integer[])[age + 1]) FILTER (WHERE kind = ANY(%s)) AS h{place}" for place in self.heard)
        return SCORED.format(
            marks="".join(f", m{place}" for place in range(len(self.lines))),
            marked=marked,
            heard=HEARD.format(sums=sums) if self.heard else UNHEARD,
            points=", ".join(self._points(place, line) for place, line in enumerate(self.lines)),
            then=template.format(grade=self._grade()),
        )

    def _marked(self, rows: QuerySet[Lead]) -> tuple[str, list[Any]]:
        """The leads with what each line finds in them: points of criteria, how many fields are filled in."""
        marks: dict[str, Any] = {f"m{place}": self._mark(place, line) for place, line in enumerate(self.lines)}
        found = rows.filter(deleted_at=None).order_by().annotate(**marks).values_list("pk", "score", "grade", *marks)
        sql, params = found.query.sql_with_params()
        return sql, list(params)

    @property
    def _told(self) -> list[Any]:
        """What the part of the statement is given that counts facts: per line what one of each age is worth, in thousandths of a point."""
        if not self.heard:
            return []
        lines, reader = self.heard.values(), self.reader
        each = [one for line in lines for one in (worths(line.points, line.days, line.decay, line.half_life), list(line.facts))]
        return [*each, reader.today, reader.zone.key, self.since(), reader.now, self.kinds]

    def _mark(self, place: int, line: ScoringLine) -> Any:
        if line.kind == LineKind.CRITERIA:
            return _worth(to_q(self.nodes[place], self.reader), line.points)
        if line.kind == LineKind.COMPLETE:
            return reduce(add, (_worth(to_q(node, self.reader), 1) for node in filled(line)), NOTHING)
        return NOTHING

    def _points(self, place: int, line: ScoringLine) -> str:
        """The points of a line, halves rounded away from zero."""
        if line.kind == LineKind.CRITERIA:
            return f"m{place}"
        if line.kind == LineKind.COMPLETE:
            return f"round({int(line.points)}::numeric * m{place} / {len(line.filled)})"
        sums = f"coalesce(h{place}, 0)"
        if line.most is not None:
            sums = f"greatest(least({sums}, {int(line.most) * THOUSAND}), -{int(line.most) * THOUSAND})"
        return f"round({sums}::numeric / {THOUSAND})"

    def _grade(self) -> str:
        cases = " ".join(f"WHEN score >= {int(least)} THEN '{grade}'" for grade, least in self.model.grades)
        return f"CASE {cases} ELSE 'D' END"


def _worth(condition: Q, points: int) -> Case:
    return Case(When(condition, then=Value(points)), default=NOTHING, output_field=IntegerField())


def filled(line: ScoringLine) -> list[Node]:
    """That each field of a line is filled in; never so of one that is gone."""
    return [stored({"field": name, "op": "is_set"}, leads()) for name in line.filled]


def looks_elsewhere(node: Node) -> bool:
    """Whether what criteria say of a lead can change while the lead stays as it is: they ask for days, or for other records."""
    if any(_is_over(part) for part in _parts(node)):
        return True
    return any(one.links or isinstance(one.value, Window | Var) or _holds_variable(one.value) for one in conditions(node))


def _holds_variable(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(one, Var) for one in value)


def _is_over(node: Node) -> bool:
    return isinstance(node, Some | Total)


def _parts(node: Node) -> list[Node]:
    inner = node.parts if isinstance(node, And | Or) else (node.part,) if isinstance(node, Not) else ()
    return [node, *(one for part in inner for one in _parts(part))]


def scorer_of(model: ScoringModel) -> Scorer:
    """A version that is stored."""
    return Scorer(model, list(model.lines.all()))


_known: dict[UUID, Scorer] = {}


def in_force() -> Scorer | None:
    """The version that counts, or None where there is none. It is kept as it was read: what was published never changes."""
    found = ScoringModel.objects.filter(state=ModelState.PUBLISHED, deleted_at=None)
    key = found.values_list("pk", "rescored_at").first()
    if key is None:
        return None
    kept = _known.get(key[0])
    if kept is None:
        kept = scorer_of(found.get(pk=key[0]))
        _known.clear()
        _known[key[0]] = kept
    kept.model.rescored_at = key[1]
    return Scorer(kept.model, kept.lines, made=kept.made)
