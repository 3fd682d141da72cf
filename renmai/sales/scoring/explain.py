"""Why a lead has its score: line by line, in the words of who reads, and never of a field that they may not see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renmai.kernel.access.masks import hidden_of
from renmai.kernel.actions.errors import Forbidden
from renmai.kernel.criteria import BadCriteria, matches, parse
from renmai.kernel.criteria import Reader as Asker
from renmai.kernel.criteria.stored import conditions
from renmai.kernel.criteria.tree import And, Node, Not, Or, Some, Total
from renmai.kernel.criteria.words import in_words
from renmai.kernel.facts.kinds import type_of, word_of
from renmai.kernel.facts.timeline import Card, cards_of, told_of
from renmai.kernel.records.reading import titles_of
from renmai.kernel.ui import show
from renmai.kernel.ui.reader import current
from renmai.sales.lead.model import Lead
from renmai.sales.scoring.model import LineKind, ScoreChange, ScoringLine, leads
from renmai.sales.scoring.scorer import Scorer, filled, in_force

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

NEWEST = 200  # facts that are looked at to say what happened
WAYS = 5
CHANGES = 100


@dataclass(frozen=True)
class Told:
    """One line as one person is told it.

    Attributes:
        most: the points that it can come to; None where there is no limit.
        why: what earned the points, or what would.
        way: how it could earn more, and how many points; empty where it cannot.
    """

    name: str
    kind: str
    points: int
    most: int | None
    why: str
    way: str = ""
    gain: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        return {"name": self.name, "kind": self.kind, "points": self.points, "most": self.most, "why": self.why}


@dataclass(frozen=True)
class Change:
    """One step of the history, with why in words."""

    step: ScoreChange
    why: str
    with_grade: bool

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        step = self.step
        grades = {"grade_before": step.grade_before or None, "grade": step.grade} if self.with_grade else {}
        told = {"at": step.at.isoformat(), "score_before": step.score_before, "score": step.score, "version": step.version, "why": self.why}
        return told | grades


@dataclass
class Explanation:
    """The score of a lead as one person is told it.

    Raises:
        Forbidden: the score is hidden from them.
    """

    lead: Lead
    by: User
    scorer: Scorer
    lines: list[Told] = field(default_factory=list)
    hidden_points: int | None = None

    def __post_init__(self) -> None:
        if "score" in self.hidden:
            raise Forbidden(_("You may not see the score."))
        looked = self.scorer.look(Lead._base_manager.filter(pk=self.lead.pk))
        for line, points in zip(self.scorer.lines, looked[0].points if looked else [], strict=False):
            if self._may_hear(line):
                self.lines.append(self._told(line, points))
            else:
                self.hidden_points = (self.hidden_points or 0) + points

    @cached_property
    def hidden(self) -> set[str]:
        """The fields that the person does not see of this lead."""
        return hidden_of(leads(), self.lead.pk, self.by)

    @property
    def grade(self) -> str:
        """The grade, where the person may see it."""
        return "" if "grade" in self.hidden else self.lead.grade

    @property
    def is_good(self) -> bool:
        """The threshold is reached."""
        return bool(self.lead.score >= self.scorer.model.good_from)

    @property
    def version(self) -> int | None:
        """By which version it was scored: the one that counts, unless its work is not through yet and the lead changed before."""
        if self.scorer.model.rescored_at is None and self.changes:
            return self.changes[0].step.version
        return self.scorer.model.number

    @property
    def next_grade(self) -> tuple[str, int] | None:
        """The next better grade, and how many points are missing."""
        better = [(grade, least - self.lead.score) for grade, least in self.scorer.model.grades if least > self.lead.score]
        return better[-1] if better and self.grade else None

    @property
    def ways(self) -> list[Told]:
        """The lines that could earn most, in that order."""
        return sorted((line for line in self.lines if line.gain > 0), key=lambda line: -line.gain)[:WAYS]

    @cached_property
    def changes(self) -> list[Change]:
        """How the score came about, newest first."""
        steps = ScoreChange.objects.filter(lead_id=self.lead.pk).order_by("-at", "-pk")[:CHANGES]
        return [Change(step, self._because(step.why), "grade" not in self.hidden) for step in steps]

    @property
    def curve(self) -> str:
        """The scores over the changes as points of a line 100 wide and 24 high, oldest first; empty where there is none to draw."""
        steps = [change.step for change in reversed(self.changes)]
        values = [steps[0].score_before, *(step.score for step in steps)] if steps else []
        if len(values) < 3:
            return ""
        low, span = min(values), max(max(values) - min(values), 1)
        return " ".join(f"{100 * at / (len(values) - 1):.1f},{24 - 24 * (value - low) / span:.1f}" for at, value in enumerate(values))

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        model, following = self.scorer.model, self.next_grade
        ways = [{"text": way.way, "points": way.gain} for way in self.ways]
        return {
            "score": self.lead.score,
            "grade": self.grade or None,
            "version": self.version,
            "model": {"id": str(model.pk), "type": "scoring-models", "title": model.title},
            "good_from": model.good_from,
            "is_good": self.is_good,
            "as_of": self.scorer.reader.today.isoformat(),
            "lines": [line.as_json() for line in self.lines],
            "hidden_points": self.hidden_points,
            "next": {"grade": following[0], "points": following[1], "ways": ways} if following else None,
            "history": [change.as_json() for change in self.changes],
        }

    def _may_hear(self, line: ScoringLine) -> bool:
        """Whether nothing that the line looks at is closed to the person."""
        if line.kind == LineKind.COMPLETE:
            return not self.hidden & set(line.filled)
        if line.kind == LineKind.BEHAVIOUR:
            return all(may_hear(kind, self.by) for kind in line.facts)
        try:
            node = parse(line.criteria, leads(), self.by)
        except BadCriteria:
            return False
        asker = Asker.of(self.by)
        return all(asker.sees_all(slug) for slug in others(node)) and not any(
            one.field.name in self.hidden for one in conditions(node) if not one.links
        )

    def _told(self, line: ScoringLine, points: int) -> Told:
        if line.kind == LineKind.COMPLETE:
            return self._complete(line, points)
        return self._behaviour(line, points) if line.kind == LineKind.BEHAVIOUR else self._criteria(line, points)

    def _complete(self, line: ScoringLine, points: int) -> Told:
        """Which of the fields are filled in, and which are not."""
        held = [matches(node, self.lead, self.scorer.reader) for node in filled(line)]
        labels = [str(leads().fields[name].label) if name in leads().fields else name for name in line.filled]
        there = ", ".join(label for label, is_there in zip(labels, held, strict=True) if is_there)
        gone = ", ".join(label for label, is_there in zip(labels, held, strict=True) if not is_there)
        why = (
            _("Filled in: %(there)s. Missing: %(gone)s.")
            if there and gone
            else _("Filled in: %(there)s.")
            if there
            else _("Missing: %(gone)s.")
        )
        way = _("Fill in: %(fields)s") % {"fields": gone} if gone else ""
        name = line.called or capfirst(", ".join(labels))
        return Told(name, line.kind, points, line.points, why % {"there": there, "gone": gone}, way, line.points - points if way else 0)

    def _criteria(self, line: ScoringLine, points: int) -> Told:
        """What has to hold, and whether it does."""
        node = self.scorer.nodes[list(self.scorer.lines).index(line)]
        said = in_words(node, current(), self.by)
        holds = matches(node, self.lead, self.scorer.reader)
        why = said if holds else _("Does not hold: %(condition)s") % {"condition": said}
        return Told(line.called or said, line.kind, points, line.points, why, "" if holds else said, 0 if holds else line.points)

    def _behaviour(self, line: ScoringLine, points: int) -> Told:
        """How often it happened, and when last."""
        seen = [card for card in self._cards if card.fact.kind in line.facts and self._age(card) < line.days]
        things = ", ".join(dict.fromkeys(kind_in_words(kind) for kind in line.facts))
        words = {"count": len(seen), "days": line.days, "what": things}
        if seen:
            words["newest"] = show.ago(_at(seen[0]))
            why = ngettext(
                "%(count)s time in the last %(days)s days, %(newest)s",
                "%(count)s times in the last %(days)s days, last %(newest)s",
                len(seen),
            )
        else:
            why = _("Nothing in the last %(days)s days that you may see") if points else _("Nothing in the last %(days)s days")
        room = line.points if line.most is None else min(line.points, line.most - points)
        return Told(line.called or capfirst(things), line.kind, points, line.most, why % words, capfirst(things), room)

    @cached_property
    def _cards(self) -> list[Card]:
        """What happened that counts, as far as the person may see it."""
        if not self.scorer.kinds:
            return []
        found, _more = told_of(self.lead, limit=NEWEST, kinds=self.scorer.kinds)
        cards = cards_of(found, self.by, titles_of(found.links(), self.by))
        return [card for card in cards if not card.fact.data.get("planned")]

    def _age(self, card: Card) -> int:
        reader = self.scorer.reader
        return (reader.today - _at(card).astimezone(reader.zone).date()).days

    def _because(self, why: str) -> str:
        """Why a score changed, in words."""
        if why == "night":
            return _("Time has passed")
        if why == "version":
            return _("Another version of the scoring model")
        return capfirst(kind_in_words(why)) if may_hear(why, self.by) else _("Something that you may not see")


def _at(card: Card) -> dt.datetime:
    """When it happened; what stands on a timeline has a time."""
    assert card.fact.at is not None
    return card.fact.at


def may_hear(kind: str, by: User) -> bool:
    """Whether a person may be told that something of this kind happened."""
    about = type_of(kind)
    if about is None or not by.may("view", about):
        return False
    return about.reveals.get(kind.partition(".")[2]) not in by.access.hidden(about)


def kind_in_words(kind: str) -> str:
    """A kind of fact in the reader's language: “Call: created”."""
    about = type_of(kind)
    return f"{capfirst(str(about.label))}: {word_of(about, kind.partition('.')[2])}" if about is not None else kind


def others(node: Node) -> Iterator[str]:
    """The types of records besides leads that criteria look at."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from others(part)
        case Not(part):
            yield from others(part)
        case Some() | Total():
            yield from ([node.many.slug] if node.many.slug else [])
            yield from others(node.where)
    for condition in conditions(node):
        yield from (str(link.target) for link in condition.links)


def explained(lead: Lead, by: User) -> Explanation | None:
    """Why a lead that the person sees has its score; None where nothing is scored."""
    scorer = in_force()
    return Explanation(lead, by, scorer) if scorer is not None else None
