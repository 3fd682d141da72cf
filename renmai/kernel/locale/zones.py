"""Time zones, and which one is meant by a country."""

from __future__ import annotations

import zoneinfo
from functools import cache
from importlib import resources


@cache
def zones_by_country() -> dict[str, list[str]]:
    """Names of the IANA database by ISO 3166-1 code, in the order of its own table, which puts the most populous first."""
    found: dict[str, list[str]] = {}
    for line in (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines():
        if not line.startswith("#"):
            code, _place, name = line.split("\t")[:3]
            found.setdefault(code, []).append(name)
    return found


@cache
def zones() -> tuple[str, ...]:
    """Every zone that people live in, in alphabetical order."""
    return ("UTC", *sorted(name for names in zones_by_country().values() for name in names if is_zone(name)))


def is_zone(name: str) -> bool:
    """Whether this machine knows a zone of that name."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone_of(country: str) -> str:
    """The zone of a country, or of its largest part; UTC where there is none."""
    return zones_by_country().get(country, ["UTC"])[0]
