"""What is sent: a fact and its record, as the reader of the webhook would read them at the API now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from renmai.kernel.access.reading import reading
from renmai.kernel.facts.model import FactAbout
from renmai.kernel.facts.timeline import Told, cards_of
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.reading import as_json, titles_of
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.facts.timeline import Card
    from renmai.kernel.webhooks.model import Delivery, Webhook

TEST = "webhook.test"


def message(webhook: Webhook, delivery: Delivery) -> bytes | None:
    """The body of a delivery, in UTF-8; None where its reader may not see what it is about, or not sign in any more."""
    by = webhook.eyes
    if by is None:
        return None
    with reading(by):
        told = _test(webhook, delivery, by) if delivery.fact is None else _told(delivery, by)
    if told is None:
        return None
    whole = {"type": delivery.kind, "timestamp": told["at"], "data": told}
    return json.dumps(whole, ensure_ascii=False, cls=DjangoJSONEncoder).encode()


def _test(webhook: Webhook, delivery: Delivery, by: User) -> dict[str, Any]:
    kind = registry.of(webhook)
    record = as_json(kind, [webhook], by)[0]
    about: dict[str, Any] = {"type": kind.slug, "id": str(webhook.pk), "verb": "test", "at": moment(delivery.made_at)}
    return {**about, "by": None, "fields": [], "about": [], "data": {}, "record": record}


def _told(delivery: Delivery, by: User) -> dict[str, Any] | None:
    fact: Any = delivery.fact
    marks = [(mark.type, mark.record_id) for mark in FactAbout.objects.filter(fact=fact).order_by("position")]
    record = seen(*marks[0], by) if marks else None
    if record is None:
        return None
    kind, told = registry.of(record), Told([fact], {fact.seq: marks})
    titles = titles_of(told.links(), by)
    titles.setdefault(kind.slug, {})[record.pk] = record.title  # also that of one in the recycle bin
    found = cards_of(told, by, titles)
    if not found:
        return None
    card = found[0]
    return {
        "type": kind.slug,
        "id": str(record.pk),
        "verb": fact.kind.partition(".")[2],
        "at": moment(fact.at or fact.written_at),
        "by": card.by,
        "fields": card.data.get("fields", []),
        "about": card.about,
        "data": _besides(card),
        "record": as_json(kind, [record], by)[0],
    }


def _besides(card: Card) -> dict[str, Any]:
    return {name: value for name, value in card.data.items() if name != "fields"}


def seen(slug: str, key: Any, by: User) -> Any:
    """A record that a person may see, also in the recycle bin; None otherwise."""
    kind = registry.get(slug)
    if kind is None:
        return None
    rows = kind.model.objects
    return rows.visible_to(by).filter(pk=key).first() or rows.visible_to(by, deleted=True).filter(pk=key).first()
