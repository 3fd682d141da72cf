"""Records lie where rules say: looked at again whenever a rule or a record changes, and every night for rules that count days."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any

from procrastinate.contrib.django import app

from renmai.kernel.access.territory.draw import draw
from renmai.kernel.access.territory.model import Territorial, Territory, above, territorial
from renmai.kernel.access.user import User
from renmai.kernel.facts import Fact, listens
from renmai.kernel.facts.say import listens_where
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.counting import estimate
from renmai.kernel.records.types import registry

AT_ONCE = 50_000
SAME_PLACE = (".shared", ".unshared", ".deleted")


def _may_move(kind: str) -> bool:
    """Whether a fact of this kind may mean that a record lies elsewhere now."""
    noun, _dot, _verb = kind.partition(".")
    return not kind.endswith(SAME_PLACE) and noun in _nouns(overlay.followed()) and Territory.in_force().exists()


@lru_cache(maxsize=1)
def _nouns(_version: int) -> frozenset[str]:
    return frozenset(kind.noun for kind in territorial())


@listens_where(_may_move)
def follow_records(facts: list[Fact]) -> None:
    """Records that were made or changed lie where they belong when their transaction ends."""
    keys: dict[str, set[Any]] = defaultdict(set)
    for fact in facts:
        subject = next(iter(getattr(fact, "subjects", ())), None)
        if isinstance(subject, Territorial):
            keys[registry.of(subject).slug].add(subject.pk)
    for slug, changed in keys.items():
        draw(registry[slug], changed)


@listens("territory.created", "territory.updated", "territory.deleted", "territory.restored")
def follow_rules(facts: list[Fact]) -> None:
    """The map is drawn anew at once, or as a job where there is much to look at."""
    kinds = territorial()
    if sum(estimate(kind.model._base_manager.all()) for kind in kinds) > AT_ONCE:
        later("draw-territories", by=User.objects.filter(pk=facts[0].by_id).first())
    else:
        draw_all()


def draw_all() -> int:
    """Look at every record of every type; returns how many were moved."""
    return sum(draw(kind) for kind in territorial() if not above(kind))


@work("draw-territories")
def draw_in_background(job: Job) -> None:
    """Draw the map anew; doing it twice changes nothing."""
    job.result = {"moved": draw_all()}


@app.periodic(cron="11 0 * * *")
@app.task(name="renmai.draw-territories", queueing_lock="renmai.draw-territories")
def draw_every_night(timestamp: int) -> None:
    """A rule such as “founded in the last year” means other records each day."""
    if Territory.in_force().exists():
        draw_all()
