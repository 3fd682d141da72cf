"""What follows from facts: owners are told, dates are worked out anew, and the company's rules are looked at every so often."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from renmai.directory.pool.pooled import pooled
from renmai.directory.recycling.check import check
from renmai.directory.recycling.forecast import AT_ONCE, redate
from renmai.directory.recycling.model import RecyclingRule
from renmai.kernel.access.user import User
from renmai.kernel.criteria.reader import zone_named
from renmai.kernel.facts import Fact, listens
from renmai.kernel.facts.say import Ref, listens_where
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import step
from renmai.kernel.notify.making import tell, tell_many
from renmai.kernel.notify.model import Reason
from renmai.kernel.overlay import version as overlay
from renmai.kernel.overlay.company import company
from renmai.kernel.overlay.version import rebuilds
from renmai.kernel.records.types import registry

TOLD = {"recycled", "warned"}
ASKED = "extension_asked"
RULES = ("recycling-rule.created", "recycling-rule.updated", "recycling-rule.deleted", "recycling-rule.restored")
CLOCKS = ("working-calendar.created", "working-calendar.updated", "working-calendar.deleted", "working-calendar.reloaded")
WORK, CHECK = "recycling-dates", "recycling-check"
FEW = 1_000
_ruled: set[str] = set()


@rebuilds
def look(is_any: bool) -> None:
    """Remember which types have rules, until the company changes one."""
    _ruled.clear()
    if is_any:
        _ruled.update(RecyclingRule.objects.live().filter(active=True).values_list("record_type", flat=True))


def _of_pooled(kind: str, verbs: set[str]) -> bool:
    noun, _dot, verb = kind.partition(".")
    return verb in verbs and any(noun == one.noun for one in pooled())


@listens_where(lambda kind: _of_pooled(kind, TOLD))
def tell_owner(facts: list[Fact]) -> None:
    """Who had it, or has it still, hears of it whoever did it."""
    owners = User.objects.filter(active=True, deleted_at=None).in_bulk({UUID(fact.data["owner_id"]) for fact in facts})
    tell_many(((owners[key], fact) for fact in facts if (key := UUID(fact.data["owner_id"])) in owners), Reason.OWNED)


@listens_where(lambda kind: _of_pooled(kind, {ASKED}))
def tell_deciders(facts: list[Fact]) -> None:
    """Who answers for the pool hears that somebody asks for more time."""
    for fact in facts:
        record: Any = fact.subjects[0]  # type: ignore[attr-defined]
        for admin in User.objects.filter(pk__in=record.pool.admins if record.pool else [], active=True, deleted_at=None):
            tell(admin, fact, Reason.ASSIGNED)


@listens_where(lambda kind: bool(_ruled) and not kind.endswith(".warned"))
def redate_some(facts: list[Fact]) -> None:
    """What happens to a record, or to what is about it, may change when it goes back."""
    touched: dict[str, set[Any]] = defaultdict(set)
    for fact in facts:
        for one in fact.subjects:  # type: ignore[attr-defined]
            touched[one.type if isinstance(one, Ref) else registry.of(one).slug].add(one.pk)
    for slug in touched.keys() & _ruled:
        redate(registry[slug], sorted(touched[slug]), timezone.now())


@listens(*RULES, *CLOCKS)
def redate_all(facts: list[Fact]) -> None:
    """Rules and calendars change every date: of few records at once, of many behind the page."""
    for kind in pooled():
        keys = _owned(kind, FEW + 1)
        if len(keys) <= FEW:
            redate(kind, keys, timezone.now())
        else:
            later(WORK, by=None, type=kind.slug)


@listens("user.updated")
def redate_after_leave(facts: list[Fact]) -> None:
    """Leave lets clocks stand still."""
    if any({"leave", "team"} & set(fact.data.get("fields", [])) for fact in facts):
        redate_all(facts)


def _owned(kind: Any, most: int | None = None) -> list[Any]:
    """Records that may go back, or were said to."""
    rows = kind.model.objects.live().filter(Q(owner__isnull=False) | Q(goes_back_at__isnull=False)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:most])


@work(WORK)
def redate_type(job: Job, *, type: str) -> None:
    """Work out all dates of a type; may be done again at any time, and writes only what differs."""
    keys = _owned(registry[type])
    for place in range(0, len(keys), AT_ONCE):
        redate(registry[type], keys[place : place + AT_ONCE], timezone.now())
        step(job, place, len(keys))


@work(CHECK)
def check_now(job: Job) -> None:
    """Take back what is due, and warn: asked for by an administrator."""
    job.result = check(job.by).as_json()


@app.periodic(cron="*/10 * * * *")
@app.task(name="renmai.recycling", queueing_lock="renmai.recycling", lock="renmai.recycling")
def every_ten_minutes(timestamp: int) -> None:
    """Take back what is due, and warn."""
    overlay.refresh()
    if _ruled:
        check()


@app.periodic(cron="29 * * * *")
@app.task(name="renmai.recycling-dates", queueing_lock="renmai.recycling-dates")
def at_midnight(timestamp: int) -> None:
    """Conditions with relative dates, and locks that end, change dates without a fact: once a day they are worked out anew."""
    overlay.refresh()
    if _ruled and timezone.now().astimezone(zone_named(company().time_zone)).hour == 0:
        for kind in pooled():
            later(WORK, by=None, type=kind.slug)
