"""What a person may do to one record, asked for several verbs at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Case, When

from renmai.kernel.access.rights import Scope
from renmai.kernel.access.shapes import WRITTEN
from renmai.kernel.access.sharing import NOT_BY_SHARE
from renmai.kernel.access.visible import openings
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def open_verbs(user: User, record: Record, verbs: Iterable[str]) -> set[str]:
    """Those of the verbs that are open to ``user`` for a record, in one query at most."""
    model, slug = type(record), registry.of(record).slug
    scopes = {verb: user.access.scope(slug, verb) for verb in verbs}
    found = {verb for verb, scope in scopes.items() if scope.level == "all"}
    alike: dict[Any, list[str]] = {}
    for verb in sorted(scopes.keys() - found):
        alike.setdefault(_alike(user, slug, verb, scopes[verb]), []).append(verb)
    ways = [(verbs, way) for verbs in alike.values() if (way := openings(user, model, verbs[0]))]
    if ways:
        tests = {f"open_{number}": Case(When(reduce(or_, way), then=True), default=False) for number, (_verbs, way) in enumerate(ways)}
        told = model.objects.filter(pk=record.pk).annotate(**tests).values_list(*tests).first() or ()
        found |= {verb for (verbs, _way), holds in zip(ways, told, strict=False) if holds for verb in verbs}
    return found


def _alike(user: User, slug: str, verb: str, scope: Scope) -> Any:
    """The same for verbs that the same doors open."""
    kind = registry[slug]
    if kind.own_doors(user, verb) is not None or kind.further_ways(user, verb):
        return verb
    return scope, verb == "view", verb in NOT_BY_SHARE, verb in WRITTEN, user.access.reaches(slug, verb)
