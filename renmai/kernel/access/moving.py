"""Somebody changes team; whoever says so says whether their records go along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.user import Team, User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.bulk import portions, whose
from renmai.kernel.actions.many import AT_ONCE
from renmai.kernel.history.acting import acting
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import step
from renmai.kernel.records.change_many import Change, change_many, lock_many, tell_many
from renmai.kernel.records.fields import Boolean, Link
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import change
from renmai.kernel.records.types import RecordType, registry

ASKS: dict[str, Any] = {
    "team": Link("kernel.Team", gettext_lazy("Team")),
    "records": Boolean(
        gettext_lazy("Their records go along"),
        blank=True,
        help_text=gettext_lazy("What they own and what belongs to their team until now belongs to the new one."),
    ),
}


@action(gettext_lazy("Move to another team"), icon="users-group", fact="moved", asks=ASKS)
def move(user: User, *, by: User, team: Team, records: bool = False) -> None:
    """Put somebody into another team; their records of the old one follow in the background, or stay where they are."""
    was = user.team_id
    change(user, by=by, team=team)
    if records and was != team.pk:
        later("move-records", by=by, user=str(user.pk), was=str(was or ""), team=str(team.pk))


@work("move-records")
def move_records(job: Job, *, user: str, was: str, team: str) -> None:
    """Let the records follow, a portion at a time; run again, it goes on with those that are left."""
    by, target, moved, kept = whose(job), Team.objects.get(pk=team), 0, 0
    left = [(kind, _left(kind, user, was)) for kind in registry.all() if not kind.ownerless and not kind.acted]
    total = sum(len(keys) for _kind, keys in left)
    for kind, keys in left:
        for portion in portions(keys, AT_ONCE):
            with transaction.atomic(), acting(by, _("Moved to the team “%(team)s”") % {"team": target.title}):
                changes = _moved(kind, portion, target, by)
            moved, kept = moved + len(changes), kept + len(portion) - len(changes)
            step(job, moved + kept, total)
    job.result = {"moved": moved, "kept": kept}


def _left(kind: RecordType, user: str, was: str) -> list[UUID]:
    rows = kind.model.objects.live().filter(owner=user, **({"team": was} if was else {"team__isnull": True}))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _moved(kind: RecordType, keys: list[UUID], team: Team, by: User) -> list[Change]:
    """The records that followed: those that the mover may change."""
    found, _refused = lock_many(kind, keys, by, "edit")
    stored = list(change_many(kind, [Change(record, {"team": team}) for record in found], by, allow=_anything))
    tell_many(kind, "updated", stored, by, lambda change: {"fields": sorted(change.before)})
    return stored


def _anything(_record: Record) -> None:
    """Who owns a record, and for which team, is no part of what an approval or a state holds."""
