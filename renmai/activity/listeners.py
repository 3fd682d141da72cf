"""A contact is a touch: it moves the last contact of everything it is about."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from renmai.directory.recycling.bases import add_touching
from renmai.kernel.facts import Fact, listens
from renmai.kernel.records.about import about_of
from renmai.kernel.records.bulk import move_forward
from renmai.kernel.records.types import registry

TOUCHES = ("follow-up", "call", "meeting", "visit")

add_touching("follow-ups", "calls", "meetings", "visits")


@listens(*(f"{noun}.{verb}" for noun in TOUCHES for verb in ("created", "done", "updated")))
def touch(facts: list[Fact]) -> None:
    """Set ``last_touch_at`` of the records that a contact is about, never to an earlier time."""
    contacts = {fact.subjects[0].pk: fact.subjects[0] for fact in facts}.values()  # type: ignore[attr-defined]
    about = about_of(list(contacts))
    touched: dict[str, dict[Any, dt.datetime]] = defaultdict(dict)
    for contact in contacts:
        if contact.happened_at:
            for link in about[contact.pk]:
                latest = touched[link.target_type]
                latest[link.target_id] = max(contact.happened_at, latest.get(link.target_id, contact.happened_at))
    for slug, moments in touched.items():
        model = registry[slug].model
        if hasattr(model, "last_touch_at"):
            move_forward(model, "last_touch_at", moments)
