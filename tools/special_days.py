"""Write the holidays and make-up working days that come with Renmai anew, from the package ``holidays``; run as ``make special-days``.

The package itself is no part of the program: of its nine megabytes four countries are needed, and it holds back a library that the queue
stands on. What it says of China goes back to the notices of the State Council, of Taiwan to those of the Executive Yuan's personnel
administration, of Hong Kong to the General Holidays Ordinance, of Thailand to the cabinet's resolutions.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import holidays

TARGET = Path(__file__).parents[1] / "renmai/kernel/calendars/data/holidays.json"
YEARS = range(2025, 2028)
COUNTRIES = {"CN": ("public",), "TW": ("public",), "HK": ("public", "optional"), "TH": ("public",)}
MADE_UP = {"en": "Make-up working day", "zh-Hans": "调休上班", "zh-Hant": "補班日", "th": "วันทำงานชดเชย"}
LANGUAGES = {"en": "en_US", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW", "th": "th"}
# Hong Kong has its own Chinese names; on the second Saturday of January children have their day in Thailand, and nobody is off.
OTHERWISE = {("HK", "zh-Hant"): "zh_HK"}
WORKED = {("TH", "National Children's Day")}


def days_of(country: str) -> list[dict[str, object]]:
    """Each special day: ``{on, kind, names}``."""
    spoken = {language: _named(country, OTHERWISE.get((country, language), code)) for language, code in LANGUAGES.items()}
    found: dict[dt.date, dict[str, object]] = {}
    for day, name in spoken["en"].items():
        if (country, name) not in WORKED:
            names = {language: named[day] for language, named in spoken.items() if named}
            found[day] = {"on": day.isoformat(), "kind": "holiday", "names": names}
    for day in holidays.country_holidays(country, years=YEARS).weekend_workdays:
        if day.year in YEARS:
            found[day] = {"on": day.isoformat(), "kind": "working", "names": MADE_UP}
    return [found[day] for day in sorted(found)]


def _named(country: str, language: str) -> dict[dt.date, str]:
    """The holidays in a language; none where the package does not speak it."""
    if language not in holidays.country_holidays(country).supported_languages:
        return {}
    return dict(holidays.country_holidays(country, years=YEARS, language=language, categories=COUNTRIES[country]))


if __name__ == "__main__":
    found = {country: ",\n".join(json.dumps(day, ensure_ascii=False) for day in days_of(country)) for country in COUNTRIES}
    text = ",\n".join(f'"{country}": [\n{days}\n]' for country, days in found.items())
    TARGET.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")
