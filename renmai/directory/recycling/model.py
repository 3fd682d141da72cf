"""Rules by which neglected records go back to their pool, what was granted against them, and what was told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renmai.directory.pool.pooled import pooled
from renmai.directory.recycling.bases import Bases, Spares, bases_of
from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.records.fields import Boolean, Choice, Choices, Integer, Json, Link, Links, LongText, Pick, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.type_names import TypeNames
from renmai.kernel.records.types import registry

MOST_DAYS = 3_650
MOST_WARNINGS = 10


class Unit(models.TextChoices):
    """Which days count."""

    WORKING_DAYS = "working_days", gettext_lazy("working days")
    DAYS = "days", gettext_lazy("days")


def warnings(given: Any) -> list[dict[str, int]]:
    """Clean ``[{days}]``, a list of numbers or a line of them, the earliest warning first.

    Raises:
        ValueError: with a sentence.
    """
    entries = given.replace("，", ",").replace("、", ",").split(",") if isinstance(given, str) else given or []
    try:
        held = [item.get("days") if isinstance(item, dict) else item for item in entries]
        found = {int(str(days).strip()) for days in held if days not in (None, "")}
    except (ValueError, TypeError):
        raise ValueError(_("A whole number is expected here.")) from None
    return [{"days": days} for days in sorted(found, reverse=True)]


def ready_spares() -> list[str]:
    """What a new rule spares."""
    return ["won", "open_opportunity"]


class RecyclingRule(Record):
    """When records go back: of rules that wait for the same, the first that fits a record counts for it."""

    name = Text(gettext_lazy("Name"), sortable=True)
    record_type = Pick(gettext_lazy("What"), options=TypeNames(pooled))
    active = Boolean(gettext_lazy("In use"), default=True)
    position = Integer(
        gettext_lazy("Rank"),
        default=10,
        sortable=True,
        help_text=gettext_lazy("Of several rules that wait for the same, the smallest number that fits counts."),
    )
    pools = Links("directory.Pool", gettext_lazy("Only from these pools"))
    criteria = Json(gettext_lazy("Which records"), default=dict, blank=True)
    basis = Pick(gettext_lazy("Goes back for"), options=Bases(), default="no_follow_up")
    days = Integer(gettext_lazy("For so many days"), default=30)
    unit = Choice(Unit, gettext_lazy("Counted in"), default=Unit.WORKING_DAYS)
    spares = Choices(gettext_lazy("Never goes back"), options=Spares(), default=ready_spares)
    exempt = Json(gettext_lazy("Except records that meet"), default=dict, blank=True)
    warnings = Json(
        gettext_lazy("Warns the owner"),
        shape=warnings,
        default=list,
        blank=True,
        help_text=gettext_lazy("So many days before, in the same days."),
        parts={"days": Integer(gettext_lazy("Days before"))},
    )
    to_pool = Link("directory.Pool", gettext_lazy("To another pool"), blank=True, help_text=gettext_lazy("Empty: back to its own."))
    reason = LongText(gettext_lazy("What people are told"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("recycling rule"), gettext_lazy("recycling rules")

    def problems(self) -> Iterator[tuple[str, Any]]:
        """It is about records that wait in pools, and all that it names is there."""
        kind = registry.get(self.record_type)
        if kind is None or kind not in pooled():
            yield "record_type", _("Choose one of these: %(valid)s.") % {"valid": ", ".join(one.slug for one in pooled())}
            return
        fitting = [one.name for one in bases_of(kind)]
        if self.basis not in fitting:
            yield "basis", _("Choose one of these: %(valid)s.") % {"valid": ", ".join(fitting)}
        if not 1 <= (self.days or 0) <= MOST_DAYS:
            yield "days", _("This is a number from 1 to %(most)s.") % {"most": MOST_DAYS}
        elif any(not 1 <= one["days"] < self.days for one in self.warnings) or len(self.warnings) > MOST_WARNINGS:
            yield "warnings", _("Warnings come at least one day before, and after the clock has started.")
        for name in ("criteria", "exempt"):
            if problem := _broken(getattr(self, name), kind):
                yield name, problem

    @property
    def steps(self) -> list[int]:
        """Days before at which it warns, the latest warning first."""
        return sorted(one["days"] for one in self.warnings)


def _broken(tree: Any, kind: Any) -> str:
    """Why criteria are none of the type."""
    from renmai.kernel.criteria import parse

    try:
        if tree:
            parse(tree, kind)
    except BadCriteria as problem:
        return str(problem.message)
    return ""


class ReprieveKind(models.TextChoices):
    """Why a record stays."""

    LOCK = "lock", pgettext_lazy("recycling", "Locked")
    EXTENSION = "extension", pgettext_lazy("recycling", "More time")


class ReprieveState(models.TextChoices):
    """Where a request for more time stands."""

    ASKED = "asked", gettext_lazy("Asked")
    GRANTED = "granted", gettext_lazy("Granted")
    REFUSED = "refused", gettext_lazy("Refused")
    ENDED = "ended", gettext_lazy("Ended")


class Reprieve(models.Model):
    """That a record does not go back, or not yet.

    Attributes:
        type, record_id: the record.
        kind: a lock holds whoever has it; more time is given to its owner.
        until: up to when; None: until somebody takes it back, or, while it is asked for, not decided.
        days: how many days more were asked for, in the days of the rule.
    """

    type = models.TextField()
    record_id = models.UUIDField()
    kind = models.TextField(choices=ReprieveKind.choices)
    state = models.TextField(choices=ReprieveState.choices)
    owner = models.ForeignKey("kernel.User", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    until = models.DateTimeField(null=True)
    days = models.IntegerField(null=True)
    reason = models.TextField(default="")
    answer = models.TextField(default="")
    asked_by = models.ForeignKey("kernel.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey("kernel.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["record_id", "state"], name="reprieve_record")]


class Warned(models.Model):
    """That the owner was warned: once for each step, until the clock starts anew.

    Attributes:
        started: when the clock had started.
        until: up to when more time had been given; where none was, the same.
    """

    record_id = models.UUIDField()
    rule = models.ForeignKey(RecyclingRule, on_delete=models.CASCADE, related_name="+", db_index=False)
    step = models.IntegerField()
    started = models.DateTimeField()
    until = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id", "rule", "step", "started", "until"], name="warned_once")]


class Check(models.Model):
    """One look at all records.

    Attributes:
        at: by the clock of the program.
        moved, warned: how many.
    """

    at = models.DateTimeField()
    moved = models.IntegerField(default=0)
    warned = models.IntegerField(default=0)
    by = models.ForeignKey("kernel.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["at"], name="check_at")]


class RuleBook(models.Model):
    """The rules as a check found them, kept when they differ from those of the check before: what happened can be played again.

    Attributes:
        rules: the fields of each, in order.
    """

    at = models.DateTimeField()
    rules: Any = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [models.Index(fields=["at"], name="rulebook_at")]

    KEPT: ClassVar[tuple[str, ...]] = (
        *("id", "name", "title", "record_type", "active", "position", "criteria", "basis", "days", "unit"),
        *("spares", "exempt", "pools", "to_pool_id"),
    )

    @classmethod
    def keep(cls, rules: list[RecyclingRule], at: Any) -> None:
        """Keep the rules that are in force, unless nothing has changed."""
        told = json.loads(json.dumps([{name: getattr(rule, name) for name in cls.KEPT} for rule in rules], cls=DjangoJSONEncoder))
        last = cls.objects.order_by("-at", "-pk").first()
        if last is None or last.rules != told:
            cls.objects.create(at=at, rules=told)
