"""The trades that companies are in: ours, and those that we sell to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

INDUSTRIES = {
    "technology": _("Technology"),
    "software": _("Software"),
    "telecommunications": _("Telecommunications"),
    "manufacturing": _("Manufacturing"),
    "retail": _("Retail"),
    "wholesale": _("Wholesale"),
    "finance": _("Finance"),
    "insurance": _("Insurance"),
    "medical": _("Health care"),
    "education": _("Education"),
    "construction": _("Construction"),
    "real_estate": _("Real estate"),
    "logistics": _("Logistics"),
    "hospitality": _("Hotels and restaurants"),
    "food": _("Food and drink"),
    "agriculture": _("Agriculture"),
    "energy": _("Energy"),
    "entertainment": _("Media and entertainment"),
    "marketing": _("Marketing"),
    "services": _("Services"),
    "government": _("Government"),
    "other": _("Other"),
}
