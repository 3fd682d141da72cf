"""How tickets look, and how they are solved."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.records.store import change
from renmai.kernel.records.types import Board, RecordType, register
from renmai.service.ticket.model import Ticket, TicketStatus


@action(_("Resolve"), icon="circle-check", when=Ticket.is_open, refusal=_("This ticket is solved."), fact="resolved")
def resolve(ticket: Ticket, *, by: User) -> None:
    """Record that the customer's trouble is over."""
    change(ticket, by=by, status=TicketStatus.RESOLVED)


@action(_("Reopen"), icon="refresh", when=Ticket.is_solved, refusal=_("This ticket is open."), fact="reopened")
def reopen(ticket: Ticket, *, by: User) -> None:
    """Take a solved ticket up again."""
    change(ticket, by=by, status=TicketStatus.OPEN)


@register
class TicketType(RecordType):
    model = Ticket
    icon, rank = "lifebuoy", 55
    columns = ["number", "subject", "account", "person", "status", "priority", "due_at", "owner"]
    layout = {
        _("Ticket"): ["number", "subject", "body", "status", "priority"],
        _("Customer"): ["account", "person"],
        _("Work"): ["due_at", "resolved_at", "owner", "team", "tags"],
    }
    board = Board(by="status", card=("account", "priority", "due_at", "owner"))
    search = ["number", "subject", "body"]
    lies_with = "account"
    subtitle = "number"
    actions = [resolve, reopen]
    tells = ["account", "person"]
    reveals = {"resolved": "status", "reopened": "status"}
    happenings = {"resolved": _("resolved"), "reopened": _("reopened")}
    phrases = {"resolved": _("%(by)s resolved %(title)s"), "reopened": _("%(by)s reopened %(title)s")}
