"""What happened lately with everything that a person may see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import User
from renmai.kernel.facts.model import Fact
from renmai.kernel.facts.timeline import cards
from renmai.kernel.records.types import registry
from renmai.kernel.ui.home.panels import panel

LOOKED_AT = 100
SHOWN = 8


@panel(_("Recent changes"), icon="history", order=50, template="kernel/facts/panel.jinja", aside=True)
def recent(by: User) -> dict[str, Any]:
    """The newest facts about types of the rail."""
    nouns = {kind.noun for kind in registry.all() if kind.rail}
    newest = [fact for fact in Fact.objects.order_by("-seq")[:LOOKED_AT] if fact.kind.partition(".")[0] in nouns]
    return {"cards": cards(newest, by)[:SHOWN]}
