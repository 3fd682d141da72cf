"""A telephone call with a customer, or the plan of one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.activity.base import Method, excerpt
from renmai.activity.touch import Touch
from renmai.kernel.records.fields import Choice, Integer, LongText, Phone


class Direction(models.TextChoices):
    """Who called whom."""

    OUT = "out", pgettext_lazy("call", "Outgoing")
    IN = "in", pgettext_lazy("call", "Incoming")


class Outcome(models.TextChoices):
    """What came of dialling."""

    ANSWERED = "answered", pgettext_lazy("call", "Answered")
    NO_ANSWER = "no_answer", pgettext_lazy("call", "No answer")
    BUSY = "busy", pgettext_lazy("call", "Busy")
    VOICEMAIL = "voicemail", pgettext_lazy("call", "Voicemail")
    WRONG_NUMBER = "wrong_number", pgettext_lazy("call", "Wrong number")


class Call(Touch):
    """A call. One that nobody answered needs no words: its outcome says it.

    Attributes:
        duration: minutes.
    """

    body = LongText(_("Text"))
    method = Choice(Method, _("Method"), default=Method.CALL)
    direction = Choice(Direction, _("Direction"), default=Direction.OUT)
    outcome = Choice(Outcome, _("Outcome"), blank=True)
    duration = Integer(_("Duration (minutes)"), blank=True)
    number = Phone(_("Number"), blank=True)

    derived_from: ClassVar[dict[str, tuple[str, ...]]] = {"body": ("subject", "outcome")}

    class Meta(Touch.Meta):
        verbose_name, verbose_name_plural = _("call"), _("calls")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duration__isnull=True) | models.Q(duration__gte=0),
                name="call_duration_not_negative",
                violation_error_message=_("A duration is not negative."),
            )
        ]

    def heading(self) -> str:
        """The subject, how the text begins, or the outcome."""
        return self.subject or excerpt(self.body) or str(self.get_outcome_display())
