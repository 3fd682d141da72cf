"""A company that is, was or may become a customer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.directory.contact import PRIMARIES, WHERE, addresses_field, align_contact, emails_field, phones_field
from renmai.directory.pool.pooled import Pooled, pool_indexes
from renmai.kernel.access.territory.model import Territorial
from renmai.kernel.matching.model import Matched
from renmai.kernel.overlay.industries import INDUSTRIES
from renmai.kernel.records.fields import Country, Currency, Decimal, Email, Integer, Link, Moment, Money, Phone, Pick, Text

LIFECYCLES = {
    "prospect": _("Prospect"),
    "customer": _("Customer"),
    "partner": _("Partner"),
    "former": _("Former customer"),
}
LEVELS = {"a": _("A – key account"), "b": _("B – important"), "c": _("C – ordinary"), "d": _("D – small")}


class Account(Pooled, Territorial, Matched):
    """A company, with its place among other companies."""

    name = Text(_("Name"), sortable=True)
    legal_name = Text(_("Legal name"), blank=True)
    domain = Text(_("Web domain"), blank=True)
    phone = Phone(_("Phone"), blank=True)
    email = Email(_("E-mail"), blank=True)
    industry = Pick(_("Industry"), options=INDUSTRIES, blank=True)
    employees = Integer(_("Employees"), blank=True, sortable=True)
    annual_revenue = Money(_("Annual revenue"), blank=True, sortable=True)
    currency = Currency(_("Currency"), blank=True)
    country = Country(_("Country"), blank=True)
    region = Text(_("Region"), blank=True)
    city = Text(_("City"), blank=True)
    address = Text(_("Address"), blank=True)
    latitude = Decimal(_("Latitude"), blank=True, max_digits=9, decimal_places=6)
    longitude = Decimal(_("Longitude"), blank=True, max_digits=9, decimal_places=6)
    registration_number = Text(_("Registration number"), blank=True)
    parent = Link("self", _("Belongs to"), blank=True)
    lifecycle = Pick(_("Lifecycle"), options=LIFECYCLES, default="prospect")
    level = Pick(_("Level"), options=LEVELS, blank=True)
    emails = emails_field()
    phones = phones_field()
    addresses = addresses_field()
    last_touch_at = Moment(_("Last contact"), blank=True, editable=False, sortable=True)

    primaries: ClassVar[dict[str, str]] = PRIMARIES
    together: ClassVar[tuple[tuple[str, ...], ...]] = (WHERE,)
    won: ClassVar[models.Q] = models.Q(lifecycle="customer")

    class Meta:
        verbose_name, verbose_name_plural = _("account"), _("accounts")
        indexes = [
            models.Index(fields=["country", "created_at", "id"], name="account_country", condition=models.Q(deleted_at=None)),
            *pool_indexes("account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="account_place_on_earth",
                violation_error_message=_("A place has a latitude from -90 to 90 and a longitude from -180 to 180 degrees."),
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="account_not_own_parent",
                violation_error_message=_("An account cannot belong to itself."),
            ),
        ]

    def derive(self, changed: set[str]) -> None:
        """The singular e-mail, phone and address are the primary ones."""
        super().derive(changed)
        align_contact(self, changed)
