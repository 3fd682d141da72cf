"""How flows and approvals look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from renmai.kernel.approvals.actions import add_signer, approve, delegate, recall, reject, remind, send_back
from renmai.kernel.approvals.model import Approval, ApprovalFlow
from renmai.kernel.records.types import RecordType, register


@register
class ApprovalFlowType(RecordType):
    model = ApprovalFlow
    icon, rank = "git-branch", 95
    columns = ["name", "record_type", "before", "active", "updated_at"]
    layout = {
        gettext_lazy("Flow"): ["name", "record_type", "before", "active"],
        gettext_lazy("Who is asked"): ["levels", "missing", "remind_days"],
    }
    search = ["name"]
    rail, ownerless, governs, open_to_all = False, True, True, True
    hint = gettext_lazy("Who must agree before a record goes its way, in which order")
    found_by = gettext_lazy("sign-off, approver, workflow")


@register
class ApprovalType(RecordType):
    model = Approval
    icon, rank = "rubber-stamp", 70
    columns = ["subject", "flow", "status", "waiting_for", "owner", "created_at", "decided_at"]
    layout = {gettext_lazy("Approval"): ["about", "status", "waiting_for", "flow", "flow_version", "note", "owner", "decided_at"]}
    search = ["subject"]
    acted = True
    actions = [approve, reject, send_back, delegate, add_signer, recall, remind]
    phrases = {
        "agreed": gettext_lazy("%(by)s approved %(title)s"),
        "rejected": gettext_lazy("%(by)s rejected %(title)s: %(comment)s"),
        "sent_back": gettext_lazy("%(by)s sent %(title)s back: %(comment)s"),
        "delegated": gettext_lazy("%(by)s passed the approval of %(title)s on"),
        "signer_added": gettext_lazy("%(by)s asked one more person to approve %(title)s"),
        "recalled": gettext_lazy("%(by)s recalled the approval of %(title)s"),
        "reminded": gettext_lazy("%(by)s reminded those who are to approve %(title)s"),
    }
