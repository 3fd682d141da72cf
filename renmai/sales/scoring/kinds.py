"""Which kinds of fact can raise or lower a score: all that stand on the timelines of leads, whoever declares them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from renmai.kernel.facts.kinds import EVERY, kinds_of
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

OWN = ("lead.graded", "lead.reached_threshold")  # what scoring itself says


def touches_leads(kind: RecordType) -> bool:
    """Whether facts about records of a type may stand on the timeline of a lead."""
    return kind.slug == "leads" or bool(kind.of_kind("abouts")) or any(kind.fields[name].target == "leads" for name in kind.tells)


@lru_cache(maxsize=1)
def _nouns(_version: int) -> frozenset[str]:
    return frozenset(kind.noun for kind in registry.all() if touches_leads(kind))


def may_touch_a_lead(kind: str) -> bool:
    """Whether a fact of this kind may stand on the timeline of a lead, and is not what scoring itself says."""
    return kind.partition(".")[0] in _nouns(overlay.followed()) and kind not in OWN


def kinds_heard() -> dict[str, str]:
    """Every kind of fact that can be counted, with words for it."""
    found = kinds_of(kind for kind in registry.all() if touches_leads(kind))
    return {kind: words for kind, words in found.items() if not kind.endswith(f".{EVERY}") and kind not in OWN}
