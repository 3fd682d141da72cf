"""The bell: what others did lately with records that are mine, and what they gave me."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renmai.kernel.facts.model import Fact, FactAbout
from renmai.kernel.facts.timeline import Card, cards
from renmai.kernel.records.pages.door import PAGES, page
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

LOOKED_AT = 300
SHOWN = 15
RECENT = dt.timedelta(days=7)


@page
def notices(request: HttpRequest, by: User) -> HttpResponse:
    """The newest of them."""
    return render(request, f"{PAGES}/notices.jinja", {"cards": noticed(by)})


def noticed(by: User) -> list[Card]:
    """Facts of others, among the newest of the house, about records that the person owns, or that concern the person."""
    newest = Fact.objects.filter(written_at__gte=timezone.now() - RECENT).order_by("-seq")[:LOOKED_AT]
    facts = {fact.seq: fact for fact in newest if fact.by_id not in (by.pk, None)}
    mine = _owned(FactAbout.objects.filter(fact__in=facts, position=0), by)
    mine |= set(FactAbout.objects.filter(fact__in=facts, position__gt=0, record_id=by.pk).values_list("fact_id", flat=True))
    return cards([fact for seq, fact in facts.items() if seq in mine][:SHOWN], by)


def _owned(marks: Any, by: User) -> set[int]:
    """Numbers of the facts whose main record the person owns."""
    keys: dict[str, dict[Any, list[int]]] = defaultdict(lambda: defaultdict(list))
    for mark in marks:
        keys[mark.type][mark.record_id].append(mark.fact_id)
    found: set[int] = set()
    for slug, by_key in keys.items():
        kind = registry.get(slug)
        if kind is not None:
            owned = kind.model.objects.visible_to(by).filter(pk__in=by_key, owner=by.pk).values_list("pk", flat=True)
            found.update(seq for key in owned for seq in by_key[key])
    return found
