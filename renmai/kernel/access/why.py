"""Why somebody sees a record, and what else would have to be so: answered by the conditions that lists are made with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Q, Value, When

from renmai.kernel.access.rights import MAKES, VERBS, Access
from renmai.kernel.access.shapes import FIELD_LEVELS, LEVELS
from renmai.kernel.access.user import Role, Share
from renmai.kernel.access.visible import Way, by_level, ways
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@dataclass(frozen=True)
class Door:
    """A way in that is open.

    Attributes:
        way: which.
        roles: those that open it; none for what a share opens.
        shares: those that open it.
    """

    way: Way
    roles: list[Role] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)


@dataclass(frozen=True)
class FieldRight:
    """A field that is not open in full, and the roles that say so."""

    name: str
    level: str
    roles: list[Role]


@dataclass(frozen=True)
class Answer:
    """Why a person sees a record, or what would open it.

    Attributes:
        open: the doors that are open.
        is_open_to_all: everybody sees all records of the type.
        level: the least level of a role that would open it, where none is open.
        may: verb → whether the person may do it.
        fields: those that are hidden, or only to be read.
    """

    person: User
    record: Record
    open: list[Door]
    is_open_to_all: bool
    level: str
    may: dict[str, bool]
    fields: list[FieldRight]

    @property
    def sees(self) -> bool:
        """Some door is open."""
        return self.may["view"]

    @property
    def would_open(self) -> list[str]:
        """What would: ``active``, ``role:<level>``, ``team`` (a place in the record's team), ``share``."""
        if self.sees:
            return []
        if not self.person.is_active:
            return ["active"]
        return [f"role:{self.level}", *(["team"] if self._would_as_colleague else []), "share"]

    @property
    def _would_as_colleague(self) -> bool:
        reach = self.person.access.scope(registry.of(self.record).slug, "view").level
        return reach in {"team", "branch"} and self.record.team_id is not None and self.record.team_id != self.person.team_id


def why(record: Record, person: User) -> Answer:
    """Everything that opens a record to a person, in one question to the database.

    Args:
        record: living or in the recycle bin.
        person: whose rights count.
    """
    kind = registry.of(record)
    verbs = verbs_of(kind)
    found = ways(person, kind.model)
    steps = [level for level in LEVELS[1:-1] if person.is_active]
    conditions = [way.rows for way in found]
    conditions += [_any(way.rows for way in ways(person, kind.model, verb)) for verb in verbs]
    conditions += [_any(way.rows for way in by_level(person, kind, level)) for level in steps]
    told = iter(_met(record, conditions))
    opened = [way for way in found if next(told)]
    may = {verb: next(told) for verb in verbs}
    may = {verb: is_open and may["view"] for verb, is_open in may.items()}
    level = next((level for level in steps if next(told)), "all")
    doors = [_door(way, record, person) for way in opened]
    return Answer(person, record, doors, person.access.is_open(kind.slug, "view"), level, may, fields_of(kind, person.access))


def verbs_of(kind: RecordType) -> list[str]:
    """The verbs that can be done to one record of a type."""
    named = [verb for verb in VERBS if verb not in MAKES] + [action.may for action in kind.all_actions]
    return list(dict.fromkeys(named))


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=[]))


def _met(record: Record, conditions: list[Q]) -> list[bool]:
    """Which of the conditions the record meets."""
    cases = {f"met_{place}": Case(When(condition, then=Value(True)), default=Value(False)) for place, condition in enumerate(conditions)}
    rows = type(record)._base_manager.filter(pk=record.pk).annotate(**cases)
    return list(rows.values_list(*cases).get())


def _door(way: Way, record: Record, person: User) -> Door:
    slug = registry.of(record).slug
    if way.name in {"shared", "related"}:
        return Door(way, shares=_shares(way, record, person))
    return Door(way, roles=[role for role, grant in person.access.grants(slug, "view") if _opens(way, grant, person)])


def _opens(way: Way, grant: Any, person: User) -> bool:
    """Whether what a role grants is behind a way in."""
    if isinstance(grant, dict):
        return way.name == "rule" and json.dumps(grant.get("criteria", {}), sort_keys=True) == way.by
    if way.words:
        return False
    if way.name == "all" or grant not in LEVELS:
        return bool(grant == "all")
    team = person.access.territories.get(way.by) if way.name == "territory" else way.by
    needed = "own" if way.name == "own" else "team" if team == person.team_id else "branch"
    return way.name != "rule" and LEVELS.index(str(grant)) >= LEVELS.index(needed)


def _shares(way: Way, record: Record, person: User) -> list[Share]:
    """The shares behind a way in: of the record, or of what it links to."""
    party = {way.by: person.pk if way.by == "user" else person.team_id}
    found = Share.open().filter(**party).select_related("created_by", "team", "user")
    if way.name == "shared":
        return list(found.filter(record_id=record.pk))
    return list(found.filter(relations=True, record_id__in=_linked(record)))


def _linked(record: Record) -> set[Any]:
    from renmai.kernel.records.about import About

    kind = registry.of(record)
    keys = {getattr(record, spec.field.attname) for spec in kind.of_kind("link") if spec.editable and spec.name not in {"owner", "team"}}
    return keys | set(About.objects.filter(source_id=record.pk).values_list("target_id", flat=True))


def fields_of(kind: RecordType, access: Access) -> list[FieldRight]:
    """The fields of a type that are not open in full to a person."""
    names = {name for role in access.roles for name in role.fields.get(kind.slug, {}) if name in kind.fields}
    found = []
    for name in sorted(names):
        level = access.field(kind.slug, name)
        if level != FIELD_LEVELS[-1]:
            found.append(FieldRight(name, level, [role for role in access.roles if role.fields.get(kind.slug, {}).get(name) == level]))
    return found
