"""What makes a lead good: versions of a scoring model, of which one counts, and how scores have changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.criteria import BadCriteria, parse
from renmai.kernel.criteria.stored import conditions
from renmai.kernel.facts.kinds import kinds_shape
from renmai.kernel.records.fields import Choice, Integer, Json, Link, Moment, Parent, Text
from renmai.kernel.records.record import Record, Row
from renmai.kernel.records.types import RecordType, registry
from renmai.sales.scoring.kinds import kinds_heard
from renmai.sales.scoring.named import LINES
from renmai.sales.scoring.worth import Decay

MOST_LINES = 40
MOST_POINTS = 1_000
LONGEST = 730  # days
TOLD = ("name", "kind", "points", "filled", "criteria", "facts", "days", "decay", "half_life", "most")
UNFIT = {"lines", "custom", "ids", "boolean", "id"}


class ModelState(models.TextChoices):
    """What a version is for."""

    DRAFT = "draft", gettext_lazy("Draft")
    PUBLISHED = "published", gettext_lazy("Published")
    FORMER = "former", gettext_lazy("Former")


class LineKind(models.TextChoices):
    """What a line looks at."""

    COMPLETE = "complete", gettext_lazy("How much is filled in")
    CRITERIA = "criteria", gettext_lazy("What the lead is like")
    BEHAVIOUR = "behaviour", gettext_lazy("What has happened")


class ScoringModel(Record):
    """One version. A draft can be changed; once published it stays as it is for ever.

    Attributes:
        number: of the version; given when it is published.
        rescored_at: since when every lead has its score by this version.
    """

    name = Text(gettext_lazy("Name"), sortable=True)
    state = Choice(ModelState, gettext_lazy("State"), default=ModelState.DRAFT, editable=False)
    number = Integer(gettext_lazy("Version number"), blank=True, editable=False)
    a_from = Integer(gettext_lazy("A from"), default=65)
    b_from = Integer(gettext_lazy("B from"), default=50)
    c_from = Integer(gettext_lazy("C from"), default=30, help_text=gettext_lazy("Whatever is below is a D."))
    good_from = Integer(
        gettext_lazy("Good enough from"),
        default=50,
        help_text=gettext_lazy("Reaching this score is told on the timeline, and rules can react to it."),
    )
    published_at = Moment(gettext_lazy("Published"), blank=True, editable=False)
    published_by = Link("kernel.User", gettext_lazy("Published by"), blank=True, editable=False, db_index=False)
    rescored_at = Moment(gettext_lazy("All leads scored"), blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("scoring model"), gettext_lazy("scoring models")
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=ModelState.PUBLISHED),
                name="scoring_one_published",
                violation_error_message=gettext_lazy("Another version was published meanwhile."),
            )
        ]

    def is_draft(self) -> bool:
        """Can still be changed, and published."""
        return self.state == ModelState.DRAFT

    def is_published(self) -> bool:
        """Scores are those of this version."""
        return self.state == ModelState.PUBLISHED

    def was_published(self) -> bool:
        """Stays as it is."""
        return not self.is_draft()

    @property
    def grades(self) -> list[tuple[str, int]]:
        """The grades above the last, with the score from which each is given, the best first."""
        return [("A", self.a_from), ("B", self.b_from), ("C", self.c_from)]

    def grade_of(self, score: int) -> str:
        """The grade that a score gets."""
        return next((grade for grade, least in self.grades if score >= least), "D")

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its grades stand in order, and it has lines."""
        if not self.a_from > self.b_from > self.c_from:
            yield "a_from", _("A has to begin above B, and B above C.")
        lines = self.rows("lines")
        if not lines:
            yield "lines", _("Say at least one thing that a score is made of.")
        if len(lines) > MOST_LINES:
            yield "lines", _("A model has up to %(most)s lines.") % {"most": MOST_LINES}
        for place, line in enumerate(lines):
            for name, sentence in line.problems():
                yield f"lines.{place}.{name}", sentence


def names(raw: Any) -> list[str]:
    """A list of names of fields.

    Raises:
        ValueError: it is none.
    """
    if raw in (None, ""):
        return []
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        raise ValueError(_("A list of names of fields is expected here, such as email."))
    return list(dict.fromkeys(raw))


def leads() -> RecordType:
    """The type whose records are scored."""
    return registry["leads"]


class ScoringLine(Row):
    """One thing that a score is made of.

    Attributes:
        points: of all the fields together, of criteria that hold, or of one fact of today; below zero it takes points away.
        days: how many days a fact counts, that of today being the first.
        most: what all the facts of the line come to at the most; without, there is no limit.
    """

    model = Parent(ScoringModel)
    name = Text(gettext_lazy("Name"), blank=True)
    kind = Choice(LineKind, gettext_lazy("What"), default=LineKind.CRITERIA)
    points = Integer(gettext_lazy("Points"), default=10)
    filled = Json(gettext_lazy("Fields"), shape=names, default=list, blank=True)
    criteria = Json(gettext_lazy("Which leads"), default=dict, blank=True)
    facts = Json(gettext_lazy("What happened"), shape=kinds_shape, default=list, blank=True)
    days = Integer(gettext_lazy("Counts for days"), default=30, blank=True)
    decay = Choice(Decay, gettext_lazy("How it fades"), default=Decay.NONE)
    half_life = Integer(gettext_lazy("Halves after days"), blank=True)
    most = Integer(gettext_lazy("At most"), blank=True)

    class Meta(Row.Meta):
        verbose_name, verbose_name_plural = gettext_lazy("line"), gettext_lazy("lines")

    needed: ClassVar[dict[str, str]] = {LineKind.COMPLETE: "filled", LineKind.CRITERIA: "criteria", LineKind.BEHAVIOUR: "facts"}

    @property
    def called(self) -> str:
        """What people call it; empty where it has no name."""
        return str(LINES.get(self.name, self.name))

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {name: getattr(self, name) for name in TOLD}

    def problems(self) -> Iterator[tuple[str, Any]]:
        """What is wrong with the line: the name of a field and a sentence."""
        if not self.points or abs(self.points) > MOST_POINTS:
            yield "points", _("Points from 1 to %(most)s are expected here; with a minus they are taken away.") % {"most": MOST_POINTS}
        if not getattr(self, self.needed[self.kind]):
            yield self.needed[self.kind], _("This is needed.")
        if self.kind == LineKind.COMPLETE:
            yield from self._strange_fields()
        elif self.kind == LineKind.CRITERIA:
            yield from self._strange_criteria()
        else:
            yield from self._strange_facts()

    def _strange_fields(self) -> Iterator[tuple[str, Any]]:
        known = fillable()
        strange = [name for name in self.filled if name not in known]
        if strange:
            yield "filled", _("There is no field “%(name)s”. Fields: %(valid)s.") % {"name": strange[0], "valid": ", ".join(sorted(known))}

    def _strange_criteria(self) -> Iterator[tuple[str, Any]]:
        try:
            node = parse(self.criteria, leads())
        except BadCriteria as problem:
            yield "criteria", str(problem.message)
        else:
            if any(one.field.name in {"score", "grade"} for one in conditions(node)):
                yield "criteria", _("A score is not made of itself.")

    def _strange_facts(self) -> Iterator[tuple[str, Any]]:
        known = kinds_heard()
        strange = [kind for kind in self.facts if kind not in known]
        if strange:
            yield "facts", _("Nothing of this kind can happen to a lead: %(kind)s.") % {"kind": strange[0]}
        if not self.days or not 1 <= self.days <= LONGEST:
            yield "days", _("A number of days from 1 to %(most)s is expected here.") % {"most": LONGEST}
        if self.decay == Decay.HALF_LIFE and not 1 <= (self.half_life or 0) <= LONGEST:
            yield "half_life", _("A number of days from 1 to %(most)s is expected here.") % {"most": LONGEST}
        if self.most is not None and not 1 <= self.most <= MOST_POINTS:
            yield "most", _("A number from 1 to %(most)s is expected here.") % {"most": MOST_POINTS}


def fillable() -> dict[str, Any]:
    """The fields of a lead that people fill in, with their labels."""
    return {name: spec.label for name, spec in leads().writable.items() if spec.kind not in UNFIT}


class ScoreChange(models.Model):
    """A score that became another. Small, since a nightly fading may change many: see ``nightly.forget``.

    Attributes:
        why: the kind of fact that changed it, ``night`` for time, ``version`` for another version of the model.
    """

    lead_id = models.UUIDField()
    at = models.DateTimeField()
    score_before = models.IntegerField()
    score = models.IntegerField()
    grade_before = models.TextField()
    grade = models.TextField()
    version = models.IntegerField()
    why = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["lead_id", "-at"], name="scorechange_lead"), models.Index(fields=["at"], name="scorechange_at")]
