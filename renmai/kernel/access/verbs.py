"""What a person may do to one record, asked for several verbs at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Case, When

from renmai.kernel.access.visible import doors
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def open_verbs(user: User, record: Record, verbs: Iterable[str]) -> set[str]:
    """Those of the verbs that are open to ``user`` for a record, in one query at most."""
    model, slug = type(record), registry.of(record).slug
    scopes = {verb: user.access.scope(slug, verb) for verb in verbs}
    found = {verb for verb, scope in scopes.items() if scope.level == "all"}
    ways = {verb: way for verb in sorted(scopes.keys() - found) if (way := doors(user, model, verb))}
    if ways:
        tests = {f"open_{number}": Case(When(reduce(or_, way), then=True), default=False) for number, way in enumerate(ways.values())}
        told = model.objects.filter(pk=record.pk).annotate(**tests).values_list(*tests).first() or ()
        found |= {verb for verb, holds in zip(ways, told, strict=False) if holds}
    return found
