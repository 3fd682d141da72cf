"""The calendars that a new Renmai has."""

from __future__ import annotations

from typing import Any

from renmai.kernel.calendars.model import WorkingCalendar
from renmai.kernel.calendars.names import COUNTRIES
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry


def install_calendars(**_rest: Any) -> None:
    """Make the ready calendars once; a company that changes or deletes them keeps its own will."""
    if not WorkingCalendar.objects.exists():
        for country, (name, _label) in COUNTRIES.items():
            create(registry.of(WorkingCalendar), {"name": name, "country": country}, None)
