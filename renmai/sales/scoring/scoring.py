"""Scores written and told: of a few leads at once, of all of them behind the page, and each night of those that time has changed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from renmai.kernel.criteria.reader import zone_named
from renmai.kernel.facts.model import FactAbout
from renmai.kernel.facts.say import UNSET, Ref, say, say_many
from renmai.kernel.history.acting import act_as
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.work import step
from renmai.kernel.overlay import version
from renmai.kernel.overlay.company import company
from renmai.kernel.search.gathering import gathering
from renmai.sales.lead.model import Lead
from renmai.sales.scoring.model import ScoreChange, ScoringModel
from renmai.sales.scoring.scorer import Moved, Scorer, in_force

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.jobs.model import Job

WORK, WORK_ON_SOME = "score-leads", "score-some-leads"
AT_ONCE = 10_000
HERE_AND_NOW = 2_000
FIRST = UUID(int=0)
KEPT = dt.timedelta(days=60)
NIGHT, VERSION = "night", "version"


def score(scorer: Scorer, keys: Iterable[UUID], why: str) -> list[Moved]:
    """Score leads in the running transaction, and tell what that means: another grade, or the threshold reached.

    Args:
        why: see ``ScoreChange``.

    Returns:
        Those whose score or grade is another now.
    """
    moved = scorer.write(keys, why)
    told: dict[str, list[tuple[list[Any], dict[str, Any], Any]]] = defaultdict(list)
    for one in moved:
        for verb, data in _means(one, scorer.model, why):
            told[verb].append(([Ref("leads", one.id)], data, UNSET))
    for verb, happened in told.items():
        _tell(f"lead.{verb}", happened)
    return moved


def _means(one: Moved, model: ScoringModel, why: str) -> Iterable[tuple[str, dict[str, Any]]]:
    """What a change of a score means beyond itself. A new lead gets its first grade in silence, and where all are scored first, each."""
    if one.graded and one.grade != one.graded:
        yield "graded", {"grade": one.grade, "grade_before": one.graded, "score": one.score, "version": model.number}
    was_good = one.was >= model.good_from if one.graded else why in (NIGHT, VERSION)
    if one.score >= model.good_from and not was_good:
        yield "reached_threshold", {"score": one.score, "threshold": model.good_from, "version": model.number}


def _tell(kind: str, happened: Sequence[tuple[list[Any], dict[str, Any], Any]]) -> None:
    if len(happened) == 1:
        about, data, _at = happened[0]
        say(kind, about=about, by=None, data=data)
    else:
        say_many(kind, list(happened), by=None)


def score_all(model: ScoringModel, by: User | None) -> None:
    """Score every lead by a version: at once where they are few, else behind the page."""
    few = Lead.objects.live().values_list("pk", flat=True)[: HERE_AND_NOW + 1]
    if len(few) > HERE_AND_NOW:
        later(WORK, by=by, model=str(model.pk))
    elif (scorer := in_force()) is not None:
        score(scorer, few, VERSION)
        _note(scorer)


def _note(scorer: Scorer) -> None:
    """Every lead has its score by this version, as of now."""
    ScoringModel.objects.filter(pk=scorer.model.pk).update(rescored_at=scorer.reader.now)


@work(WORK)
def score_all_later(job: Job, *, model: str) -> None:
    """Score every lead by the version that counts; may be done again at any time, and writes only what differs."""
    scorer = in_force()
    if scorer is None or str(scorer.model.pk) != model:  # another version was published meanwhile, with work of its own
        return
    job.result = {"changed": sweep(scorer, Lead.objects.live(), VERSION, job)}
    _note(scorer)


@work(WORK_ON_SOME)
def score_some_later(job: Job, *, keys: list[str], why: str) -> None:
    """Score what an import or work in bulk has made or changed; may be done again at any time."""
    scorer = in_force()
    if scorer is not None:
        with transaction.atomic():
            act_as(None)
            job.result = {"changed": len(score(scorer, [UUID(key) for key in keys], why))}


def sweep(scorer: Scorer, rows: QuerySet[Lead], why: str, job: Job | None = None) -> int:
    """Score many leads, some thousand in each transaction, so that nobody who edits one waits for long; returns how many changed."""
    after, done, changed = FIRST, 0, 0
    while keys := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic(), gathering(Lead):
            act_as(job.by if job is not None else None)
            changed += len(score(scorer, keys, why))
        after, done = keys[-1], done + len(keys)
        if job is not None:
            step(job, done)
    return changed


def fade(scorer: Scorer) -> int:
    """Score those leads anew that time alone can have changed; returns how many changed."""
    rows = Lead.objects.live()
    if not scorer.changes_by_itself:
        rows = rows.filter(_has_behaviour(scorer))
    changed = sweep(scorer, rows, NIGHT)
    _note(scorer)
    forget(scorer.reader.now)
    return changed


def _has_behaviour(scorer: Scorer) -> Q:
    """Something happened that counts, or did when they were looked at last."""
    last = scorer.model.rescored_at or scorer.model.published_at or scorer.reader.now
    asleep = (scorer.reader.now - last).days + 2
    marks = FactAbout.objects.filter(record_id=OuterRef("pk"), at__gte=scorer.since(more=asleep))
    return Q(Exists(marks)) if scorer.heard else Q(pk__in=[])


def forget(now: dt.datetime) -> None:
    """Of what only time has changed, keep for good only the changes of the grade."""
    ScoreChange.objects.filter(at__lt=now - KEPT, why=NIGHT, grade=F("grade_before")).delete()


@app.periodic(cron="3 * * * *")
@app.task(name="renmai.score-leads", queueing_lock="renmai.score-leads")
def each_midnight(timestamp: int) -> None:
    """Once a day, in the first hour of the company's day."""
    if timezone.now().astimezone(zone_named(company().time_zone)).hour == 0:
        tonight()


def tonight() -> int:
    """Let scores fade; returns how many changed."""
    version.refresh()
    scorer = in_force()
    return fade(scorer) if scorer is not None else 0
