"""How products look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.catalogue.product.model import Product
from renmai.kernel.records.types import RecordType, register


@register
class ProductType(RecordType):
    model = Product
    icon, rank = "package", 60
    columns = ["name", "code", "category", "price", "unit", "tax_rate", "active"]
    layout = {_("Product"): ["name", "code", "category", "unit", "active"], _("Price"): ["price", "currency", "tax_rate", "tax_included"]}
    search = ["name", "code"]
    subtitle = "code"
    open_to_all, ownerless = True, True
