"""How the rules of survivorship look among the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.merging.rule import SurvivorRule
from renmai.kernel.records.types import RecordType, register


@register
class SurvivorRuleType(RecordType):
    model = SurvivorRule
    icon, rank = "crown", 93
    columns = ["record_type", "field", "best", "sources"]
    layout = {_("Rule"): ["record_type", "field", "best", "sources"]}
    search = ["record_type", "field"]
    rail, ownerless, governs = False, True, True
    hint = _("Which value is proposed when records are merged, by field and source")
    found_by = _("golden record, merge, trust, data quality")
