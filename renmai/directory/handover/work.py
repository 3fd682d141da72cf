"""Handing over, as one job; each type is a change set of it, which the history tells and which can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.directory.handover.model import Handover
from renmai.directory.handover.planning import Asked
from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import go_through, whose
from renmai.kernel.actions.errors import Forbidden, Refused
from renmai.kernel.actions.many import AT_ONCE, Done, Verb, done
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.work import step
from renmai.kernel.records.change_many import Change, change_many, lock_many, tell_many
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet, ChangeSetState, Mode
from renmai.kernel.transfer.run import keep_set
from renmai.kernel.transfer.unmoving import undo_move

if TYPE_CHECKING:
    from collections.abc import Mapping

    from renmai.kernel.jobs.model import Job
    from renmai.kernel.records.record import Record


def require_admin(by: User) -> None:
    """Raise ``Forbidden`` for whoever is no administrator: records of everybody go to anybody."""
    if not by.access.is_admin:
        raise Forbidden(_("Only an administrator may do this."))


def hand_over(given: Mapping[str, Any], by: User, begin: Any = later) -> Handover:
    """Queue a handover.

    Args:
        given: see ``Asked``.

    Raises:
        Forbidden, Invalid: see ``require_admin`` and ``Asked.of``.
        Refused: there is nothing to hand over.
    """
    require_admin(by)
    asked = Asked.of(given)
    if not asked.plan():
        raise Refused(_("There is nothing to hand over."))
    made = Handover.objects.create(person=asked.person, asked={name: given.get(name) for name in ASKED}, by=by)
    job = begin("handover", by=by, handover=str(made.pk))
    Handover.objects.filter(pk=made.pk).update(job=str(job.pk))
    made.job = str(job.pk)
    return made


ASKED = ("person", "to", "types", "criteria", "rules")


@work("handover")
def do_hand_over(job: Job, *, handover: str) -> None:
    """Give away one portion after the other; run again, it goes on with what the person still has."""
    made, by = Handover.objects.get(pk=handover), whose(job)
    plan = Asked.of(made.asked).plan()
    total, before, told = sum(len(keys) for given in plan.values() for keys in given.values()), 0, []
    people = User.objects.in_bulk({key for given in plan.values() for key in given})
    for place, (kind, given) in enumerate(plan.items()):
        receiver = {key: people[to] for to, keys in given.items() for key in keys}
        held = _change_set(made, kind, place, by)
        verb = Verb(partial(_give, kind, receiver, made, by), AT_ONCE)
        go_through(job, held, lambda verb=verb, receiver=receiver: (verb, list(receiver)), partial(_tell, job, before, total))  # type: ignore[misc]
        before += len(receiver)
        told.append({"type": kind.slug, **job.result})
    job.result = {"handover": str(made.pk), "done": sum(one["done"] for one in told), "types": told}


def _tell(job: Job, before: int, total: int, done_: int, _of: int) -> None:
    step(job, before + done_, total)


def _change_set(made: Handover, kind: RecordType, place: int, by: User) -> ChangeSet:
    name = _("Handed over from %(person)s") % {"person": made.person.title}
    held = ChangeSet(name=name, target=kind.slug, map={"action": "update", "arguments": {}, "notify": True}, mode=Mode.UPDATE)
    held.state, held.move, held.step = ChangeSetState.WAITING, str(made.pk), place
    with transaction.atomic():
        keep_set(held, by)
    return held


def _give(kind: RecordType, receiver: dict[UUID, User], made: Handover, by: User, keys: Sequence[UUID]) -> list[Done]:
    """Give some of the records to their receivers; whoever does what is still to be done is the receiver, too."""
    found, refused = lock_many(kind, keys, by, "edit")
    changes = [Change(record, _values(kind, record, receiver[record.pk], made)) for record in found]
    stored = change_many(kind, changes, by, allow=_anything)
    tell_many(kind, "assigned", stored, by, lambda change: _told(receiver[change.record.pk], made))
    return done(changes, refused)


def _values(kind: RecordType, record: Any, to: User, made: Handover) -> dict[str, Any]:
    is_open = "assignee" in kind.fields and getattr(record, "done_at", None) is None and record.assignee_id == made.person_id
    return {"owner": to, **({"assignee": to} if is_open else {})}


def _told(to: User, made: Handover) -> dict[str, Any]:
    kind = registry.of(User)
    named = {name: {"id": str(one.pk), "type": kind.slug, "title": one.title} for name, one in (("owner", to), ("from", made.person))}
    return {**named, "handover": str(made.pk)}


def _anything(_record: Record) -> None:
    """Whose a record is is no part of what an approval or a state holds."""


def take_back(key: Any, by: User, begin: Any = later) -> Job:
    """Queue the undoing of a handover; what somebody has given to another since stays there.

    Raises:
        Forbidden: see ``require_admin``.
        Refused: it is too long ago, or undone.
    """
    require_admin(by)
    with transaction.atomic():
        made = Handover.objects.select_for_update().get(pk=key)
        if not made.can_go_back():
            raise Refused(_("A handover can be undone once, for 30 days."))
        made.undone_at = timezone.now()
        made.save(update_fields=["undone_at"])
        return undo_move(made.pk, by=by, begin=begin)
