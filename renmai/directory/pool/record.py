"""How pools look, and who knows of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from renmai.directory.pool.model import Pool
from renmai.kernel.records.types import RecordType, register


@register
class PoolType(RecordType):
    model = Pool
    icon = "inbox"
    columns: ClassVar[list[str]] = ["name", "active", "teams", "daily_limit", "holding_limit", "cooldown_days", "protect_days"]
    layout: ClassVar[dict[Any, list[str]]] = {
        _("Pool"): ["name", "description", "active", "tags"],
        _("Who"): ["teams", "users", "criteria", "admins"],
        _("Claiming"): ["daily_limit", "holding_limit", "count_won", "cooldown_days", "cooldown_team", "protect_days"],
        _("Until it is claimed"): ["hidden_fields"],
    }
    search: ClassVar[list[str]] = ["name", "description"]
    rail, rank, ownerless, governs, open_to_all = False, 93, True, True, True
    hint = _("Where leads and customers wait that are nobody’s, who may claim them, and how many")
    found_by = _("public pool, high seas, claim limits, hidden fields")
