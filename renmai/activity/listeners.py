"""What follows from activities: contacts move the last contact, lead to the next plan, and open to whoever is needed at them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.utils import timezone

from renmai.directory.recycling.bases import add_touching
from renmai.kernel.access.user import Share
from renmai.kernel.actions.sharing import ShareMay
from renmai.kernel.facts import Fact, listens
from renmai.kernel.records.about import about_of
from renmai.kernel.records.bulk import move_forward
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry

TOUCHES = ("follow-up", "call", "meeting", "visit")
KEPT = ("created", "updated")
TOOK_PLACE = [f"{noun}.{verb}" for noun in TOUCHES for verb in (*KEPT, "done")]

add_touching("follow-ups", "calls", "meetings", "visits")


@listens(*TOOK_PLACE, "visit.checked_in", "visit.signed_out")
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


@listens(*TOOK_PLACE, "visit.signed_out")
def plan_next(facts: list[Fact]) -> None:
    """Make the follow-up that a contact asks for; none for a time that has passed, as in old files."""
    for fact in facts:
        contact: Any = fact.subjects[0]  # type: ignore[attr-defined]
        if contact.next_at is not None and contact.next_id is None and contact.next_at > timezone.now():
            contact.next = _planned(contact)
            contact.save(update_fields=["next"])


def _planned(contact: Any) -> Any:
    """The follow-up for ``next_at``, about the same and for the same person."""
    values = {
        "body": contact.next_plan or contact.title,
        "due_at": contact.next_at,
        "method": contact.method,
        "owner": contact.owner,
        "assignee": contact.assignee,
        "about": live_about(contact),
    }
    return create(registry["follow-ups"], values, None)


def live_about(activity: Any) -> list[dict[str, Any]]:
    """What an activity is about, as it is given for another one, without what is gone."""
    links = about_of([activity])[activity.pk]
    there = [link for link in links if registry[link.target_type].model.objects.live().filter(pk=link.target_id).exists()]
    return [{"type": link.target_type, "id": link.target_id} for link in there]


@listens(*(f"{noun}.{verb}" for noun in ("task", *TOUCHES) for verb in KEPT))
def open_to_the_needed(facts: list[Fact]) -> None:
    """Who is to do it may change it, and who takes part may see it, whatever their roles say: in as many questions for many."""
    wanted: dict[tuple[Any, Any], tuple[Any, str, Any]] = {}
    for fact in facts:
        activity: Any = fact.subjects[0]  # type: ignore[attr-defined]
        needed = dict.fromkeys(getattr(activity, "participants", []), ShareMay.VIEW) | {activity.assignee_id: ShareMay.EDIT}
        wanted |= {(activity.pk, key): (activity, may, fact.by) for key, may in needed.items() if key not in {None, activity.owner_id}}
    if wanted:
        _open(wanted)


def _open(wanted: dict[tuple[Any, Any], tuple[Any, str, Any]]) -> None:
    """Share each activity with its person, by their ids; what opens as much already stays."""
    found = Share.objects.filter(record_id__in={record for record, _user in wanted}, user_id__in={user for _record, user in wanted})
    opened = {(share.record_id, share.user_id): share for share in found}
    narrow = [share.pk for pair, share in opened.items() if pair in wanted and wanted[pair][1] == ShareMay.EDIT != share.may]
    Share.objects.filter(pk__in=narrow).update(may=ShareMay.EDIT, until=None)
    Share.objects.bulk_create(
        Share(type=registry.of(activity).slug, record_id=activity.pk, user_id=user, at=activity.created_at, created_by=by, may=may)
        for (_record, user), (activity, may, by) in wanted.items()
        if (activity.pk, user) not in opened
    )
