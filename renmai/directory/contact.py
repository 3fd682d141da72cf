"""E-mails, phones and addresses of accounts and people: several of each, one of them primary."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renmai.kernel.locale.countries import countries
from renmai.kernel.locale.phones import normalise_phone
from renmai.kernel.records.address import LABELS
from renmai.kernel.records.fields import Boolean, Choice, Country, Email, Json, Kinded, LongText, Phone, Pick, Text
from renmai.kernel.records.kinds import CONTROL
from renmai.kernel.records.record import Record

ADDRESS_PARTS = ("region", "city", "district", "postcode", "lines")
ADDRESS_ORDER = ("kind", "country", *ADDRESS_PARTS)
PLACE = ("country", "region", "city")
WHERE = ("address", *PLACE)
ENTRY_PARTS = {"value", "kind", "primary"}
MAX_ENTRIES = 50
KINDS = {
    "work": gettext_lazy("Work"),
    "home": pgettext_lazy("address", "Home"),
    "mobile": gettext_lazy("Mobile"),
    "fax": gettext_lazy("Fax"),
    "other": gettext_lazy("Other"),
}


class AddressKind(models.TextChoices):
    """What an address is for."""

    BILLING = "billing", gettext_lazy("Billing")
    SHIPPING = "shipping", gettext_lazy("Shipping")
    VISIT = "visit", gettext_lazy("Visits")


def _list(given: Any, parts: set[str]) -> list[dict[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given) or len(given) > MAX_ENTRIES:
        raise ValueError(_("A list of entries is expected here."))
    strange = sorted({name for item in given for name in item} - parts)
    if strange:
        raise ValueError(_("There is no field “%(name)s”. Fields: %(valid)s.") % {"name": strange[0], "valid": ", ".join(sorted(parts))})
    return given


def _is_primary(item: dict[str, Any]) -> bool:
    value = item.get("primary")
    if value is not None and not isinstance(value, bool):
        raise ValueError(_("Yes or no is expected here."))
    return bool(value)


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name) or ""
    if not isinstance(value, str) or CONTROL.search(value):
        raise ValueError(_("Text is expected here."))
    return value.strip()[:1000]


def _with_primary(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Exactly one entry is primary: the first that says so, else the first."""
    chosen = next((entry for entry in entries if entry["primary"]), entries[0] if entries else None)
    return [{**entry, "primary": entry is chosen} for entry in entries]


def emails(given: Any) -> list[dict[str, Any]]:
    """Clean ``[{value, kind, primary}]`` of e-mail addresses."""
    found = []
    for item in _list(given, ENTRY_PARTS):
        value = _text(item, "value").lower()
        try:
            validate_email(value)
        except ValidationError:
            raise ValueError(_("“%(value)s” is not an e-mail address.") % {"value": value}) from None
        found.append({"value": value, "kind": _text(item, "kind") or "work", "primary": _is_primary(item)})
    return _with_primary(found)


def phones(given: Any) -> list[dict[str, Any]]:
    """Clean ``[{value, kind, primary}]`` of telephone numbers."""
    found = [
        {"value": value, "kind": _text(item, "kind") or "work", "primary": _is_primary(item)}
        for item in _list(given, ENTRY_PARTS)
        if (value := _text(item, "value"))
    ]
    return _with_primary(found)


def phones_at_home(entries: list[dict[str, Any]], country: str) -> list[dict[str, Any]]:
    """The numbers as the country of their record has them."""
    return [{**entry, "value": normalise_phone(entry["value"], country)} for entry in entries]


def addresses(given: Any) -> list[dict[str, Any]]:
    """Clean ``[{kind, country, region, city, district, postcode, lines}]``; the first is the primary one, which ``primary`` makes it."""
    found = []
    for item in sorted(_list(given, {"kind", "country", "primary", *ADDRESS_PARTS}), key=lambda item: not _is_primary(item)):
        kind, country = _text(item, "kind") or "visit", _text(item, "country").upper()
        if kind not in AddressKind.values:
            raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": kind, "valid": ", ".join(AddressKind.values)})
        if country and country not in countries():
            raise ValueError(_("“%(value)s” is not a country code of two letters, such as TH.") % {"value": country})
        found.append({"kind": kind, "country": country, **{part: _text(item, part) for part in ADDRESS_PARTS}})
    return found


def emails_field() -> Json:
    """The field of all e-mail addresses."""
    return Json(gettext_lazy("E-mail addresses"), shape=emails, parts=_reached_by(Email(gettext_lazy("E-mail"))), blank=True)


def phones_field() -> Json:
    """The field of all telephone numbers."""
    parts = _reached_by(Phone(gettext_lazy("Phone")))
    return Json(gettext_lazy("Phone numbers"), shape=phones, at_home=phones_at_home, parts=parts, blank=True)


def addresses_field() -> Json:
    """The field of all addresses."""
    parts = {
        "kind": Choice(AddressKind, gettext_lazy("Kind"), default=AddressKind.VISIT),
        "lines": LongText(LABELS["lines"], blank=True),
        **{part: Text(LABELS[part], blank=True) for part in ("district", "city", "region", "postcode")},
        "country": Country(LABELS["country"], blank=True),
    }
    told = gettext_lazy("The first one is the main one.")
    return Json(gettext_lazy("Addresses"), shape=addresses, parts=parts, help_text=told, blank=True)


def _reached_by(value: Kinded) -> dict[str, Kinded]:
    """The parts of an entry of which one is primary."""
    return {
        "value": value,
        "kind": Pick(gettext_lazy("Kind"), options=KINDS, default="work"),
        "primary": Boolean(gettext_lazy("Primary"), alone=True, blank=True),
    }


PRIMARIES = {"email": "emails", "phone": "phones", "address": "addresses"}


def align_contact(record: Record, changed: set[str]) -> None:
    """Keep e-mail, phone and address the same as the primary entries of their lists."""
    align(record, changed, "email", "emails")
    align(record, changed, "phone", "phones")
    align_address(record, changed)


def align_address(record: Any, changed: set[str]) -> None:
    """The address, its city, region and country, and the first of the addresses."""
    first, *others = record.addresses or [{}]
    if "addresses" in changed:
        record.address = " ".join(first.get("lines", "").split())
        for part in PLACE:
            setattr(record, part, first.get(part) or getattr(record, part))
    elif record.address or first:
        kept = {"kind": "visit", "district": "", "postcode": "", **first, **{part: getattr(record, part) for part in PLACE}}
        is_same = record.address == " ".join(first.get("lines", "").split())
        entry = {**kept, "lines": first.get("lines", "") if is_same else record.address}
        record.addresses = [{part: entry[part] for part in ADDRESS_ORDER}, *others] if _is_somewhere(entry) else others


def _is_somewhere(entry: dict[str, Any]) -> bool:
    return any(entry[part] for part in ("lines", "district", "postcode"))


def align(record: Record, changed: set[str], single: str, several: str) -> None:
    """Keep the singular field and the primary entry of the list the same; the one that was just given rules."""
    entries: list[dict[str, Any]] = getattr(record, several)
    value: str = getattr(record, single)
    primary = next((entry["value"] for entry in entries if entry.get("primary")), "")
    if several in changed:
        setattr(record, single, primary)
    elif value != primary:
        others = [entry for entry in entries if not entry.get("primary") and entry["value"] != value]
        setattr(record, several, ([{"value": value, "kind": "work", "primary": True}] if value else []) + others)
