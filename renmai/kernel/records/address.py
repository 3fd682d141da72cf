"""A postal address: its parts, how it is taken, and how it is read in one line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.locale.countries import countries, country_name

LABELS: dict[str, Any] = {
    "lines": gettext_lazy("Street and number"),
    "district": gettext_lazy("District"),
    "city": gettext_lazy("City"),
    "region": gettext_lazy("Region"),
    "postcode": gettext_lazy("Postcode"),
    "country": gettext_lazy("Country"),
}
PARTS = tuple(LABELS)
LARGEST_FIRST = frozenset({"CN", "HK", "JP", "KR", "MO", "TW"})
LONGEST = 500


def clean_address(raw: Any) -> dict[str, str] | None:
    """``{country, region, city, district, postcode, lines}``; text is taken for its lines; None where every part is empty.

    Raises:
        ValueError: with a sentence for people.
    """
    given = _given(raw)
    if strange := sorted(set(given) - set(PARTS)):
        raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": strange[0], "valid": ", ".join(PARTS)})
    found = {part: _clean_part(given.get(part)) for part in PARTS}
    found["country"] = found["country"].upper()
    if found["country"] and found["country"] not in countries():
        raise ValueError(_("“%(value)s” is not a country code of two letters, such as TH.") % {"value": given["country"]})
    return {part: text for part, text in found.items() if text} or None


def _given(raw: Any) -> Mapping[str, Any]:
    """The parts as they came; a cell of a file may hold them as JSON."""
    if isinstance(raw, str) and raw.strip().startswith("{"):
        with contextlib.suppress(ValueError):
            raw = json.loads(raw)
    if isinstance(raw, str):
        return {"lines": raw}
    if not isinstance(raw, dict):
        raise ValueError(_("An address is written as an object with: %(parts)s.") % {"parts": ", ".join(PARTS)})
    return raw


def _clean_part(raw: Any) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise ValueError(_("Text is expected here."))
    text = "\n".join(" ".join(line.split()) for line in raw.strip().splitlines())
    if not text.replace("\n", "").isprintable():
        raise ValueError(_("The text has characters that cannot be kept."))
    if len(text) > LONGEST:
        raise ValueError(_("The text is longer than %(limit)s characters.") % {"limit": LONGEST})
    return text


def searched_line(address: Mapping[str, str]) -> str:
    """Every part in one line, as the database's ``renmai_place`` joins them."""
    return ", ".join(address[part] for part in PARTS if address.get(part))


def in_line(address: Mapping[str, str], language: str) -> str:
    """The address as it is written where it lies: the largest part first in East Asia, the street first elsewhere."""
    country = address.get("country", "")
    named = {**address, "country": country_name(country, language) if country else ""}
    parts = [" ".join(named[part].split()) for part in PARTS if named.get(part)]
    return " ".join(reversed(parts)) if country in LARGEST_FIRST else ", ".join(parts)
