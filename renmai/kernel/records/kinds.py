"""What each kind of field accepts and how it reads: one function each way, used by API, forms, imports and actions.

``clean`` takes JSON values (text for decimals, dates and moments) or Python ones and raises ``ValueError`` with a sentence.
What people type in their own calendar and numerals is turned into these by ``kernel.locale`` before it comes here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _

from renmai.kernel.files.values import clean_stored
from renmai.kernel.locale.countries import countries
from renmai.kernel.money import currencies, digits
from renmai.kernel.records.address import clean_address

if TYPE_CHECKING:
    from renmai.kernel.records.spec import FieldSpec

EMPTY = (None, "")
MAX_TEXT = 10_000
MAX_LONG_TEXT = 200_000
MAX_SORTED_TEXT = 500  # what an index takes, in any script
SHORT_EMAIL = 255
MAX_INTEGER = 2**31 - 1
PLACES = 4
TOO_LARGE = Decimal(10) ** 16
PLAIN_EMAIL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
TEXTUAL = frozenset({"text", "long_text", "email", "phone", "url", "country", "currency", "choice", "pick"})

STEADY = TEXTUAL | {"integer", "decimal", "money", "percent", "date"}  # the same text is always the same value


def clean_text(spec: FieldSpec, raw: Any) -> str:
    """One line, white space trimmed, control characters refused."""
    if not isinstance(raw, str):
        raise ValueError(_("Text is expected here."))
    text = raw.strip() if spec.kind == "long_text" else " ".join(raw.split())
    if CONTROL.search(text) or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
        raise ValueError(_("The text has characters that cannot be kept."))
    limit = MAX_LONG_TEXT if spec.kind == "long_text" else MAX_SORTED_TEXT if _is_in_order(spec) else MAX_TEXT
    if len(text) > limit:
        raise ValueError(_("The text is longer than %(limit)s characters.") % {"limit": limit})
    return text


def _is_in_order(spec: FieldSpec) -> bool:
    """Lists are sorted by the text itself, so that it stands in an index; names are sorted by a key made of them."""
    return spec.sortable and spec.sort_column != "sort_key"


def clean_email(spec: FieldSpec, raw: Any) -> str:
    text = clean_text(spec, raw).lower()
    if len(text) < SHORT_EMAIL and PLAIN_EMAIL.fullmatch(text):  # as most are, in a third of the time that the whole rule takes
        return text
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("This is not an e-mail address.")) from None
    return text


def clean_phone(spec: FieldSpec, raw: Any) -> str:
    """As it was typed: which number it is depends on the country of its row."""
    return clean_text(spec, str(raw) if isinstance(raw, int) else raw)


def clean_url(spec: FieldSpec, raw: Any) -> str:
    text = clean_text(spec, raw)
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
    except ValueError:
        raise ValueError(_("This is not a web address.")) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise ValueError(_("This is not a web address."))
    return address


def clean_choice(spec: FieldSpec, raw: Any) -> str:
    values = [value for value, _label in spec.choices]
    if raw not in values:
        raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": raw, "valid": ", ".join(values)})
    return str(raw)


def clean_choices(spec: FieldSpec, raw: Any) -> list[str]:
    if not isinstance(raw, list):
        raise ValueError(_("A list of values is expected here."))
    return list(dict.fromkeys(clean_choice(spec, item) for item in raw))


def clean_country(spec: FieldSpec, raw: Any) -> str:
    code = clean_text(spec, raw).upper()
    if code not in countries():
        raise ValueError(_("“%(value)s” is not a country code of two letters, such as TH.") % {"value": raw})
    return code


def clean_currency(spec: FieldSpec, raw: Any) -> str:
    code = clean_text(spec, raw).upper()
    if code not in currencies():
        raise ValueError(_("“%(value)s” is not a currency code of three letters, such as THB.") % {"value": raw})
    return code


def clean_integer(spec: FieldSpec, raw: Any) -> int:
    number = clean_decimal(spec, raw)
    if number != number.to_integral_value():
        raise ValueError(_("A whole number is expected here."))
    if abs(number) > MAX_INTEGER:
        raise ValueError(_("The number is too large."))
    return int(number)


def clean_decimal(spec: FieldSpec, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        raise ValueError(_("A number is expected here."))
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise ValueError(_("“%(value)s” is not a number.") % {"value": str(raw)[:40]}) from None
    if not number.is_finite():
        raise ValueError(_("“%(value)s” is not a number.") % {"value": str(raw)[:40]})
    if abs(number) >= TOO_LARGE or abs(number := round(number, getattr(spec.field, "decimal_places", PLACES)) + 0) >= TOO_LARGE:
        raise ValueError(_("The number is too large."))
    return number


def clean_percent(spec: FieldSpec, raw: Any) -> Decimal:
    number = clean_decimal(spec, raw)
    if not 0 <= number <= 100:
        raise ValueError(_("A percentage lies between 0 and 100."))
    return number


def clean_boolean(spec: FieldSpec, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    raise ValueError(_("Yes or no is expected here."))


def clean_date(spec: FieldSpec, raw: Any) -> dt.date:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    try:
        day = parse_date(raw) if isinstance(raw, str) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("A date is written as 2026-11-22."))
    return day


def clean_moment(spec: FieldSpec, raw: Any) -> dt.datetime:
    try:
        moment = raw if isinstance(raw, dt.datetime) else parse_datetime(raw) if isinstance(raw, str) else None
        if moment is None:
            moment = dt.datetime.combine(clean_date(spec, raw), dt.time())
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        return aware.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise ValueError(_("A moment is written as 2026-11-22T09:30:00+07:00.")) from None


def clean_time(spec: FieldSpec, raw: Any) -> dt.time:
    """A time of day, to the minute."""
    found = raw if isinstance(raw, dt.time) else None
    try:
        found = found or (parse_time(raw.strip()) if isinstance(raw, str) else None)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise ValueError(_("A time of day is written as 09:30."))
    return found.replace(second=0, microsecond=0)


def clean_tags(spec: FieldSpec, raw: Any) -> list[str]:
    if not isinstance(raw, list):
        raise ValueError(_("A list of tags is expected here."))
    return list(dict.fromkeys(tag for item in raw if (tag := clean_text(spec, item))))


def clean_ids(spec: FieldSpec, raw: Any) -> dict[str, str]:
    """``{source: id}`` of other systems."""
    if not isinstance(raw, dict) or not all(isinstance(value, (str, int)) and not isinstance(value, bool) for value in raw.values()):
        raise ValueError(_('Ids of other systems are written as {"source": "id"}.'))
    return {clean_text(spec, key): clean_text(spec, str(value)) for key, value in raw.items() if str(value).strip()}


CLEAN: dict[str, Callable[[FieldSpec, Any], Any]] = {
    "text": clean_text,
    "long_text": clean_text,
    "pick": clean_text,
    "email": clean_email,
    "phone": clean_phone,
    "url": clean_url,
    "choice": clean_choice,
    "choices": clean_choices,
    "country": clean_country,
    "currency": clean_currency,
    "integer": clean_integer,
    "decimal": clean_decimal,
    "money": clean_decimal,
    "percent": clean_percent,
    "boolean": clean_boolean,
    "date": clean_date,
    "moment": clean_moment,
    "time": clean_time,
    "address": lambda _spec, raw: clean_address(raw),
    "file": lambda _spec, raw: clean_stored(raw),
    "tags": clean_tags,
    "ids": clean_ids,
}


def plain(number: Decimal) -> str:
    """A decimal without trailing zeros or an exponent."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(number: Decimal, currency: str) -> str:
    """A decimal with at least the places of its currency (``"1200.50"``)."""
    shortest = plain(number)
    places = max(digits(currency), len(shortest.partition(".")[2]))
    return format(number.quantize(Decimal(1).scaleb(-places)), "f")


def moment(value: dt.datetime) -> str:
    """ISO 8601 with offset."""
    return value.astimezone(timezone.get_current_timezone()).isoformat()


def clock(value: dt.time) -> str:
    """Hours and minutes, as ISO 8601 writes them."""
    return value.isoformat("minutes")


READ: dict[str, Callable[[Any], Any]] = {
    "decimal": plain,
    "percent": plain,
    "moment": moment,
    "date": dt.date.isoformat,
    "time": clock,
}

PARSE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(["money", "decimal", "percent"], lambda value: Decimal(str(value))),
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "moment": dt.datetime.fromisoformat,
}


def parsed(kind: str, value: Any) -> Any:
    """A value as the record holds it, from what ``READ`` made of it."""
    return PARSE[kind](value) if kind in PARSE else value
