"""How recycling rules look; what they bring to records that wait in pools."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from renmai.directory.recycling.actions import ACTIONS
from renmai.directory.recycling.model import RecyclingRule
from renmai.kernel.records.types import RecordType, register, registry


@register
class RecyclingRuleType(RecordType):
    model = RecyclingRule
    icon = "recycle"
    columns: ClassVar[list[str]] = ["name", "record_type", "basis", "days", "unit", "to_pool", "active", "position"]
    layout: ClassVar[dict[Any, list[str]]] = {
        _("Rule"): ["name", "record_type", "active", "position"],
        _("When it goes back"): ["basis", "days", "unit", "warnings"],
        _("What stays"): ["spares"],
        _("Where it goes"): ["pools", "to_pool", "reason"],
    }
    search: ClassVar[list[str]] = ["name"]
    rail, rank, ownerless, governs, open_to_all = False, 93, True, True, True
    hint = _("When neglected leads and customers go back to their pool, and who is warned before")
    found_by = _("return to pool, release, reclaim, no follow-up, expiry, protection")


for one in ACTIONS:
    registry.contribute("*", one)
