"""What everything that people do about other records shares: its words, its times, who does it, and what it is about."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.fields import Choice, Link, LongText, Moment, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType

EXCERPT = 80


class Method(models.TextChoices):
    """How one was in touch."""

    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    OTHER = "other", _("Other")


def excerpt(body: str) -> str:
    """How a text begins, in one line."""
    text = " ".join(body.split())
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"


class Activity(Record):
    """Something people do about other records. It is planned for ``due_at``, takes place at ``happened_at`` and is then done."""

    subject = Text(_("Subject"), blank=True)
    body = LongText(_("Text"), blank=True)
    method = Choice(Method, _("Method"), blank=True)
    due_at = Moment(_("Due"), blank=True, sortable=True)
    happened_at = Moment(_("Happened"), blank=True, sortable=True)
    done_at = Moment(_("Done"), blank=True, sortable=True)
    assignee = Link("kernel.User", _("Assignee"), blank=True)

    titled_by: ClassVar[tuple[str, ...]] = ("subject", "body")
    extra_fields: ClassVar[list[tuple[str, str, Any]]] = [("about", "abouts", _("About"))]

    class Meta:
        abstract = True

    def heading(self) -> str:
        """The subject, or how the text begins."""
        return self.subject or excerpt(self.body)

    def told(self) -> dict[str, Any]:
        """The timeline shows the words themselves; what lies ahead is no contact yet."""
        lies_ahead = self.due_at is not None and self.happened_at is None and self.done_at is None
        return {"subject": self.subject, "body": self.body, **({"planned": True} if lies_ahead else {})}

    def is_open(self) -> bool:
        """Not done yet."""
        return self.done_at is None

    def warning(self) -> Any:
        """Its time has passed and it is not done."""
        return _("Overdue") if self.is_open() and self.due_at is not None and self.due_at < timezone.now() else ""


REMINDED = {"reminded": _("A reminder: %(title)s")}
HAPPENINGS = {"reminded": _("reminded of")}


class ActivityType(RecordType):
    """What the types of all activities share."""

    search = ["subject", "body"]

    def complete(self, values: dict[str, Any]) -> None:
        """Whoever owns an activity does it, unless somebody else is named."""
        if not values.get("assignee"):
            values["assignee"] = values.get("owner")
