"""Which rows a person's roles, territories and shares open: as disjoint doors, each of which an index walks along."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from renmai.kernel.access.shapes import WRITTEN
from renmai.kernel.access.sharing import NOT_BY_SHARE, open_shares
from renmai.kernel.access.territory.model import Territorial
from renmai.kernel.records.about import About
from renmai.kernel.records.prepared import is_constant
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import Share, User
    from renmai.kernel.records.record import Record

SIDE_BY_SIDE = {"team", "territory"}  # a row lies in one of them at most


@dataclass(frozen=True)
class Way:
    """One way in.

    Attributes:
        name: ``all``, ``own``, ``team`` (one's own, or of one's branch), ``territory``, ``shared`` (with the person or their team),
            ``related`` (to something shared) or ``rule``.
        rows: the condition; a row may meet those of several ways.
        by: id of the team or territory, name of the share's column, or the rule's criteria as JSON.
        shares: what was shared, where that opens the way.
        told: all that ``rows`` depends on, where it holds a query.
        hides: names of the fields that whoever has no other way in does not see.
        words: of a way of the type's own, the sentence that tells why a person of some name sees a record.
    """

    name: str
    rows: Q
    by: Any = None
    shares: QuerySet[Share] | None = None
    told: Hashable = None
    hides: frozenset[str] = frozenset()
    words: Callable[[str], str] | None = None

    @property
    def mark(self) -> Hashable:
        """Ways with equal ones have the same condition; None where it may be another one the next time."""
        return self.told or (self.rows if is_constant(self.rows) else None)


@dataclass(frozen=True)
class Door:
    """A way in for the rows that came through none before it.

    Attributes:
        ways: what opens it: one way, or the teams or territories that lie side by side.
        passed: what the doors before it opened.
    """

    ways: tuple[Way, ...]
    passed: Q

    @property
    def rows(self) -> Q:
        """The condition of the rows that come through this door."""
        return either(self.ways) & self.others

    @property
    def others(self) -> Q:
        """The condition of the rows that came through none before."""
        return ~self.passed if self.passed else Q()

    @property
    def shares(self) -> QuerySet[Share] | None:
        """What was shared, where that opens it."""
        return self.ways[0].shares

    def apart(self) -> Iterator[Door]:
        """A door for each team or territory: an index holds the rows of each, newest first."""
        # They keep each other out by themselves: to say so again would only cost the planner time.
        return (Door((way,), self.passed) for way in self.ways)


def doors(user: User, model: type[Record], verb: str = "view") -> list[Door]:
    """The doors through which ``user`` may do ``verb``; no row passes two of them.

    Args:
        user: whose rights count.
        model: the noun.
        verb: ``view``, ``edit``, ``delete``, ``export`` or an action's name.

    Returns:
        No door, one that every row passes, or one per kind of way in.
    """
    found: list[Door] = []
    passed = Q()
    for together in _side_by_side(ways(user, model, verb)):
        found.append(Door(together, passed))
        passed |= either(together)
    return found


def openings(user: User, model: type[Record], verb: str = "view") -> list[Q]:
    """The conditions under which ``user`` may do ``verb`` to a row; a row may meet several. See ``doors`` for the arguments."""
    return [either(together) for together in _side_by_side(ways(user, model, verb))]


def _side_by_side(found: Sequence[Way]) -> Iterator[tuple[Way, ...]]:
    places = enumerate(found)
    for _name, together in groupby(places, key=lambda one: one[1].name if one[1].name in SIDE_BY_SIDE else one[0]):
        yield tuple(way for _place, way in together)


def either(found: Sequence[Way]) -> Q:
    """The condition of the rows that one of several ways opens."""
    if found and found[0].name in SIDE_BY_SIDE and len(found) > 1:
        return Q(**{f"{found[0].name}__in": [way.by for way in found]})
    return reduce(or_, (way.rows for way in found), Q())


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
    found = [*by_level(user, kind, scope.level), *_by_share(user, kind, verb), *_by_rule(user, kind, scope.criteria)]
    return [*found, *kind.further_ways(user, verb)]


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
    asked = (user.pk, user.team_id, kind.slug, verb)
    for slug, shared in user.access.shared.items():
        for party in shared.parties if slug == kind.slug else ():
            shares = open_shares(user, slug, party, verb)
            yield Way("shared", Q(pk__in=shares.values("record_id")), party, shares, (*asked, "shared", party))
        for party in shared.with_relations:
            ids = open_shares(user, slug, party, verb).filter(relations=True).values("record_id")
            related = enumerate(_related(kind, slug, ids))
            yield from (Way("related", rows, party, told=(*asked, slug, party, place)) for place, rows in related)


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
