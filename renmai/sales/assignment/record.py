"""How assignment rules look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import RecordType, register
from renmai.sales.assignment.model import AssignmentRule

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


@register
class AssignmentRuleType(RecordType):
    model = AssignmentRule
    icon, rank = "arrows-split", 94
    columns = ["position", "name", "way", "active", "capacity", "updated_at"]
    layout = {
        _("Rule"): ["name", "position", "active", "imports"],
        _("Who gets them"): ["way", "capacity", "same_language", "working_hours", "sticky"],
        _("Otherwise"): ["otherwise_user", "otherwise_team", "otherwise_pool"],
        _("Untouched"): ["untouched_hours", "passes"],
    }
    search = ["name"]
    rail, ownerless, governs, open_to_all = False, True, True, True
    hint = _("Who gets the leads that come in, by which rule, and whether that is fair")
    found_by = _("routing, round robin, distribution, lead owner, workload, queue")

    def place(self, record: Record | None = None, *, new: bool = False) -> str:
        """The rules in their order, in sentences, stand on a page of their own."""
        return "/settings/assignment/" if record is None and not new else ""
