"""Territories: a rule that gives a team the records that meet it, whoever owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.fields import Boolean, Integer, Json, Link, Pick, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.type_names import TypeNames
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType


class Territorial(Record):
    """A record that may lie in a territory: by a rule over its type, or with the record that it belongs to (``RecordType.lies_with``)."""

    territory = Link("kernel.Territory", gettext_lazy("Territory"), blank=True, editable=False, db_index=False)

    class Meta:
        abstract = True


def territorial() -> list[RecordType]:
    """The types that rules may be about, those with which most others lie first."""
    found = [kind for kind in registry.all() if issubclass(kind.model, Territorial)]
    return sorted(found, key=lambda kind: (len(above(kind)), -sum(kind in above(other) for other in found)))


def above(kind: RecordType) -> list[RecordType]:
    """The types that decide where a record of this type lies, the nearest first."""
    target = registry.get(str(kind.fields[kind.lies_with].target)) if kind.lies_with else None
    return [] if target is None or target is kind else [target, *above(target)]


class Territory(Record):
    """A rule: records of a type that meet the criteria belong to a team's field too, and so does what belongs to them."""

    name = Text(gettext_lazy("Name"), sortable=True)
    team = Link(
        "kernel.Team", gettext_lazy("Team"), help_text=gettext_lazy("Its people see these records as they see those of their own team.")
    )
    covers = Pick(gettext_lazy("What"), options=TypeNames(territorial), blank=True)
    criteria = Json(gettext_lazy("Rule"), default=dict, blank=True)
    priority = Integer(
        gettext_lazy("Rank"),
        default=10,
        sortable=True,
        help_text=gettext_lazy("Where several rules fit, the smallest number counts."),
    )
    active = Boolean(gettext_lazy("Active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("territory"), gettext_lazy("territories")

    @classmethod
    def in_force(cls) -> models.QuerySet[Territory]:
        """Those that count now."""
        return cls.objects.live().filter(active=True)  # type: ignore[no-any-return]

    @property
    def is_in_force(self) -> bool:
        """Counts now; without a rule, nothing lies in it."""
        return bool(self.active and self.deleted_at is None and self.criteria)

    def derive(self, changed: set[str]) -> None:
        """What it is about, unless that is said; a rule that cannot be understood is refused.

        Raises:
            Invalid: with a sentence.
        """
        kinds = {kind.slug: kind for kind in territorial()}
        self.covers = self.covers or next(iter(kinds), "")
        if self.covers not in kinds:
            raise Invalid({"covers": [_("Choose one of these: %(valid)s.") % {"valid": ", ".join(sorted(kinds))}]})
        try:
            if self.criteria not in ({}, None):
                require_own_fields(self.criteria, kinds[self.covers])
        except ValueError as problem:
            raise Invalid({"criteria": [str(problem)]}) from None


def require_own_fields(tree: Any, kind: RecordType) -> None:
    """Raise ``ValueError`` with a sentence for criteria that look at more than the fields of the record itself.

    Whatever else they looked at could change without the record, and it would lie in the wrong territory from then on.
    """
    from renmai.kernel.criteria import BadCriteria, parse
    from renmai.kernel.criteria.tree import Condition, Var
    from renmai.kernel.criteria.walk import leaves

    try:
        found = list(leaves(parse(tree, kind)))
    except BadCriteria as problem:
        raise ValueError(str(problem.message)) from None
    if not found:
        raise ValueError(_("Say which records lie in the territory."))
    for leaf in found:
        if not isinstance(leaf, Condition) or leaf.links or leaf.field.name == "territory":
            raise ValueError(_("The rule of a territory looks only at fields of the record itself."))
        values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        if any(isinstance(value, Var) and value.name in {"me", "my_team", "my_branch"} for value in values):
            raise ValueError(_("The rule of a territory is the same for everybody: it cannot speak of “me”."))
