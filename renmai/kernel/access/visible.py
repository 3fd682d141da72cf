"""Which rows a person's roles, territories and shares open: as disjoint doors, each of which an index walks along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from renmai.kernel.access.shapes import WRITTEN
from renmai.kernel.access.sharing import NOT_BY_SHARE, open_ids
from renmai.kernel.access.territory.model import Territorial
from renmai.kernel.records.about import About
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@dataclass(frozen=True)
class Way:
    """One way in.

    Attributes:
        name: ``all``, ``own``, ``team`` (one's own, or of one's branch), ``territory``, ``shared`` (with the person or their team),
            ``related`` (to something shared) or ``rule``.
        rows: the condition; a row may meet those of several ways.
        by: id of the team or territory, name of the share's column, or the rule's criteria as JSON.
    """

    name: str
    rows: Q
    by: Any = None


def doors(user: User, model: type[Record], verb: str = "view") -> list[Q]:
    """The conditions under which ``user`` may do ``verb`` to a row; no row passes two of them.

    Args:
        user: whose rights count.
        model: the noun.
        verb: ``view``, ``edit``, ``delete``, ``export`` or an action's name.

    Returns:
        No door, one empty condition (every row), or one per way in.
    """
    found: list[Q] = []
    passed = Q()
    teams: list[Any] = []
    for way in ways(user, model, verb):
        # Teams keep each other out by themselves: to say so again would only cost the planner time.
        before = Q(owner=user.pk) if way.name == "team" else passed
        found.append(way.rows & ~before if before else way.rows)
        teams += [way.by] if way.name == "team" else []
        passed = Q(owner=user.pk) | Q(team__in=teams) if way.name == "team" else passed | way.rows
    return found


def ways(user: User, model: type[Record], verb: str = "view") -> list[Way]:
    """Every way in that a person's rights, territories and shares make; see ``doors`` for the arguments."""
    kind = registry.of(model)
    if (kind.acted and verb in WRITTEN) or not (user.is_active and user.access.reaches(kind.slug, verb)):
        return []
    opened = kind.own_doors(user, verb)
    if opened is not None:
        return [Way("own" if place == 0 else "shared", rows, "team") for place, rows in enumerate(opened)]
    scope = user.access.scope(kind.slug, verb)
    if scope.level == "all":
        return [Way("all", Q(pk__isnull=False))]
    return [*by_level(user, kind, scope.level), *_by_share(user, kind, verb), *_by_rule(user, kind, scope.criteria)]


def by_level(user: User, kind: RecordType, level: str) -> Iterator[Way]:
    """The ways in that a level opens."""
    if level == "none":
        return
    yield Way("own", Q(owner=user.pk))
    if level == "own" or not user.team_id:
        return
    teams = [user.team_id] if level == "team" else user.access.branch
    for team in teams:
        yield Way("team", Q(team=team), team)
    if issubclass(kind.model, Territorial):
        for territory, team in user.access.territories.items():
            if team in teams:
                yield Way("territory", Q(territory=territory), territory)


def _by_share(user: User, kind: RecordType, verb: str) -> Iterator[Way]:
    if verb in NOT_BY_SHARE:
        return
    for slug, shared in user.access.shared.items():
        for party in shared.parties if slug == kind.slug else ():
            yield Way("shared", Q(pk__in=open_ids(user, slug, party, verb)), party)
        for party in shared.with_relations:
            ids = open_ids(user, slug, party, verb).filter(relations=True)
            yield from (Way("related", rows, party) for rows in _related(kind, slug, ids))


def _related(kind: RecordType, slug: str, ids: Any) -> Iterator[Q]:
    """What links to the shared records, or is about them."""
    for spec in kind.of_kind("link"):
        if spec.target == slug and spec.editable and spec.name not in {"owner", "team"}:
            yield Q(**{f"{spec.column}__in": ids})
    if kind.of_kind("abouts"):
        yield Q(Exists(About.objects.filter(source_id=OuterRef("pk"), target_type=slug, target_id__in=ids)))


def _by_rule(user: User, kind: RecordType, texts: tuple[str, ...]) -> Iterator[Way]:
    for text in texts:
        yield Way("rule", user.access.rule(kind.slug, text), text)
