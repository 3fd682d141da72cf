"""The statistics of a stretch: people below their teams, teams below those that they are part of."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from renmai.activity.agenda.asked import colleagues
from renmai.activity.statistics.counting import Counts, by_person, customers
from renmai.activity.statistics.measures import Measure, open_to
from renmai.activity.statistics.stretch import Stretch
from renmai.kernel.access.user import Team, User
from renmai.kernel.actions.errors import Missing
from renmai.kernel.records.ready import called

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

EVERYBODY = "all"
NONE = (0, 0)


@dataclass
class Line:
    """One row: a person, a team with all below it, or everybody.

    Attributes:
        depth: how far below the first team it stands.
        who: criteria of whose activities are counted.
        values: measure → in the stretch, and in the one before.
    """

    key: str
    title: str
    depth: int
    is_team: bool
    who: dict[str, Any]
    values: Counts = field(default_factory=dict)


@dataclass
class Statistics:
    """What people did in a stretch, as far as somebody may see it.

    Args:
        team: only this team and those below it.
    """

    by: User
    stretch: Stretch
    team: Team | None = None

    @cached_property
    def measures(self) -> list[Measure]:
        """What is counted."""
        return open_to(self.by)

    @cached_property
    def _teams(self) -> dict[Any, Team]:
        return {team.pk: team for team in Team.objects.live().order_by("sort_key", "id")}

    @cached_property
    def _counted(self) -> dict[UUID, Counts]:
        return by_person(self.measures, self.by, self.stretch)

    @cached_property
    def people(self) -> dict[UUID, User]:
        """Whoever did something, and the colleagues whose work the person may see."""
        found = {person.pk: person for person in self._expected()}
        strangers = self._counted.keys() - found.keys()
        found |= {person.pk: person for person in User.objects.filter(pk__in=strangers)}
        within = set(self._below(self.team.pk)) if self.team is not None else None
        return {key: person for key, person in found.items() if within is None or person.team_id in within}

    def _expected(self) -> list[User]:
        levels = {self.by.access.scope(measure.slug, "view").level for measure in self.measures}
        if "all" in levels:
            return colleagues(self.by)
        if "branch" in levels:
            return colleagues(self.by, self.by.access.branch)
        return colleagues(self.by, [self.by.team_id]) if "team" in levels and self.by.team_id else [self.by]

    def _below(self, team: Any) -> Iterator[Any]:
        """A team and all below it."""
        yield team
        for other in self._teams.values():
            if other.parent_id == team:
                yield from self._below(other.pk)

    def _above(self, team: Any) -> list[Any]:
        """A team and those that it is part of."""
        found: list[Any] = []
        while team in self._teams and team not in found:
            found.append(team)
            team = self._teams[team].parent_id
        return found

    @cached_property
    def groups(self) -> dict[UUID, list[str]]:
        """The keys of the lines in which each person counts."""
        return {key: [str(key), *(str(team) for team in self._above(person.team_id)), EVERYBODY] for key, person in self.people.items()}

    @cached_property
    def values(self) -> dict[str, Counts]:
        """Line → measure → how much."""
        found: dict[str, Counts] = defaultdict(dict)
        for measure in self.measures:
            counted = self._of(measure)
            for key, value in counted.items():
                found[key][measure.name] = value
        return found

    def _of(self, measure: Measure) -> dict[str, tuple[int, int]]:
        if measure.of_customers:
            return customers(measure, self.by, self.stretch, self.groups)
        found: dict[str, tuple[int, int]] = {}
        for person, keys in self.groups.items():
            now, before = self._counted.get(person, {}).get(measure.name, NONE)
            for key in keys:
                found[key] = (found.get(key, NONE)[0] + now, found.get(key, NONE)[1] + before)
        return found

    @cached_property
    def lines(self) -> list[Line]:
        """Teams and people in order, each team before what belongs to it; whoever has no team comes last."""
        shown = {team for person in self.people.values() for team in self._above(person.team_id)}
        if self.team is not None:
            shown &= set(self._below(self.team.pk))
        roots = [key for key in self._teams if key in shown and self._teams[key].parent_id not in shown]
        found = [line for root in roots for line in self._tree(root, 0, shown)]
        return [*found, *self._members(None if self.team is None else "", 0)]

    def _tree(self, team: Any, depth: int, shown: set[Any]) -> Iterator[Line]:
        below = [str(key) for key in self._below(team)]
        who = {"field": "assignee.team", "op": "in", "value": below}
        yield Line(str(team), called(self._teams[team]), depth, True, who, self.values.get(str(team), {}))
        yield from self._members(team, depth + 1)
        for key, other in self._teams.items():
            if other.parent_id == team and key in shown:
                yield from self._tree(key, depth + 1, shown)

    def _members(self, team: Any, depth: int) -> list[Line]:
        members = [person for person in self.people.values() if (person.team_id if person.team_id in self._teams else None) == team]
        ordered = sorted(members, key=lambda person: bytes(person.sort_key))
        return [Line(str(one.pk), str(one.title), depth, False, _is(one), self.values.get(str(one.pk), {})) for one in ordered]

    @cached_property
    def total(self) -> Line:
        """Everybody who is shown together."""
        if self.team is None:
            who: dict[str, Any] = {"field": "assignee", "op": "is_set"}
        else:
            who = {"field": "assignee.team", "op": "in", "value": [str(key) for key in self._below(self.team.pk)]}
        return Line(EVERYBODY, _("Total"), 0, True, who, self.values.get(EVERYBODY, {}))

    def address(self, line: Line, measure: Measure, stretch: Stretch | None = None) -> str:
        """The list of the rows behind a number."""
        within = stretch or self.stretch
        tree = measure.criteria(line.who, within.begins, within.ends)
        return f"{measure.shows.path()}?{urlencode({'filter': json.dumps(tree)})}"


def _is(person: Record) -> dict[str, Any]:
    return {"field": "assignee", "op": "eq", "value": str(person.pk)}


def team_of(key: str, by: User) -> Team | None:
    """The team of an address; None for all of them.

    Raises:
        Missing: there is none of that id.
    """
    if not key:
        return None
    try:
        found = Team.objects.visible_to(by).filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Missing(_("There is no such record."))
    return found
