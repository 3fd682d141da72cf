"""What the lines of the ready model are called: kept in English, and said in the reader's language while nobody calls them otherwise."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

LINES: dict[str, Any] = {
    "Can be reached": _("Can be reached"),
    "Company is known": _("Company is known"),
    "Fifty people or more": _("Fifty people or more"),
    "Recommended": _("Recommended"),
    "Has a budget": _("Has a budget"),
    "We are talking": _("We are talking"),
}
