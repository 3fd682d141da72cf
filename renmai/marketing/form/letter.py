"""The letter that asks somebody to confirm what they sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from renmai.kernel.mail.send import address, mail_outside
from renmai.kernel.overlay.company import company

if TYPE_CHECKING:
    from renmai.marketing.form.model import Submission

TEMPLATE = "marketing/form/confirm_mail"


def ask_to_confirm(kept: Submission, secret: str) -> None:
    """Write to the sender, in the language in which they filled in the form."""
    ours = company().name
    values = {
        "company": ours,
        "link": address(f"{kept.form.address}confirm/{secret}/"),
        "name": kept.sent.get("name") or kept.sent["email"],
    }
    mail_outside(
        kept.sent["email"], kept.language, lambda: _("Please confirm: %(company)s") % {"company": ours or "Renmai"}, TEMPLATE, values
    )
