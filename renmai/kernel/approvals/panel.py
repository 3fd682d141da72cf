"""What waits for the person's approval, on their first page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.approvals.model import Approval, ApprovalStatus
from renmai.kernel.records.types import registry
from renmai.kernel.ui.home.panels import panel, rows

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

SHOWN = 5


@panel(_("Waiting for your approval"), icon="rubber-stamp", order=5, follows=("approvals",))
def waiting_for_me(by: User) -> dict[str, Any] | None:
    """The oldest first; nothing where nobody asks."""
    mine = Approval.objects.visible_to(by).filter(status=ApprovalStatus.WAITING, waiting_for__contains=[by.pk]).order_by("created_at")
    found = list(mine[: SHOWN + 1])
    names = ["flow", "owner", "created_at"]
    return rows(registry.of(Approval), found[:SHOWN], names, by, more=len(found) > SHOWN, address="/approvals/") if found else None
