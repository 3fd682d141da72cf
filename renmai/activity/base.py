"""What tasks, notes and follow-ups share: words, and the records they are about."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.fields import LongText, Text
from renmai.kernel.records.record import Record

EXCERPT = 80


class Activity(Record):
    """Something people do about other records."""

    subject = Text(_("Subject"), blank=True)
    body = LongText(_("Text"), blank=True)

    extra_fields: ClassVar[list[tuple[str, str, Any]]] = [("about", "abouts", _("About"))]

    class Meta:
        abstract = True

    def heading(self) -> str:
        """The subject, or how the text begins."""
        if self.subject:
            return self.subject
        text = " ".join(self.body.split())
        return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"

    def told(self) -> dict[str, Any]:
        """The timeline shows the words themselves."""
        return {"subject": self.subject, "body": self.body}
