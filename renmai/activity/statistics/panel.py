"""Where the statistics stand: in the rail, and in the description of the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.activity.agenda.panel import sees_activities
from renmai.activity.statistics import api as api
from renmai.kernel.ui.places import Place, add_place

add_place(Place("activity", _("Team activity"), "/team-activity/", "chart-bar", 30, sees_activities))
