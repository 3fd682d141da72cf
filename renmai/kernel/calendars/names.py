"""What the calendars that come with the program are called, by country."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

COUNTRIES: dict[str, tuple[str, Any]] = {
    "CN": ("Working days in mainland China", _("Working days in mainland China")),
    "TW": ("Working days in Taiwan", _("Working days in Taiwan")),
    "HK": ("Working days in Hong Kong", _("Working days in Hong Kong")),
    "TH": ("Working days in Thailand", _("Working days in Thailand")),
}
NAMES: dict[str, Any] = dict(COUNTRIES.values())
