"""Who comments or is mentioned follows; what is deleted for good is followed by nobody."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from renmai.kernel.facts import Fact
from renmai.kernel.facts.say import listens_where
from renmai.kernel.following.marks import follow_by_itself, forget_seen
from renmai.kernel.following.model import Favourite, Follow, Seen
from renmai.kernel.records.types import registry


@listens_where(lambda kind: kind.endswith(".commented"))
def commenters_follow(facts: list[Fact]) -> None:
    """And those whom they mention."""
    marks = []
    for fact in facts:
        (record, *_others) = fact.subjects  # type: ignore[attr-defined]
        people = [fact.by_id, *(UUID(key) for key in fact.data["mentions"])]
        marks += [(registry.of(record).slug, record.pk, user) for user in people]
    follow_by_itself(marks)


@listens_where(lambda kind: kind.endswith(".purged"))
def marks_go_along(facts: list[Fact]) -> None:
    """They are deleted with their record."""
    keys = [record.pk for fact in facts for record in fact.subjects]  # type: ignore[attr-defined]
    for model in (Follow, Favourite, Seen):
        model.objects.filter(record_id__in=keys).delete()


@app.periodic(cron="47 2 * * *")
@app.task(name="renmai.forget-seen", queueing_lock="renmai.forget-seen")
def forget_seen_nightly(timestamp: int) -> None:
    """Every night."""
    forget_seen()
