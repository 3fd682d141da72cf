"""How the company's rules look among the records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.matching import known
from renmai.kernel.matching.model import DuplicateRule
from renmai.kernel.records.types import RecordType, register

__all__ = ["DuplicateRuleType", "known"]


@register
class DuplicateRuleType(RecordType):
    model = DuplicateRule
    icon, rank = "copy-check", 93
    columns = ["name", "record_type", "warn_from", "at_import", "active"]
    layout = {
        _("Rule"): ["name", "record_type", "active", "warn_from", "at_import", "tells_of_hidden"],
        _("What makes two the same"): ["traits"],
    }
    search = ["name"]
    rail, ownerless, governs = False, True, True
    hint = _("When two records are the same, and what is done about it")
    found_by = _("deduplicate, double, merge")
