"""From a fact to deliveries: the process knows which kinds anybody wants to hear of, and the worker finds who does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from procrastinate.contrib.django import app

from renmai.kernel.access.reading import reading
from renmai.kernel.criteria import kept
from renmai.kernel.facts.model import Fact, FactAbout
from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.types import registry
from renmai.kernel.webhooks.model import Delivery, Webhook
from renmai.kernel.webhooks.sending import wake

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

_heard: list[Webhook] = []


@overlay.rebuilds
def learn(has_overlay: bool) -> None:
    """Know the webhooks in use: each change of one moves the number of the overlay."""
    _heard[:] = Webhook.objects.live().filter(active=True) if has_overlay else []


def ask_for(fact: Fact) -> None:
    """Queue the finding in the transaction of the fact, where any webhook hears of such a thing."""
    if any(webhook.hears(fact.kind) for webhook in _heard):
        hear.configure(lock="renmai.webhooks").defer(seq=fact.seq)  # one after the other, so that the order of facts is kept


@app.task(name="renmai.webhooks.hear")
def hear(*, seq: int) -> None:
    """Make the deliveries of a fact. Done twice, it makes nothing twice."""
    overlay.refresh()
    fact = Fact.objects.filter(seq=seq).first()
    about = FactAbout.objects.filter(fact=seq).order_by("position").first()
    if fact is None or about is None:
        return
    for webhook in Webhook.objects.live().filter(active=True).select_related("reader", "created_by"):
        if webhook.hears(fact.kind) and fits(webhook, about):
            Delivery.objects.get_or_create(webhook=webhook, fact=fact, defaults={"kind": fact.kind})
            wake(webhook)


def fits(webhook: Webhook, about: FactAbout) -> bool:
    """Whether the reader of a webhook may see what a fact is about, and its conditions hold for it."""
    by, kind = webhook.eyes, registry.get(about.type)
    if by is None or kind is None:
        return False
    with reading(by):  # what is hidden from the reader meets no condition
        found = [
            kind.model.objects.visible_to(by, deleted=deleted).filter(_holds(webhook, by), pk=about.record_id) for deleted in (False, True)
        ]
        return any(rows.exists() for rows in found)


def _holds(webhook: Webhook, by: User) -> Any:
    return kept(webhook.criteria, webhook.kind, by) if webhook.criteria and webhook.kind is not None else Q()
