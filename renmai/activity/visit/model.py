"""A visit at a customer's place."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.activity.base import Method, excerpt
from renmai.activity.touch import Touch
from renmai.kernel.records.fields import Choice, Decimal, File, Integer, Moment, Pick, Text

PURPOSES = {
    "first": pgettext_lazy("visit", "First visit"),
    "demonstration": pgettext_lazy("visit", "Demonstration"),
    "negotiation": pgettext_lazy("visit", "Negotiation"),
    "delivery": pgettext_lazy("visit", "Delivery"),
    "service": pgettext_lazy("visit", "Service"),
    "collection": pgettext_lazy("visit", "Collecting a payment"),
    "care": pgettext_lazy("visit", "Customer care"),
}


class Visit(Touch):
    """A visit. Whoever checks in at the customer's is there; the visit is done when they have signed out.

    Attributes:
        checked_in_at, signed_out_at: by the server's clock, never by the phone's.
        latitude, longitude: degrees (WGS 84) of where they checked in; None where the phone did not tell.
        accuracy: metres, as the phone has it.
        distance: metres from the customer's address, where that is known.
        far_reason: why that far away; a visit with one is marked.
        duration: minutes between check-in and sign-out, or as typed.
    """

    subject = Text(_("Subject"))
    method = Choice(Method, _("Method"), default=Method.VISIT)
    purpose = Pick(_("Purpose"), options=PURPOSES, blank=True)
    ends_at = Moment(_("Ends"), blank=True)
    place = Text(_("Place"), blank=True)
    checked_in_at = Moment(_("Checked in"), blank=True, editable=False)
    latitude = Decimal(_("Latitude"), blank=True, editable=False, max_digits=9, decimal_places=6)
    longitude = Decimal(_("Longitude"), blank=True, editable=False, max_digits=9, decimal_places=6)
    accuracy = Integer(_("Accuracy (metres)"), blank=True, editable=False)
    distance = Integer(_("Distance (metres)"), blank=True, editable=False)
    far_reason = Text(_("Why far away"), blank=True, editable=False)
    signed_out_at = Moment(_("Signed out"), blank=True, editable=False)
    duration = Integer(_("Duration (minutes)"), blank=True)
    photos = File(_("Photos"), blank=True)

    derived_from: ClassVar[dict[str, tuple[str, ...]]] = {"subject": ("body", "purpose", "place")}

    class Meta(Touch.Meta):
        verbose_name, verbose_name_plural = _("visit"), _("visits")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duration__isnull=True) | models.Q(duration__gte=0),
                name="visit_duration_not_negative",
                violation_error_message=_("A duration is not negative."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(due_at__isnull=False, ends_at__gte=models.F("due_at"))
                | models.Q(due_at__isnull=True, happened_at__isnull=False, ends_at__gte=models.F("happened_at")),
                name="visit_ends_after_it_begins",
                violation_error_message=_("A visit cannot end before it begins."),
            ),
        ]

    def heading(self) -> str:
        """The subject, how the text begins, what it is for, or where."""
        return self.subject or excerpt(self.body) or str(PURPOSES.get(self.purpose, self.purpose)) or self.place

    def may_be_told(self) -> bool:
        """It can be kept as done without having checked in."""
        return self.is_open() and self.checked_in_at is None

    def may_check_in(self) -> bool:
        """Nobody has told of it yet."""
        return self.happened_at is None

    def is_under_way(self) -> bool:
        """Somebody is there."""
        return self.checked_in_at is not None and self.signed_out_at is None

    def derive(self, changed: set[str]) -> None:
        """Whoever checked in is there, and done when they have signed out."""
        super().derive(changed)
        if self.checked_in_at is not None:
            self.done_at = self.signed_out_at
