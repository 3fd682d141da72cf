"""Something that is sold, and the priced line that names it on documents."""

from __future__ import annotations

from decimal import Decimal as Exact
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.money import line_net
from renmai.kernel.records.fields import Boolean, Currency, Decimal, Link, Money, Percent, Pick, Text, UnitPrice
from renmai.kernel.records.record import Record, Row

UNITS = {"piece": _("piece"), "hour": _("hour"), "day": _("day"), "month": _("month"), "year": _("year"), "kg": _("kg"), "set": _("set")}


class Product(Record):
    """A product or service with its list price."""

    name = Text(_("Name"), sortable=True)
    code = Text(_("Code"), blank=True, sortable=True)
    unit = Pick(_("Unit"), options=UNITS, default="piece", blank=True)
    price = Money(_("List price"), blank=True, sortable=True)
    currency = Currency(_("Currency"), blank=True)
    tax_rate = Percent(_("Tax rate, %"), default=Exact(0), blank=True)
    tax_included = Boolean(_("Price includes tax"), blank=True)
    category = Pick(_("Category"), options={}, blank=True)
    active = Boolean(_("Active"), default=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("product"), _("products")
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~models.Q(code="") & models.Q(deleted_at=None),
                name="product_code_once",
                violation_error_message=_("Another product has this code."),
            )
        ]


class PricedLine(Row):
    """A row with quantity, price, discount and tax. Subclasses add their ``Parent``."""

    product = Link("catalogue.Product", _("Product"), blank=True)
    description = Text(_("Description"), blank=True)
    quantity = Decimal(_("Quantity"), default=Exact(1), blank=True)
    unit_price = UnitPrice(_("Unit price"), blank=True)
    discount_percent = Percent(_("Discount, %"), default=Exact(0), blank=True)
    tax_rate = Percent(_("Tax rate, %"), blank=True)
    net = Money(_("Net"), default=Exact(0), editable=False)

    class Meta(Row.Meta):
        abstract = True
        verbose_name, verbose_name_plural = _("line"), _("lines")

    def derive(self, document: Any) -> None:
        """What is not given comes from the product; the net is rounded by the document's currency."""
        product = self.product
        self.description = self.description or (product.name if product else "")
        if self.unit_price is None:
            fits = product is not None and product.price is not None and product.currency == document.currency
            self.unit_price = product.price if fits else Exact(0)
        if self.tax_rate is None:
            self.tax_rate = product.tax_rate if product and product.tax_rate is not None else Exact(0)
        self.net = line_net(self.quantity or Exact(0), self.unit_price, self.discount_percent or Exact(0), document.currency)
