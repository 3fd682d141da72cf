"""Computed fields worked out anew: when one is made or changed, when more records follow than one statement takes, and each night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from renmai.kernel.criteria.reader import zone_named
from renmai.kernel.history.acting import act_as
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.jobs.work import at_once, step
from renmai.kernel.overlay import version
from renmai.kernel.overlay.company import company
from renmai.kernel.overlay.computed.install import AT_ONCE, TASK, recompute
from renmai.kernel.overlay.computed.marks import take_some
from renmai.kernel.overlay.computed.plan import Plan, plans
from renmai.kernel.overlay.field import CustomField, computed_fields

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

FIRST = UUID(int=0)
WORK = "custom-recompute"


def fill(plan: Plan, by: User | None) -> None:
    """Work a field out for all records: at once where they are few, else behind the page."""
    keys = list(_rows(plan).values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(keys) > AT_ONCE:
        later(WORK, by=by, field=str(plan.made.pk))
    else:
        recompute(plan, keys)
        take_some()


def waiting() -> set[str]:
    """Ids of the fields that are still being worked out."""
    jobs = Job.objects.filter(kind=WORK, state__in=[JobState.QUEUED, JobState.WORKING])
    asked = ProcrastinateJob.objects.filter(task_name=TASK, status__in=["todo", "doing"])
    return {*jobs.values_list("arguments__field", flat=True), *asked.values_list("args__field", flat=True)}


@app.task(name=TASK)
def recompute_asked(*, field: str) -> None:
    """What the database asks for when more records follow than one statement takes."""
    version.refresh()
    at_once(WORK, by=None, field=field)


@work(WORK)
def recompute_all(job: Job, *, field: str) -> None:
    """Work out one field for every record; may be done again at any time, and writes only what differs."""
    plan = next(iter(plans(CustomField.objects.live().filter(pk=field))), None)
    if plan is None:  # it is gone, or names something that is
        return
    after, done = FIRST, 0
    while keys := list(_rows(plan).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            act_as(job.by, _("%(field)s was worked out anew") % {"field": plan.made.label})
            recompute(plan, keys)
            take_some()
        after, done = keys[-1], done + len(keys)
        step(job, done)


def _rows(plan: Plan) -> Any:
    return plan.kind.model.objects.all()


def each_night() -> None:
    """Queue every computed field: the day has changed, and with it what asks for it."""
    for plan in plans(computed_fields()):
        later(WORK, by=None, field=str(plan.made.pk))


@app.periodic(cron="7 * * * *")
@app.task(name="renmai.computed", queueing_lock="renmai.computed")
def at_midnight(timestamp: int) -> None:
    """Once a day, in the first hour of the company's day."""
    if timezone.now().astimezone(zone_named(company().time_zone)).hour == 0:
        each_night()
