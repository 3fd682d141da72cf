"""How proposals look, and what their person can do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions.action import action
from renmai.kernel.actions.run import made
from renmai.kernel.agents.doing import carry_out
from renmai.kernel.agents.doing import decline as turn_down
from renmai.kernel.agents.model import Proposal
from renmai.kernel.records.types import RecordType, register

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

DECIDED = _("This is decided already.")


def _waits(proposal: Proposal) -> bool:
    return proposal.is_waiting


@action(_("Do it"), icon="check", when=_waits, refusal=DECIDED, fact="approved")
def approve(proposal: Proposal, *, by: User) -> None:
    """Do what is proposed, with one's own rights.

    Raises:
        Refusal: it may not be done any more, or somebody has changed the record since.
    """
    for one in dict.fromkeys(one for came in carry_out(proposal, by) for one in (came.item, *came.made)):
        made(one)


@action(_("Decline"), icon="x", when=_waits, refusal=DECIDED, fact="declined")
def decline(proposal: Proposal, *, by: User) -> None:
    """Leave everything as it is."""
    turn_down(proposal, by)


@register
class ProposalType(RecordType):
    model = Proposal
    icon, rank = "robot", 92
    columns = ["name", "target", "status", "program", "created_at"]
    layout = {_("Proposal"): ["name", "target", "status", "program", "why", "change_set", "owner", "decided_at"]}
    search = ["name"]
    subtitle = "target"
    actions = [approve, decline]
    rail, acted = False, True
    hint = _("What programs and assistants would change in your name, until you say yes")
    found_by = _("AI, assistant, agent, MCP, approve changes")
    happenings = {"proposed": _("proposed"), "approved": _("approved and done"), "declined": _("declined")}
    phrases = {
        "proposed": _("The program “%(program)s” proposes: %(title)s"),
        "approved": _("%(by)s agreed to: %(title)s"),
        "declined": _("%(by)s declined: %(title)s"),
    }

    def own_doors(self, user: User, verb: str) -> list[Q]:
        """One's own; a proposal shows what its person may see."""
        return [Q(owner=user.pk)]
