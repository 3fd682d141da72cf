"""What tells that two records of a type are the same: which of their traits are compared, and how much each says.

A pair is weighed as Fellegi and Sunter (1969) do: each trait adds the binary logarithm of how much likelier it is to find it so in two
records of the same than in two of different ones, to the odds before anything is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import log2
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

BEFORE = -10.0  # of a thousand pairs that have something in common by which they are found, about one is the same
WARN_FROM = 50


class TraitKind(TextChoices):
    """How the values of a trait are brought to one form and compared."""

    NAME = "name", _("Name of a person")
    COMPANY = "company", _("Name of a company")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    NUMBER = "number", _("Number or code")
    DOMAIN = "domain", _("Web domain")
    DATE = "date", _("Date")
    TEXT = "text", _("Any other text")


class Strength(TextChoices):
    """How much it says that two records have a trait in common."""

    DECISIVE = "decisive", _("Decides nearly alone")
    STRONG = "strong", _("Says much")
    FAIR = "fair", _("Says something")
    SLIGHT = "slight", _("Says little")


class AtImport(TextChoices):
    """What becomes of a row that is there already."""

    CREATE = "create", _("Make it all the same")
    SKIP = "skip", _("Leave it out, and give it back with the reason")
    UPDATE = "update", _("Change the record that is there")


class Also(TextChoices):
    """What is done about records of another type that are the same."""

    STOP = "stop", _("Asked about before it is saved")
    TELL = "tell", _("Shown while it is typed")
    NOT = "not", _("Not looked at")


SAME = {Strength.DECISIVE: 20.0, Strength.STRONG: 10.0, Strength.FAIR: 6.0, Strength.SLIGHT: 3.0}
DIFFERENT = {
    TraitKind.NAME: -9.0,
    TraitKind.COMPANY: -9.0,
    TraitKind.NUMBER: -8.0,
    TraitKind.DATE: -6.0,
    TraitKind.EMAIL: -2.0,
    TraitKind.DOMAIN: -2.0,
    TraitKind.PHONE: -1.0,
    TraitKind.TEXT: -1.0,
}
SAME_FIELD = frozenset({TraitKind.DATE, TraitKind.NUMBER, TraitKind.TEXT})
NAMES = frozenset({TraitKind.NAME, TraitKind.COMPANY})
PARTS_OF_SAME = {"same": 1.0, "alike": 0.6, "akin": 0.25}


@dataclass(frozen=True)
class Trait:
    """Something by which two records are compared.

    Attributes:
        fields: names of the fields that hold its values; any of them may agree with any.
        strength: how much it says that it is the same.
        finds: records that have it in common are compared; the others only weigh once something else has found the pair.
        known_by: the field after which keys of texts and numbers are named, where ``fields`` are those of another type.
    """

    kind: TraitKind
    fields: tuple[str, ...]
    strength: Strength
    finds: bool = True
    known_by: str = ""

    @property
    def mark(self) -> str:
        """The field after which its keys are named."""
        return self.known_by or self.fields[0]

    def weight(self, level: str) -> float:
        """What it adds to the binary logarithm of the odds.

        Args:
            level: ``same``, ``alike``, ``akin`` (a distant likeness) or ``different``.
        """
        return DIFFERENT[self.kind] if level == "different" else SAME[self.strength] * PARTS_OF_SAME[level]


@dataclass(frozen=True)
class Rule:
    """What makes two records of one type the same.

    Attributes:
        warn_from: probability in percent from which somebody is told.
        criteria: to which records it applies; empty for all.
        at_import: what becomes of a row that is there already.
        tells_of_hidden: who may not see a record is told that there is one, and whose.
        also: other types, by slug, whose records may be the same, as a lead may be a person who is known.
        finding: what finds by its traits, per type, once it has been worked out.
    """

    traits: tuple[Trait, ...]
    warn_from: int = WARN_FROM
    criteria: Any = field(default=None, hash=False)
    at_import: AtImport = AtImport.CREATE
    tells_of_hidden: bool = True
    also: dict[str, Also] = field(default_factory=dict, hash=False)
    finding: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def enough(self) -> float:
        """The binary logarithm of the odds from which somebody is told; that of what is certain is none."""
        return -log2(100 / min(self.warn_from, 99) - 1)

    @property
    def names(self) -> list[str]:
        """The fields that it looks at."""
        return list(dict.fromkeys(name for trait in self.traits for name in trait.fields))

    @property
    def found_by(self) -> list[str]:
        """The fields of which keys are made."""
        return list(dict.fromkeys(name for trait in self.traits if trait.finds for name in trait.fields))


def rule(*traits: tuple[TraitKind, str, Strength], weighing: tuple[tuple[TraitKind, str, Strength], ...] = (), **rest: Any) -> Rule:
    """A rule in few words, as types declare theirs.

    Args:
        traits: kind, names of fields with spaces between them, and strength of those by which pairs are found.
        weighing: of those that only weigh.
    """
    return Rule((*_traits(traits, finds=True), *_traits(weighing, finds=False)), **rest)


def across(own: Rule, theirs: Rule) -> Rule:
    """The rule of another type over the fields of one's own: those of traits of the same kind; of dates, numbers and texts the same."""
    return replace(theirs, traits=tuple(_over(own, trait) for trait in theirs.traits))


def _over(own: Rule, theirs: Trait) -> Trait:
    like = {theirs.kind, TraitKind.EMAIL} if theirs.kind == TraitKind.DOMAIN else {theirs.kind}
    found = dict.fromkeys(name for trait in own.traits if trait.kind in like for name in trait.fields)
    fields = tuple(name for name in found if theirs.kind not in SAME_FIELD or name in theirs.fields)
    return replace(theirs, fields=fields, known_by=theirs.mark)


def _traits(told: tuple[tuple[TraitKind, str, Strength], ...], *, finds: bool) -> Iterator[Trait]:
    for kind, names, strength in told:
        yield Trait(kind, tuple(names.split()), strength, finds)
