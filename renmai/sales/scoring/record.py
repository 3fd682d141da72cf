"""How versions of the model look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Refusal, Refused
from renmai.kernel.records.guards import guards
from renmai.kernel.records.types import RecordType, register
from renmai.sales.scoring.actions import copy, publish, rescore
from renmai.sales.scoring.model import ScoringModel
from renmai.sales.scoring.ready import NAMES

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

STAYS = gettext_lazy("A version that was published stays as it is. Make a draft of it, and change that.")


@register
class ScoringModelType(RecordType):
    model = ScoringModel
    icon, rank = "gauge", 90
    ready = NAMES
    columns = ["name", "number", "state", "published_at", "published_by", "rescored_at"]
    layout = {
        gettext_lazy("Version"): ["name", "number", "state", "published_at", "published_by", "rescored_at"],
        gettext_lazy("Grades"): ["a_from", "b_from", "c_from", "good_from"],
        gettext_lazy("What a score is made of"): ["lines"],
    }
    search = ["name"]
    actions = [publish, copy, rescore]
    rail, ownerless, governs = False, True, True
    hint = gettext_lazy("What makes a lead good: points, grades, and from when on it is good enough")
    found_by = gettext_lazy("lead scoring, score, grade, qualification, hot leads")
    happenings = {"published": gettext_lazy("published"), "copied": gettext_lazy("taken as a draft")}
    phrases = {
        "published": gettext_lazy("%(by)s published %(title)s"),
        "copied": gettext_lazy("%(by)s made a draft of %(title)s"),
    }

    def require_editable(self, record: Any, changed: dict[str, Any]) -> None:
        """What was published stays."""
        if changed and record.was_published():
            raise Refused(STAYS)


@guards
def keep_what_was_published(kind: RecordType, records: Sequence[Record], verb: str, by: User | None) -> dict[Any, Refusal]:
    """Scores carry the number of their version, so that no version goes."""
    found = [record for record in records if isinstance(record, ScoringModel)] if verb == "delete" else []
    return {model.pk: Refused(_("Scores carry the number of this version, so it stays.")) for model in found if model.was_published()}
