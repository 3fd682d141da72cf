"""Rules that give leads which are nobody's to somebody, in order: the first that fits decides."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renmai.kernel.records.fields import Boolean, Choice, Integer, Json, Link, Parent, Text
from renmai.kernel.records.record import Record, Row
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.criteria.tree import Node

MOST = {"position": 10_000, "capacity": 1_000_000, "untouched_hours": 10_000, "passes": 100}
HEAVIEST = 1_000


class Way(models.TextChoices):
    """How one of several people is chosen."""

    IN_TURN = "in_turn", gettext_lazy("In turn")
    WEIGHTED = "weighted", gettext_lazy("By weight")
    LEAST_LOADED = "least_loaded", gettext_lazy("To whoever has the fewest open leads")


class AssignmentRule(Record):
    """A rule: leads that meet the criteria go to some people and teams.

    Attributes:
        position: the smallest that fits counts; rules of the same position follow each other by their age.
        capacity: whoever has so many open leads gets none.
        same_language: those who speak a language of the lead's country are preferred.
        working_hours: whoever works now is preferred, then whoever works next.
        sticky: the owner of the same customer, person or earlier lead goes before the receivers.
        imports: leads of imported files are given, too.
        untouched_hours: working hours of its owner after which a lead that nobody has touched goes to the next; empty: never.
        passes: so often at most.
        otherwise_user, otherwise_team, otherwise_pool: who gets it where no receiver can; one of them at most, none for nobody.
    """

    name = Text(gettext_lazy("Name"), sortable=True)
    position = Integer(
        gettext_lazy("Order"), default=10, sortable=True, help_text=gettext_lazy("Of several rules that fit, the smallest number counts.")
    )
    active = Boolean(gettext_lazy("In use"), default=True)
    criteria = Json(gettext_lazy("Which leads"), default=dict, blank=True)
    way = Choice(Way, gettext_lazy("How"), default=Way.IN_TURN)
    capacity = Integer(
        gettext_lazy("Open leads at most"), blank=True, help_text=gettext_lazy("Whoever has so many gets none; empty for no limit.")
    )
    same_language = Boolean(gettext_lazy("Who speaks the lead’s language first"))
    working_hours = Boolean(gettext_lazy("Who works now first, else who works next"))
    sticky = Boolean(
        gettext_lazy("Known customers stay with their owner"),
        help_text=gettext_lazy("Of the same company, person or earlier lead, whether a receiver or not."),
    )
    imports = Boolean(gettext_lazy("Imported files too"))
    untouched_hours = Integer(
        gettext_lazy("Pass on when untouched for working hours"),
        blank=True,
        help_text=gettext_lazy("A call, meeting, visit or follow-up counts as touched; empty for never."),
    )
    passes = Integer(gettext_lazy("Pass on at most so often"), default=2)
    otherwise_user = Link("kernel.User", gettext_lazy("Where nobody can: to"), blank=True, db_index=False)
    otherwise_team = Link("kernel.Team", gettext_lazy("Where nobody can: to the team"), blank=True, db_index=False)
    otherwise_pool = Link("directory.Pool", gettext_lazy("Where nobody can: into the pool"), blank=True, db_index=False)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("assignment rule"), gettext_lazy("assignment rules")

    @classmethod
    def in_order(cls) -> models.QuerySet[AssignmentRule]:
        """All that are not deleted, the one that counts first at the head, with their receivers."""
        found = cls.objects.live().prefetch_related("receivers__user", "receivers__team")
        return found.order_by("position", "created_at", "pk")

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it stands among the others."""
        return self.position, self.created_at, self.pk

    @cached_property
    def node(self) -> Node:
        """Its criteria as they are understood now."""
        from renmai.kernel.criteria import stored

        return stored(self.criteria, registry["leads"])

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Somebody receives, the numbers can be, and the conditions are understood."""
        receivers = self.rows("receivers")
        if not receivers:
            yield "receivers", _("Say who gets these leads.")
        if any(bool(one.user_id) == bool(one.team_id) for one in receivers):
            yield "receivers", _("Each row names a person or a team.")
        if any(not 1 <= one.weight <= HEAVIEST for one in receivers):
            yield "receivers", _("A weight is a number from 1 to %(most)s.") % {"most": HEAVIEST}
        named = [(one.user_id, one.team_id) for one in receivers]
        if len(set(named)) < len(named):
            yield "receivers", _("Each person and each team is named once.")
        for name, most in MOST.items():
            if not (0 if name in {"position", "passes"} else 1) <= (1 if getattr(self, name) is None else getattr(self, name)) <= most:
                yield name, _("This is a number up to %(most)s.") % {"most": most}
        if sum(key is not None for key in (self.otherwise_user_id, self.otherwise_team_id, self.otherwise_pool_id)) > 1:
            yield "otherwise_user", _("Name one only: a person, a team or a pool.")
        yield from self._misunderstood()

    def _misunderstood(self) -> Iterator[tuple[str, Any]]:
        from renmai.kernel.criteria import BadCriteria, parse

        if self.criteria:
            try:
                parse(self.criteria, registry["leads"])
            except BadCriteria as problem:
                yield "criteria", str(problem.message)


class Receiver(Row):
    """A person, or everybody of a team and of the teams below it, with a share."""

    rule = Parent(AssignmentRule, related_name="receivers")
    user = Link("kernel.User", pgettext_lazy("receiver", "Person"), blank=True, db_index=False)
    team = Link("kernel.Team", gettext_lazy("Team"), blank=True, db_index=False)
    weight = Integer(gettext_lazy("Weight"), default=1)

    class Meta(Row.Meta):
        verbose_name, verbose_name_plural = gettext_lazy("receiver"), gettext_lazy("receivers")

    @property
    def key(self) -> str:
        """By what its turns are counted."""
        return str(self.user_id or self.team_id)


class Turn(models.Model):
    """Whose turn it is by a rule: read and written only by whoever holds the lock of ``desk``.

    Attributes:
        state: what ``turns.take`` keeps.
    """

    rule = models.OneToOneField(AssignmentRule, on_delete=models.CASCADE, primary_key=True, related_name="+")
    state: ClassVar[Any] = models.JSONField(default=dict)
