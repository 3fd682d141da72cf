"""Open tickets of the person, by the time they are due."""

from django.utils.translation import gettext_lazy as _

from renmai.kernel.ui.home.panels import listed
from renmai.service.ticket.model import SOLVED

mine = {"field": "owner", "op": "eq", "value": {"var": "me"}}
unsolved = {"field": "status", "op": "not_in", "value": [str(status) for status in SOLVED]}

listed(
    "tickets",
    "tickets",
    _("My tickets"),
    icon="lifebuoy",
    order=40,
    filter={"and": [mine, unsolved]},
    names=["priority", "due_at", "account"],
    sort="due_at",
    empty=_("No ticket waits for you."),
)
