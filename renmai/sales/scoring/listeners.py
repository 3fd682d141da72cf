"""A lead is scored when it is made or changed, and when something happens that counts; many of an import or of work in bulk, behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renmai.kernel.facts import Fact
from renmai.kernel.facts.say import Ref, listens_where
from renmai.kernel.history.acting import change_set_of_now
from renmai.kernel.jobs import later
from renmai.sales.lead.model import Lead
from renmai.sales.scoring import scoring
from renmai.sales.scoring.kinds import may_touch_a_lead
from renmai.sales.scoring.scorer import in_force

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["follow", "scoring"]

FEW = 100


@listens_where(may_touch_a_lead)
def follow(facts: list[Fact]) -> None:
    """Score those that the facts, all of one kind, are about."""
    kind = facts[0].kind
    found: dict[UUID, Any] = {one.pk: one for fact in facts for one in _concerned(kind, fact)}
    scorer = in_force() if found else None
    if scorer is None or not (kind.startswith("lead.") or kind in scorer.kinds):
        return
    if len(found) > FEW and change_set_of_now() is not None:
        later(scoring.WORK_ON_SOME, by=None, total=len(found), keys=[str(key) for key in found], why=kind)
        return
    for moved in scoring.score(scorer, found, kind):
        lead = found[moved.id]
        if isinstance(lead, Lead):  # whoever holds it reads on
            lead.score, lead.grade = moved.score, moved.grade


def _concerned(kind: str, fact: Fact) -> list[Any]:
    """The leads that a fact is about: of a lead's own facts the one that it happened to."""
    subjects = fact.subjects  # type: ignore[attr-defined]
    own = subjects[:1] if kind.startswith("lead.") else subjects
    return [one for one in own if isinstance(one, Lead) or (isinstance(one, Ref) and one.type == "leads")]
