"""How entry rules look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.types import RecordType, register
from renmai.sales.qualification.model import EntryRule


@register
class EntryRuleType(RecordType):
    model = EntryRule
    icon, rank = "checklist", 86
    columns = ["name", "step", "active"]
    layout = {_("Rule"): ["name", "step", "says", "active"]}
    search = ["name"]
    rail, ownerless, governs = False, True, True
    hint = _("What a lead must meet to become marketing qualified, sales qualified or a customer")
    found_by = _("lead lifecycle, qualification, entry conditions, funnel")
