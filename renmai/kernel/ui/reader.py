"""Who reads the page: in what language, zone and era its values are written, kept for the length of one request."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

LANGUAGES = {code.lower() for code, _name in settings.LANGUAGES}
SCRIPTS = {
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-my": "zh-hans",
    "zh": "zh-hans",
}


@dataclass(frozen=True)
class Reader:
    """How values are written for one person.

    Attributes:
        language: one of ``en``, ``zh-hans``, ``zh-hant``, ``th``.
        time_zone: name in the IANA database.
        era: ``ce``, ``be`` or ``roc``.
        theme: ``auto``, ``light`` or ``dark``.
        country: ISO 3166-1 alpha-2, or empty: where a typed telephone number belongs.
    """

    language: str = "en"
    time_zone: str = "UTC"
    era: str = "ce"
    theme: str = "auto"
    country: str = ""


NOBODY = Reader()
_current: ContextVar[Reader] = ContextVar("reader", default=NOBODY)


def current() -> Reader:
    """The reader of this request."""
    return _current.get()


def become(reader: Reader) -> None:
    """Write for this reader from now on."""
    _current.set(reader)


def language_of(tag: str) -> str | None:
    """Our language for a tag such as ``zh-TW``, ``th-TH`` or ``zh-Hant-HK``, or None when we do not speak it."""
    parts = tag.strip().lower().split("-")
    for length in range(len(parts), 0, -1):
        part = "-".join(parts[:length])
        if part in LANGUAGES:
            return part
        if part in SCRIPTS:
            return SCRIPTS[part]
    return None


def accepted(header: str) -> str | None:
    """The first language of an ``Accept-Language`` header that we speak, by weight and then by order."""
    weighed = []
    for part in header.split(","):
        tag, _sep, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), tag))
        except ValueError:
            continue
    return next((language for _weight, tag in sorted(weighed, key=lambda pair: pair[0]) if (language := language_of(tag))), None)


def reader_of(user: User | None, header: str = "", fallback: str = "en", time_zone: str = "UTC", country: str = "") -> Reader:
    """The reader for a person who may not have signed in.

    Args:
        user: the person, or None.
        header: the browser's ``Accept-Language``.
        fallback: the company's language.
        time_zone: the company's zone.
        country: the company's country.
    """
    if user is None:
        return Reader(accepted(header) or fallback.lower(), time_zone, country=country)
    language = user.language.lower() or accepted(header) or fallback.lower()
    return Reader(language, user.time_zone or time_zone, user.era, user.theme, country)


def tag(language: str) -> str:
    """The language as BCP 47 writes it: ``zh-Hant``."""
    head, _dash, script = language.partition("-")
    return f"{head}-{script.title()}" if script else head
