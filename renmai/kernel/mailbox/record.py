"""How mailboxes look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.mailbox.model import Mailbox
from renmai.kernel.records.types import RecordType, register


@register
class MailboxType(RecordType):
    model = Mailbox
    icon, rank = "mailbox", 98
    columns = ["name", "host", "account", "active", "updated_at"]
    layout = {
        _("Mailbox"): ["name", "host", "port", "security", "account", "folder", "active"],
        _("What is new"): ["target", "receiver", "pool"],
    }
    search = ["name", "account"]
    rail, ownerless, governs = False, True, True
    hint = _("Letters that become leads, or join who is known")
    found_by = _("IMAP, e-mail to lead, inbox")
