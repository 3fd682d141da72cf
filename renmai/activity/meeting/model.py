"""A meeting with a customer, in a place or on a screen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.activity.base import Method
from renmai.activity.touch import Touch
from renmai.kernel.records.fields import Choice, Links, Moment, Text, Url


class Meeting(Touch):
    """A meeting. Whoever of the customer takes part is named in what it is about; ``participants`` are colleagues."""

    subject = Text(_("Subject"))
    method = Choice(Method, _("Method"), default=Method.MEETING)
    due_at = Moment(_("Begins"), blank=True, sortable=True)
    ends_at = Moment(_("Ends"), blank=True)
    place = Text(_("Place"), blank=True)
    link = Url(_("Online at"), blank=True)
    participants = Links("kernel.User", _("Colleagues"))

    class Meta(Touch.Meta):
        verbose_name, verbose_name_plural = _("meeting"), _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(due_at__isnull=False, ends_at__gte=models.F("due_at"))
                | models.Q(due_at__isnull=True, happened_at__isnull=False, ends_at__gte=models.F("happened_at")),
                name="meeting_ends_after_it_begins",
                violation_error_message=_("A meeting cannot end before it begins."),
            )
        ]
