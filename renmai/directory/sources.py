"""Where people, leads and opportunities come from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SOURCES = {
    "web": _("Web site"),
    "form": _("Web form"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "referral": _("Referral"),
    "partner": _("Partner"),
    "event": _("Event"),
    "advertising": _("Advertising"),
    "social": _("Social media"),
    "chat": _("Chat"),
    "card": _("Business card"),
    "import": _("Import"),
    "api": _("API"),
    "other": _("Other"),
}
