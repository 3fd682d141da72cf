"""A contact is a touch: it moves the last contact of everything it is about."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest

from renmai.kernel.facts import Fact, listens
from renmai.kernel.records.about import about_of
from renmai.kernel.records.types import registry


@listens("follow-up.created", "follow-up.done", "follow-up.updated")
def touch(facts: list[Fact]) -> None:
    """Set ``last_touch_at`` of the records that a contact is about, never to an earlier time."""
    contacts = {fact.subjects[0].pk: fact.subjects[0] for fact in facts}.values()  # type: ignore[attr-defined]
    about = about_of(list(contacts))
    touched: dict[tuple[str, Any], list[Any]] = defaultdict(list)
    for contact in contacts:
        if contact.happened_at:
            for link in about[contact.pk]:
                touched[link.target_type, contact.happened_at].append(link.target_id)
    for (slug, at), keys in touched.items():
        model = registry[slug].model
        if hasattr(model, "last_touch_at"):
            latest = Greatest(Coalesce("last_touch_at", Value(at)), Value(at))
            model.objects.filter(pk__in=keys).update(last_touch_at=latest)
