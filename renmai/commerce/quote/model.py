"""An offer with its prices."""

from __future__ import annotations

from decimal import Decimal as Exact
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.catalogue.product.model import PricedLine
from renmai.kernel.access.territory.model import Territorial
from renmai.kernel.money import document_totals
from renmai.kernel.records.fields import Boolean, Choice, Currency, Date, Integer, Link, LongText, Moment, Money, Parent, Text
from renmai.kernel.records.numbers import Number


class QuoteStatus(models.TextChoices):
    """Where an offer stands."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")


class Quote(Territorial):
    """A quote: lines, taxes per rate and totals, exact to the cent."""

    number = Number(_("Number"), prefix="Q", sortable=True)
    opportunity = Link("sales.Opportunity", _("Opportunity"), blank=True)
    account = Link("directory.Account", _("Account"), blank=True)
    person = Link("directory.Person", _("Person"), blank=True)
    currency = Currency(_("Currency"), blank=True)
    tax_included = Boolean(_("Prices include tax"), blank=True)
    valid_until = Date(_("Valid until"), blank=True, sortable=True)
    status = Choice(QuoteStatus, _("Status"), default=QuoteStatus.DRAFT, editable=False)
    revision = Integer(_("Revision"), default=1, editable=False)
    revises = Link("self", _("Revises"), blank=True, editable=False)
    terms = LongText(_("Terms"), blank=True)
    net_total = Money(_("Net"), default=Exact(0), editable=False, sortable=True)
    tax_total = Money(_("Tax"), default=Exact(0), editable=False)
    total = Money(_("Total"), default=Exact(0), editable=False, sortable=True)
    sent_at = Moment(_("Sent"), blank=True, editable=False)
    decided_at = Moment(_("Decided"), blank=True, editable=False)
    refused_reason = Text(_("Why refused"), blank=True, editable=False)

    titled_by: ClassVar[tuple[str, ...]] = ("number",)

    class Meta:
        verbose_name, verbose_name_plural = _("quote"), _("quotes")

    def heading(self) -> str:
        """Its number."""
        return self.number

    def is_draft(self) -> bool:
        """May still be changed."""
        return self.status == QuoteStatus.DRAFT

    def is_sent(self) -> bool:
        """Waits for the customer."""
        return self.status == QuoteStatus.SENT

    def is_revisable(self) -> bool:
        """Was sent once, so that a change needs a new revision."""
        return self.status != QuoteStatus.DRAFT

    def derive(self, changed: set[str]) -> None:
        """Totals from the lines; account and person from the opportunity where none is named."""
        if self.opportunity is not None and "opportunity" in changed:
            self.account = self.account or self.opportunity.account
            self.person = self.person or self.opportunity.person
        lines = self.derive_rows("lines") if changed & {"lines", "currency"} else self.rows("lines")
        pairs = [(line.net, line.tax_rate) for line in lines]
        totals = document_totals(pairs, self.currency, tax_included=self.tax_included)
        self.net_total, self.tax_total, self.total = totals.net, totals.tax_total, totals.total


class QuoteLine(PricedLine):
    """What is offered."""

    quote = Parent(Quote)

    class Meta(PricedLine.Meta):
        abstract = False
