"""Work on a lead begins by itself: with the first contact that its owner really had."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from renmai.kernel.facts import Fact, listens, say_many
from renmai.kernel.facts.say import UNSET
from renmai.kernel.records.about import about_of
from renmai.kernel.records.change_many import Change, change_many
from renmai.kernel.records.types import registry
from renmai.sales.lead.model import Lead, LeadStatus

TOUCHES = [f"{noun}.{verb}" for noun in ("follow-up", "call", "meeting", "visit") for verb in ("created", "done", "updated")]


@listens(*TOUCHES)
def begin(facts: list[Fact]) -> None:
    """New leads whose owner was in touch with them are being worked on."""
    people = touched(facts)
    if not people:
        return
    kind: Any = registry.of(Lead)
    new = Lead.objects.live().select_for_update(of=("self",)).filter(pk__in=list(people), status=LeadStatus.NEW)
    changes = [Change(lead, {"status": LeadStatus.WORKING}) for lead in new.order_by("pk") if lead.owner_id in people[lead.pk]]
    stored = change_many(kind, changes, facts[0].by, allow=lambda _lead: None)
    said = [([one.record], {"from": str(LeadStatus.NEW), "to": str(LeadStatus.WORKING)}, UNSET) for one in stored]
    if said:
        say_many(f"{kind.noun}.begun", said, by=facts[0].by)


def touched(facts: list[Fact]) -> dict[UUID, set[Any]]:
    """By id of a lead, who was in touch with it: whoever a contact is of, or wrote it down."""
    found: dict[UUID, set[Any]] = defaultdict(set)
    written = {fact.subjects[0].pk: fact.by_id for fact in facts}  # type: ignore[attr-defined]
    for contact, lead in contacts(facts):
        found[lead] |= {contact.owner_id, contact.assignee_id, written[contact.pk]}
    return found


def contacts(facts: list[Fact]) -> list[tuple[Any, UUID]]:
    """The contacts that took place, each with the id of a lead that it is about; planned ones are none."""
    took_place = {fact.subjects[0].pk: fact.subjects[0] for fact in facts if fact.subjects[0].happened_at}  # type: ignore[attr-defined]
    slug = registry.of(Lead).slug
    links = about_of(list(took_place.values())) if took_place else {}
    return [(took_place[key], link.target_id) for key, several in links.items() for link in several if link.target_type == slug]
