"""Registering, queuing and running work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from renmai.kernel.access.reading import reading
from renmai.kernel.access.token import Reach
from renmai.kernel.actions.errors import Refusal
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.overlay import version as overlay
from renmai.kernel.overlay.company import company

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

Work = Callable[..., None]
_works: dict[str, Work] = {}
log = logging.getLogger(__name__)


class Stopped(Exception):
    """The work ends early because a person asked for it; what is done stays done."""


def work(name: str) -> Callable[[Work], Work]:
    """Register a function ``(job, **arguments)`` as work.

    It may be run again after a crash, so it must be able to go on where it stopped.
    """

    def keep(function: Work) -> Work:
        _works[name] = function
        return function

    return keep


def later(name: str, *, by: User | None, total: int | None = None, **arguments: Any) -> Job:
    """Queue work in the transaction of the change that asks for it: when that is rolled back, nothing is queued.

    Args:
        name: as registered with ``work``.
        by: who asked for it and may look at it.
        total: number of steps, where it is known already.
        arguments: JSON, given to the function.
    """
    with transaction.atomic():
        job = Job.objects.create(kind=name, arguments=arguments, by=by, total=total, reach=_reach_of(by))
        run_job.defer(job_id=str(job.pk))
    return job


def at_once(name: str, *, by: User | None, **arguments: Any) -> Job:
    """Do small work here and now, noted as what is done in the background is."""
    job = Job.objects.create(kind=name, arguments=arguments, by=by, reach=_reach_of(by))
    perform(job)
    return job


def _reach_of(by: User | None) -> dict[str, Any]:
    return by.access.reach_told if by is not None else {}


def stop(job: Job) -> None:
    """Ask a job to stop; one that has not begun never will."""
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(state=JobState.CANCELLED, ended_at=timezone.now())
    Job.objects.filter(pk=job.pk, state=JobState.WORKING).update(stop_asked_at=timezone.now())


def step(job: Job, done: int, total: int | None = None) -> None:
    """Note progress; stands in a transaction of its own between two steps.

    Raises:
        Stopped: somebody has asked the job to stop.
    """
    job.done, job.total = done, total if total is not None else job.total
    Job.objects.filter(pk=job.pk).update(done=job.done, total=job.total)
    heed(job)


def heed(job: Job) -> None:
    """Leave off where that was asked for; writes nothing, so that it may stand inside a transaction.

    Raises:
        Stopped: somebody has asked the job to stop.
    """
    if Job.objects.filter(pk=job.pk, stop_asked_at__isnull=False).exists():
        raise Stopped


def perform(job: Job) -> None:
    """Run a job here and now, and note how it ended."""
    if job.is_over:
        return
    job.state, job.started_at = JobState.WORKING, job.started_at or timezone.now()
    job.save(update_fields=["state", "started_at"])
    if job.by is not None and job.reach:
        job.by.access.reach = Reach.of(job.reach)
    try:
        language = translation.override(getattr(job.by, "language", "") or translation.get_language())
        with language, timezone.override(_zone(job)), reading(job.by):
            _works[job.kind](job, **job.arguments)
    except Stopped:
        _end(job, JobState.CANCELLED)
    except Refusal as refusal:
        _end(job, JobState.FAILED, str(refusal))
    except Exception:
        _end(job, JobState.FAILED, _("Something went wrong that should not have; the log tells more."))
        raise
    else:
        _end(job, JobState.DONE)


def _zone(job: Job) -> str:
    """Days are those of whoever asked, or of the company."""
    return getattr(job.by, "time_zone", "") or company().time_zone


def _end(job: Job, state: JobState, problem: str = "") -> None:
    job.state, job.problem, job.ended_at = state, problem, timezone.now()
    job.save(update_fields=["state", "problem", "ended_at", "result", "errors_file", "done", "total"])


@app.task(name="renmai.job", retry=RetryStrategy(max_attempts=0))
def run_job(*, job_id: str) -> None:
    """The one task that the queue knows."""
    job: Any = Job.objects.select_related("by").annotate(overlay=overlay.current()).filter(pk=job_id).first()
    if job is not None:
        overlay.follow(job.overlay)
        perform(job)


@app.periodic(cron="* * * * *")
@app.task(name="renmai.revive", queueing_lock="renmai.revive", pass_context=True)
async def revive(context: Any, timestamp: int) -> None:
    """Queue again what a worker that died was at: its work goes on where it stopped."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        log.warning("A worker died at job %s; it is queued again.", stalled.task_kwargs)
        await manager.retry_job(stalled)
