"""The form of an assignment rule."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.form import CriteriaForm
from renmai.kernel.records.pages.rows import Lines
from renmai.kernel.records.pages.typing import Errors
from renmai.kernel.records.store import draft, require_valid
from renmai.kernel.records.types import RecordType, registry
from renmai.sales.assignment.model import AssignmentRule
from renmai.sales.assignment.trial import MOST_DAYS, Trial, trial

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.ui.inputs import Input

DAYS = 30
CARDS = {
    "rule": ("name", "position", "active", "imports"),
    "who": ("way", "capacity", "same_language", "working_hours", "sticky"),
    "otherwise": ("otherwise_user", "otherwise_team", "otherwise_pool"),
    "untouched": ("untouched_hours", "passes"),
}


class Receivers(Lines):
    """Who gets leads: always open, since without a row there is no rule."""

    @property
    def is_open(self) -> bool:
        return True


class RuleForm(CriteriaForm):
    """A rule on its way through the form."""

    asked = tuple(name for names in CARDS.values() for name in names)

    def __init__(self, by: User, found: AssignmentRule | None, sent: QueryDict | None) -> None:
        kind = registry.of(AssignmentRule)
        self.receivers = Receivers(kind.collections["receivers"], by)
        super().__init__(kind, by, found, sent)
        if sent is None and found is not None:
            self.receivers.of(found)
        elif sent is None:
            self.receivers.add()

    def of(self) -> RecordType:
        return registry["leads"]

    def blank(self) -> AssignmentRule:
        last = AssignmentRule.in_order().last()
        return AssignmentRule(position=last.position + 10 if last is not None else 10)

    @cached_property
    def parts(self) -> dict[str, list[Input]]:
        """The inputs of each card."""
        made = {one.name: one for one in self.inputs}
        return {card: [made[name] for name in names] for card, names in CARDS.items()}

    def is_beside(self, name: str) -> bool:
        return super().is_beside(name) or name.partition(".")[0] == "receivers"

    def more(self, sent: QueryDict) -> tuple[dict[str, Any], Errors]:
        given, wrong = self.receivers.read(sent)
        return {"receivers": given}, dict(wrong)

    def refused(self, errors: Errors) -> None:
        """Take what the store said, each sentence to where it belongs."""
        super().refused(errors)
        self.receivers.errors |= errors

    def tried(self, days: int = DAYS) -> Trial | None:
        """What the rule would have done as it stands; None where it does not do."""
        try:
            rule: Any = draft(self.kind, self.given(), self.by)
            require_valid(rule)
        except Invalid as problem:
            self.refused(problem.errors)
            return None
        if self.found is not None:
            rule.pk, rule.created_at = self.found.pk, self.found.created_at
        return trial(rule, self.by, min(days, MOST_DAYS))
