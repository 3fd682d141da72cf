"""How soon a new lead is to be answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.records.fields import Boolean, Choice, Integer, Json, Links, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry

LONGEST = 60 * 24 * 60  # minutes: more working time than a season has


class Begins(models.TextChoices):
    """When the clock begins."""

    ARRIVAL = "arrival", gettext_lazy("When the lead arrives")
    ASSIGNMENT = "assignment", gettext_lazy("When somebody gets the lead")


class ResponseGoal(Record):
    """A goal for leads that meet its conditions; of several that fit, the one with the smallest rank counts."""

    name = Text(gettext_lazy("Name"), sortable=True)
    priority = Integer(gettext_lazy("Rank"), default=10, sortable=True)
    criteria = Json(gettext_lazy("Which leads"), default=dict, blank=True)
    begins = Choice(Begins, gettext_lazy("The clock begins"), default=Begins.ARRIVAL)
    minutes = Integer(gettext_lazy("Answer within (minutes of working time)"), default=480)
    warn_before = Integer(
        gettext_lazy("Remind so many minutes of working time before"),
        default=0,
        blank=True,
        help_text=gettext_lazy("0: nobody is reminded."),
    )
    escalates = Boolean(gettext_lazy("Tell others once it is missed"), default=True)
    people = Links(
        "kernel.User",
        gettext_lazy("Who is told"),
        blank=True,
        help_text=gettext_lazy("Empty: whoever leads the owner’s team."),
    )
    reassigns = Boolean(gettext_lazy("Mark it as to be given to somebody else"), default=False)
    active = Boolean(gettext_lazy("Active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("response goal"), gettext_lazy("response goals")

    @classmethod
    def in_force(cls) -> list[ResponseGoal]:
        """Those that count now, in their order."""
        return list(cls.objects.live().filter(active=True).order_by("priority", "created_at", "id"))

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its conditions are such of leads, and its times can be kept."""
        from renmai.kernel.criteria import parse

        try:
            parse(self.criteria or {"and": []}, registry["leads"])
        except BadCriteria as problem:
            yield "criteria", str(problem.message)
        if not 1 <= (self.minutes or 0) <= LONGEST:
            yield "minutes", _("This is a number from %(least)s to %(most)s.") % {"least": 1, "most": LONGEST}
        if not 0 <= (self.warn_before or 0) <= max(0, (self.minutes or 0) - 1):
            yield (
                "warn_before",
                _("The reminder comes before the time is up: less than %(minutes)s minutes.") % {"minutes": self.minutes or 0},
            )
