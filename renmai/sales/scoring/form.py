"""The form of a draft: its lines one below the other, each with what goes with its kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.form import CriteriaForm
from renmai.kernel.records.store import draft
from renmai.kernel.records.types import registry
from renmai.kernel.ui.inputs import Input
from renmai.sales.scoring.kinds import kinds_heard
from renmai.sales.scoring.model import TOLD, LineKind, ScoringLine, ScoringModel, fillable, leads
from renmai.sales.scoring.scorer import Scorer, in_force
from renmai.sales.scoring.worth import Decay

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.criteria.builder.builder import Builder
    from renmai.kernel.records.clean import Errors

SEVERAL = ("filled", "facts")


@dataclass
class LineForm:
    """One line as the page shows it.

    Attributes:
        only: the builder of its criteria; None where it has none.
    """

    place: int
    values: dict[str, Any]
    only: Builder | None
    errors: Errors = field(default_factory=dict)

    @property
    def kind(self) -> LineKind:
        """What it looks at."""
        return LineKind(self.values["kind"])

    @property
    def inputs(self) -> list[Input]:
        """What is asked for, by its kind."""
        found = [self._input("name", _("Name"), "text"), self._input("points", self._points, "integer", required=True)]
        if self.kind == LineKind.COMPLETE:
            found.append(self._chips("filled", _("Fields"), list(fillable().items())))
        if self.kind == LineKind.BEHAVIOUR:
            found.append(self._chips("facts", _("What happened"), list(kinds_heard().items())))
            found.append(self._input("days", _("Counts for days"), "integer", required=True))
            found.append(self._input("decay", _("How it fades"), "choice", choices=Decay.choices, required=True))
            found.append(self._input("half_life", _("Halves after days"), "integer"))
            found.append(self._input("most", _("At most"), "integer"))
        return found

    @property
    def problems(self) -> list[str]:
        """What is wrong with its criteria."""
        return [str(sentence) for sentence in self.errors.get("criteria", [])]

    @property
    def _points(self) -> str:
        labels = {LineKind.COMPLETE: _("Points for all of them"), LineKind.CRITERIA: _("Points"), LineKind.BEHAVIOUR: _("Points each")}
        return labels[self.kind]

    def _chips(self, name: str, label: str, choices: list[tuple[str, Any]]) -> Input:
        made = self._input(name, label, "chips", required=True)
        made.value, made.choices = self.values.get(name) or [], choices
        return made

    def _input(self, name: str, label: str, kind: str, **more: Any) -> Input:
        value = self.values.get(name)
        shown = "" if value is None else str(value)
        stem = f"line-{self.place}"
        return Input(name, label, kind, shown, prefix=stem, form_name=f"{stem}-{name}", errors=self.errors.get(name, []), **more)


class ModelForm(CriteriaForm):
    """A draft on its way through the form; a line that was taken away is left out."""

    asked = ("name", "a_from", "b_from", "c_from", "good_from")

    def __init__(self, by: User, found: ScoringModel | None, sent: QueryDict | None) -> None:
        super().__init__(registry.of(ScoringModel), by, found, sent)
        self.lines = [self._line(place, values, sent_as) for place, (sent_as, values) in enumerate(self._standing())]

    def blank(self) -> Any:
        """A new version begins as the one that counts."""
        scorer = in_force()
        return scorer.model if scorer is not None else super().blank()

    def _standing(self) -> list[tuple[str, dict[str, Any]]]:
        """The lines, each with the place under which it was sent."""
        if self.sent is None:
            scorer = in_force() if self.found is None else None
            lines = self.found.rows("lines") if self.found is not None else scorer.lines if scorer is not None else []
            return [("", line.told()) for line in lines]
        gone = self.sent.get("drop", "")
        return [(place, _sent(self.sent, place)) for place in self.sent.getlist("place") if place.isdigit() and place != gone]

    def _line(self, place: int, values: dict[str, Any], sent_as: str = "") -> LineForm:
        is_asked = values["kind"] == LineKind.CRITERIA
        only = self.builder(leads(), values.get("criteria"), f"only-{place}", f"only-{sent_as}" if sent_as else "") if is_asked else None
        return LineForm(place, values, only)

    def add(self, kind: str) -> None:
        """One more line."""
        fresh = ScoringLine(kind=kind if kind in LineKind.values else LineKind.CRITERIA).told()
        self.lines.append(self._line(len(self.lines), fresh))

    @property
    def builders(self) -> list[Builder]:
        return [line.only for line in self.lines if line.only is not None]

    def is_beside(self, name: str) -> bool:
        return super().is_beside(name) or name.startswith("lines.")

    def more(self, sent: QueryDict) -> tuple[dict[str, Any], Errors]:
        return {"lines": [_given(line) for line in self.lines]}, {}

    def refused(self, errors: Errors) -> None:
        """Take what the store said, each sentence to the line that it is about."""
        super().refused(errors)
        for place, line in enumerate(self.lines):
            stem = f"lines.{place}."
            line.errors = {name.removeprefix(stem): said for name, said in errors.items() if name.startswith(stem)}

    def scorer(self) -> Scorer:
        """The draft as it stands in the form, ready to score.

        Raises:
            Invalid: something in it makes no sense yet.
        """
        made: Any = draft(self.kind, self.given(), self.by)
        wrong = dict(made.problems())
        if wrong:
            raise Invalid({name: [sentence] for name, sentence in wrong.items()})
        return Scorer(made, made.rows("lines"))


def _given(line: LineForm) -> dict[str, Any]:
    """A line as the store takes it."""
    criteria = (line.only.tree or {}) if line.only is not None and line.only.is_whole else {}
    kept = {name: value for name, value in line.values.items() if value not in (None, "")}
    return {**kept, "criteria": criteria}


def _sent(sent: QueryDict, place: str) -> dict[str, Any]:
    """A line as it was sent."""
    stem = f"line-{place}-"
    found: dict[str, Any] = {name: sent.get(stem + name) for name in TOLD if name not in (*SEVERAL, "criteria")}
    kind = found["kind"] if found["kind"] in LineKind.values else LineKind.CRITERIA
    return {**found, "kind": kind, **{name: sent.getlist(stem + name) for name in SEVERAL}}
