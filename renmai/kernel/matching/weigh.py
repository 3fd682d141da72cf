"""How likely it is that two records are the same, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jellyfish import damerau_levenshtein_distance, jaro_winkler_similarity

from renmai.kernel.matching.rule import BEFORE, NAMES, Rule, Trait, TraitKind
from renmai.kernel.matching.values import Values

if TYPE_CHECKING:
    from renmai.kernel.matching.portrait import Portrait
    from renmai.kernel.records.types import RecordType

ALIKE, AKIN = 0.92, 0.84  # similarity of Jaro and Winkler
NEARLY = {TraitKind.TEXT: ALIKE}
ONE_SLIP = frozenset({TraitKind.DATE, TraitKind.NUMBER, TraitKind.EMAIL})  # alike with one character wrong, missing, too many or swapped
LONGEST_COMPARED = 200
TELLING = NAMES | {TraitKind.NUMBER, TraitKind.DATE}  # differing in these, two are not the same, whatever type they are of


@dataclass(frozen=True)
class Weighed:
    """A pair on the scales.

    Attributes:
        probability: 0 to 1.
        levels: how each trait that says something compares, by its place in the rule.
    """

    probability: float
    levels: dict[int, str] = field(default_factory=dict)

    @property
    def percent(self) -> int:
        """For people."""
        return min(int(self.probability * 100), 99)


def weigh(rule: Rule, one: Portrait, other: Portrait, *, across: bool = False) -> Weighed:
    """Compare two portraits that were made by the same rule.

    Args:
        across: they are of different types: a person's number that is not the company's says nothing against it.
    """
    levels = {place: level for place, trait in enumerate(rule.traits) if (level := compare(trait.kind, one[place], other[place]))}
    if across:
        levels = {place: level for place, level in levels.items() if level != "different" or rule.traits[place].kind in TELLING}
    weight = BEFORE + sum(rule.traits[place].weight(level) for place, level in levels.items())
    return Weighed(1 / (1 + 2**-weight), levels)


def compare(kind: TraitKind, one: Values, other: Values) -> str:
    """``same``, ``alike``, ``akin`` or ``different``; empty where one of them has no value, or they cannot be compared."""
    if not one.plain or not other.plain:
        return ""
    if set(one.plain) & set(other.plain):
        return "same"
    if kind in NAMES:
        return _compare_names(one, other)
    if kind in NEARLY and _nearest(jaro_winkler_similarity, one.plain, other.plain) >= NEARLY[kind]:
        return "alike"
    if kind in ONE_SLIP and -_nearest(_slips, one.plain, other.plain) <= 1:
        return "alike"
    return "different"


def _compare_names(one: Values, other: Values) -> str:
    """Names in different scripts may be alike as they are spoken, but are not different; those with different digits are."""
    if not set(one.digits) & set(other.digits):
        return "different"
    nearest = _nearest(jaro_winkler_similarity, one.letters, other.letters)
    if nearest >= ALIKE or set(one.spoken) & set(other.spoken):
        return "alike"
    if not set(one.script) & set(other.script):
        return ""
    return "akin" if nearest >= AKIN else "different"


def _nearest(near: Callable[[str, str], float], ones: Iterable[str], others: Iterable[str]) -> float:
    others = [other[:LONGEST_COMPARED] for other in others]
    return max((near(one[:LONGEST_COMPARED], other) for one in ones for other in others), default=0.0)


def _slips(one: str, other: str) -> float:
    return -damerau_levenshtein_distance(one, other)


SAID: dict[tuple[str, str], Any] = {
    ("name", "same"): gettext_lazy("same name"),
    ("name", "alike"): gettext_lazy("names alike"),
    ("company", "same"): gettext_lazy("same company name"),
    ("company", "alike"): gettext_lazy("company names alike"),
    ("email", "same"): gettext_lazy("same e-mail address"),
    ("email", "alike"): gettext_lazy("e-mail addresses alike"),
    ("phone", "same"): gettext_lazy("same phone number"),
    ("domain", "same"): gettext_lazy("same web domain"),
}


def reasons(kind: RecordType, rule: Rule, weighed: Weighed, hidden: Iterable[str] = ()) -> list[str]:
    """In words, what speaks for it, the strongest first.

    Args:
        hidden: fields that whoever reads it may not see: what they have in common is not told.
    """
    closed = set(hidden)
    told = [(rule.traits[place], level) for place, level in weighed.levels.items() if level in {"same", "alike"}]
    told.sort(key=lambda one: -one[0].weight(one[1]))
    return [_said(kind, trait, level) for trait, level in told if not closed & set(trait.fields)]


def _said(kind: RecordType, trait: Trait, level: str) -> str:
    if said := SAID.get((trait.kind.value, level)):
        return str(said)
    words = _("same: %(field)s") if level == "same" else _("nearly the same: %(field)s")
    return words % {"field": kind.fields[trait.fields[0]].label if trait.fields[0] in kind.fields else trait.fields[0]}
