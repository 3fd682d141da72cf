"""What is wrong with a formula, and where."""

from __future__ import annotations

from django.utils.translation import gettext as _


class BadFormula(ValueError):
    """A sentence for people, with the place that it is about.

    Attributes:
        problem: what is wrong.
        at: the first character that it is about, counted from zero.
    """

    def __init__(self, problem: str, at: int) -> None:
        self.problem, self.at = problem, at
        super().__init__(_("%(problem)s (At character %(place)s.)") % {"problem": problem, "place": at + 1})
