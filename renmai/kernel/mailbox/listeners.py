"""The way in by letter."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Refused
from renmai.kernel.inbound.channel import SAMPLE, Channel, Incoming, add_channel
from renmai.kernel.mailbox import imap
from renmai.kernel.mailbox.letter import read
from renmai.kernel.mailbox.model import Mailbox
from renmai.kernel.mailbox.taking import EMAIL


class Letters(Channel):
    """People write to a mailbox."""

    name, label = EMAIL, gettext_lazy("E-mail")
    icon, verb = "mail", "wrote"
    text = gettext_lazy("A mailbox is read, or your mail server passes letters on; automatic answers and newsletters are left out.")
    place, source = "/mailboxes/", "email"

    def sample(self) -> Any:
        """A short letter."""
        letter = EmailMessage()
        letter["From"], letter["Subject"] = f"{SAMPLE['name']} <{SAMPLE['email']}>", "Hello"
        letter.set_content("Please call me.")
        return letter.as_bytes()

    def read(self, raw: Any) -> list[Incoming]:
        """Whoever wrote it; nobody where no person did."""
        said = read(raw)
        if said.reason:
            return []
        return [Incoming({"name": said.name or said.email, "email": said.email}, data={"subject": said.subject, "message": said.text})]

    def test(self) -> str:
        """Look into every mailbox."""
        found = [one for one in Mailbox.objects.live() if one.is_read]
        if not found:
            return super().test()
        for mailbox in found:
            try:
                imap.check(mailbox)
            except Refused as problem:
                raise Refused(f"{mailbox.name}: {problem}") from problem
        return _("Every mailbox was looked into.")


add_channel(Letters())
