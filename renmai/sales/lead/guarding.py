"""The status of a stored lead under an edit, whichever door it comes by: forward by its conditions, and no silent step back."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Refused
from renmai.sales.lead.model import RANK, Lead, LeadStatus
from renmai.sales.qualification.entry import require_entry


def require_forward(lead: Lead, changed: Mapping[str, Any]) -> None:
    """Let a status move forward only, among the open ones.

    Args:
        changed: clean values by field.

    Raises:
        Refused: the way that was meant is an action of its own.
        Invalid: with every condition of the step that the lead, with what is changed beside, does not meet.
    """
    wanted = changed.get("status", lead.status)
    if wanted == lead.status:
        return
    if wanted == LeadStatus.CONVERTED or lead.status == LeadStatus.CONVERTED:
        return  # the database keeps that
    if wanted == LeadStatus.DISQUALIFIED:
        raise Refused(_("A lead is closed by “Disqualify”, which asks why."))
    if lead.status == LeadStatus.DISQUALIFIED:
        raise Refused(_("A disqualified lead is opened again by “Reopen”."))
    if RANK[wanted] < RANK[lead.status]:
        raise Refused(_("A lead goes back only by “Step back”, which asks why."))
    after = copy(lead)
    for name, value in changed.items():
        if name in after.__dict__ or hasattr(type(after), name):
            setattr(after, name, value)
    require_entry(after, wanted, None)
