"""Who reads: the three settings that decide how a value is shown and how typed text is understood."""

from __future__ import annotations

from datetime import tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

LOCALES = {"en": "en", "zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW", "th": "th_TH"}


class Reader(Protocol):
    """Any object with a person's language, time zone and era; the signed-in user is one."""

    @property
    def language(self) -> str:
        """A tag of ours in any case: `en`, `zh-Hans`, `zh-Hant`, `th`."""

    @property
    def time_zone(self) -> str:
        """An IANA name such as `Asia/Bangkok`."""

    @property
    def era(self) -> str:
        """`ce`, `be` or `roc`."""


def locale_of(language: str) -> str:
    """Babel's name of the locale for a language of ours; English for one we do not speak."""
    return LOCALES.get(language.lower(), "en")


def zone_of(reader: Reader) -> tzinfo:
    """The reader's time zone."""
    return ZoneInfo(reader.time_zone or "UTC")
