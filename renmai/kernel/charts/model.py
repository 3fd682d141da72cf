"""Charts that people kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.charts.asks import asks
from renmai.kernel.records.fields import Choice, Json, Text
from renmai.kernel.records.record import Record


class Look(models.TextChoices):
    """How a chart is drawn."""

    BAR = "bar", _("Bars")
    LINE = "line", _("Line")
    PIE = "pie", _("Pie")
    FUNNEL = "funnel", _("Funnel")


class Audience(models.TextChoices):
    """Who finds a chart; what it counts is always what its reader may see."""

    PERSONAL = "personal", _("Only me")
    TEAM = "team", _("My team")
    PUBLIC = "public", _("Everyone")


class Chart(Record):
    """What is counted of which records, and how it is drawn."""

    name = Text(_("Name"), sortable=True)
    asks = Json(_("What it shows"), shape=asks, default=dict)
    look = Choice(Look, _("Drawn as"), default=Look.BAR)
    audience = Choice(Audience, _("For whom"), default=Audience.PERSONAL)

    class Meta:
        verbose_name, verbose_name_plural = _("chart"), _("charts")
