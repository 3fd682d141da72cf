"""How charts look among the records, and who finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from renmai.kernel.charts.model import Audience, Chart
from renmai.kernel.records.types import RecordType, register

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@register
class ChartType(RecordType):
    model = Chart
    icon, rank = "chart-bar", 94
    columns = ["name", "look", "audience", "owner"]
    layout = {_("Chart"): ["name", "look", "audience"]}
    search = ["name"]
    rail = False
    hint = _("Charts that people made from lists")
    found_by = _("graphs, reports, dashboard")

    def own_doors(self, user: User, verb: str) -> list[Q]:
        """One's own; to look at, also those for one's team and for everyone."""
        own = Q(owner=user.pk)
        if verb != "view":
            return [own]
        others = [Q(audience=Audience.PUBLIC) & ~own]
        if user.team_id:
            others.append(Q(audience=Audience.TEAM, team=user.team_id) & ~own)
        return [own, *others]
