"""How territories look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.territory.model import Territory
from renmai.kernel.records.types import RecordType, register


@register
class TerritoryType(RecordType):
    model = Territory
    icon = "map-2"
    columns = ["name", "team", "covers", "priority", "active"]
    layout = {_("Territory"): ["name", "team", "covers", "priority", "active"]}
    search = ["name"]
    rail, rank, open_to_all, ownerless, governs = False, 92, True, True, True
    hint = _("Rules that give a team the customers of its field, whoever owns them")
    found_by = _("regions, areas")
