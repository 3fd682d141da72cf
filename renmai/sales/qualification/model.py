"""What a lead has to meet before it enters a step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.records.fields import Boolean, Choice, Json, LongText, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry


class Step(models.TextChoices):
    """The steps that may have conditions; the words are those of the leads' status."""

    MQL = "mql", gettext_lazy("Marketing qualified")
    SQL = "sql", gettext_lazy("Sales qualified")
    CONVERTED = "converted", gettext_lazy("Converted")


class EntryRule(Record):
    """Conditions of one step. Where a step has several rules, all of them hold."""

    name = Text(gettext_lazy("Name"), sortable=True)
    step = Choice(Step, gettext_lazy("Step"), default=Step.MQL)
    criteria = Json(gettext_lazy("Conditions"), default=dict, blank=True)
    says = LongText(
        gettext_lazy("What is said when they are not met"),
        blank=True,
        help_text=gettext_lazy("Empty: each condition that is not met, in words."),
    )
    active = Boolean(gettext_lazy("Active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("entry rule"), gettext_lazy("entry rules")

    @classmethod
    def of(cls, step: str) -> models.QuerySet[EntryRule]:
        """Those of a step that count now, by name."""
        return cls.objects.live().filter(step=step, active=True).order_by("sort_key", "id")

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its conditions are such of leads, and of anybody's."""
        from renmai.kernel.criteria import parse
        from renmai.kernel.criteria.tree import Condition, Var
        from renmai.kernel.criteria.walk import leaves

        try:
            found = [leaf.value for leaf in leaves(parse(self.criteria or {"and": []}, registry["leads"])) if isinstance(leaf, Condition)]
        except BadCriteria as problem:
            yield "criteria", str(problem.message)
            return
        named = {value.name for given in found for value in (given if isinstance(given, tuple) else (given,)) if isinstance(value, Var)}
        if named & {"me", "my_team", "my_branch"}:
            yield "criteria", _("The rule is the same for everybody: it cannot speak of “me”.")
