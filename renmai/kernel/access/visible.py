"""Which rows a person's roles and shares open: as disjoint doors, each of which an index walks along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def doors(user: User, model: type[Record], verb: str = "view") -> list[Q]:
    """The conditions under which ``user`` may do ``verb`` to a row; no row passes two of them.

    Args:
        user: whose rights count.
        model: the noun.
        verb: ``view``, ``edit``, ``delete``, ``export`` or an action's name.

    Returns:
        No door, one empty condition (every row), or one per way in.
    """
    slug = registry.of(model).slug
    scope = user.access.scope(slug, verb)
    if scope.level == "all":
        return [Q(pk__isnull=False)]
    plain = _plain_doors(user, scope.level)
    inside = Q()
    for door in plain:
        inside |= door
    others = [user.access.rule(slug, text) for text in scope.criteria] + _shared_door(user, slug, verb)
    found = list(plain)
    for door in others:
        found.append(door & ~inside if inside else door)
        inside |= door
    return found


def _plain_doors(user: User, level: str) -> list[Q]:
    if level == "none":
        return []
    own = Q(owner=user.pk)
    teams = {"own": [], "team": [user.team_id] if user.team_id else [], "branch": user.access.branch}[level]
    return [own, *(Q(team=team) & ~Q(owner=user.pk) for team in teams)]


def _shared_door(user: User, slug: str, verb: str) -> list[Q]:
    verbs = {"view": {"view", "edit"}, "export": set(), "delete": set()}.get(verb, {"edit"})
    ids = [key for key, may in user.access.shares.get(slug, []) if may in verbs]
    return [Q(pk__in=ids)] if ids else []
