"""What a person's roles add up to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from renmai.kernel.access.masks import Masked, masks_of
from renmai.kernel.access.shapes import FIELD_LEVELS, LEVELS, WRITTEN
from renmai.kernel.access.sharing import Shared, shared_with
from renmai.kernel.access.territory.model import Territory
from renmai.kernel.access.user import Role, branches
from renmai.kernel.records.prepared import GIVEN, ByKey, Prepared, prepared
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from django.db.models import Q

    from renmai.kernel.access.token import Reach
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

VERBS = ["view", "create", "edit", "delete", "export", "import", "access"]
MAKES = {"create", "import"}  # of which there is no record yet that could be seen
GOES_AS = {"import": "create", "access": "share"}
SETTINGS = ["users", "teams", "roles", "territories"]
CATALOGUE = ["products", "pipelines", "stages"]


def _closed(slugs: list[str]) -> dict[str, dict[str, str]]:
    return {slug: {"create": "none", "edit": "none", "delete": "none"} for slug in slugs}


READY_ROLES: dict[str, dict[str, Any]] = {
    "admin": {"*": {"*": "all"}},
    "manager": {
        "*": {"view": "branch", "create": "all", "edit": "branch", "delete": "branch", "export": "branch"},
        **_closed(SETTINGS),
    },
    "rep": {
        "*": {"view": "team", "create": "all", "edit": "own", "delete": "own", "export": "own"},
        **_closed(SETTINGS + CATALOGUE),
        "leads": {"override": "none"},
    },
}


@dataclass(frozen=True)
class Scope:
    """The widest level that some role gives, and the criteria that others give beside it."""

    level: str
    criteria: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Opens nothing."""
        return self.level == "none" and not self.criteria


def _is_by_hand(kind: RecordType) -> bool:
    """What rules how Renmai works is written one at a time, with a look at what it does, and never comes from a file."""
    return kind.governs or kind.acted or kind.slug == "roles"


def granted(rights: dict[str, Any], slug: str, verb: str) -> Any:
    """What one role says of a verb: the type's own words before those for every type.

    A verb that is not named goes as another: importing as ``create``, asking who sees a record as ``share``, an action as ``edit``.
    """
    words = _words(verb)
    for entry in (rights.get(slug, {}), rights.get("*", {})):
        for word in words:
            if word in entry:
                return entry[word]
    return "none"


def _words(verb: str) -> list[str]:
    found = [verb]
    while found[-1] in GOES_AS:
        found.append(GOES_AS[found[-1]])
    return [*found, *([] if found[-1] in VERBS else ["edit"]), "*"]


_roles = ByKey(lambda: Role.objects.all())


def _territories() -> Prepared[Territory]:
    """Key and team of the territories in force of some teams."""
    ours = Territory.in_force().filter(team__among=GIVEN).order_by().values_list("pk", "team_id")
    return prepared("territories", lambda: Prepared(ours))  # type: ignore[no-any-return]


def held_by(user: User) -> list[Role]:
    """The roles of a person."""
    return [role for role in _roles.of(user.roles) if role.deleted_at is None] if user.roles else []


class Access:
    """One person's rights, read from the database once."""

    def __init__(self, user: User, roles: Iterable[Role] | None = None) -> None:
        """``roles`` stand for those that the person has: what would they come to?"""
        self.user = user
        held = held_by(user) if roles is None else roles
        self.roles = sorted(held, key=lambda role: bytes(role.sort_key)) if user.is_active else []
        self._scopes: dict[tuple[str, str], Scope] = {}
        self._fields: dict[tuple[str, str], str] = {}
        self._rules: dict[tuple[str, str], Q] = {}
        self.reach: Reach | None = None
        self.through = ""  # the name of the token, for the history

    @cached_property
    def branch(self) -> list[Any]:
        """Ids of the person's team and of those below it."""
        return branches([self.user.team_id]) if self.user.team_id else []

    @cached_property
    def shared(self) -> dict[str, Shared]:
        """Of which types something was shared with the person or their team."""
        return shared_with(self.user) if self.user.is_active else {}

    @cached_property
    def territories(self) -> dict[Any, Any]:
        """The territories in force of the person's branch: id → team."""
        return dict(map(tuple, _territories().values(self.branch))) if self.branch else {}

    @cached_property
    def words(self) -> tuple[Any, ...]:
        """What the roles say of verbs: the same for all who may do the same."""
        return (self.user.is_active, *(repr(role.rights) for role in self.roles))

    @cached_property
    def masks(self) -> dict[str, Masked]:
        """The types of which the person does not see every field of every row, by their tables."""
        return masks_of(self.user)

    def read(self) -> None:
        """Read now what is otherwise read when it is first asked for."""
        _known = self.branch, self.shared, self.territories, self.masks

    @property
    def reach_told(self) -> dict[str, Any]:
        """How far the token reaches, as work in the background keeps it; empty where nothing is held back."""
        return self.reach.as_json() if self.reach is not None else {}

    @property
    def reach_types(self) -> list[str]:
        """Slugs of the types that the token opens; none where it opens all, or none is used."""
        return sorted(self.reach.types) if self.reach is not None else []

    @property
    def is_admin(self) -> bool:
        """May change who may do what."""
        return self.scope("roles", "edit").level == "all"

    def scope(self, slug: str, verb: str) -> Scope:
        """How far ``verb`` reaches in a type."""
        key = (slug, verb)
        if not self.reaches(slug, verb):
            return Scope("none")
        if key not in self._scopes:
            self._scopes[key] = self._add_up(slug, verb)
        return self._scopes[key]

    def reaches(self, slug: str, verb: str) -> bool:
        """Whether the token, if one is used, leaves a verb open at all."""
        return self.reach is None or self.reach.covers(slug, verb, is_open=self.is_open(slug, verb))

    def grants(self, slug: str, verb: str) -> list[tuple[Role, Any]]:
        """What each of the person's roles says of a verb: a level, or ``{"criteria": …}``."""
        return [(role, granted(role.rights, slug, verb)) for role in self.roles]

    def is_open(self, slug: str, verb: str) -> bool:
        """Everybody may do it, whatever the roles say."""
        kind = registry.get(slug)
        return verb == "view" and kind is not None and kind.open_to_all and self.user.is_active

    def _add_up(self, slug: str, verb: str) -> Scope:
        if self.is_open(slug, verb):
            return Scope("all")
        kind = registry.get(slug)
        if kind is not None and kind.governs and self._add_up("roles", "edit").level != "all":
            return Scope("none")
        if kind is not None and ((kind.acted and verb in WRITTEN) or (verb == "import" and _is_by_hand(kind))):
            return Scope("none")
        level, criteria = "none", []
        for _role, grant in self.grants(slug, verb):
            if isinstance(grant, dict):
                criteria.append(json.dumps(grant.get("criteria", {}), sort_keys=True))
            elif grant in LEVELS and LEVELS.index(grant) > LEVELS.index(level):
                level = grant
        return Scope(level, () if level == "all" else tuple(dict.fromkeys(criteria)))

    def rule(self, slug: str, text: str) -> Q:
        """The rows that a right by criteria opens, understood once per request.

        Args:
            text: the criteria as JSON.
        """
        from renmai.kernel.criteria import right

        if (slug, text) not in self._rules:
            self._rules[slug, text] = right(json.loads(text), registry[slug], self.user)
        return self._rules[slug, text]

    def field(self, slug: str, name: str) -> str:
        """``hidden``, ``read`` or ``write``: the most that any role allows."""
        key = (slug, name)
        if key not in self._fields:
            levels = [self._said(role, slug, name) for role in self.roles]
            level = max(levels, key=FIELD_LEVELS.index, default="write")
            level = "hidden" if any(self.field(*read) == "hidden" for read in registry.reads.get(key, ())) else level
            self._fields[key] = "read" if level == "write" and self._is_read_only(slug, name) else level
        return self._fields[key]

    def _is_read_only(self, slug: str, name: str) -> bool:
        """The person's layout lets nobody write the field."""
        kind = registry.get(slug)
        return kind is not None and bool(kind.layouts) and name in kind.arranged_for(self.roles).read_only

    @staticmethod
    def _said(role: Role, slug: str, name: str) -> str:
        """What one role says of a field; a list and the field that is its primary entry are closed together."""
        said: dict[str, str] = role.fields.get(slug, {})
        if not said:
            return "write"
        kind = registry.get(slug)
        names = [name, *([kind.twins[name]] if kind is not None and name in kind.twins else [])]
        return min((said.get(one, "write") for one in names), key=FIELD_LEVELS.index)

    @property
    def hides_fields(self) -> bool:
        """Some field of some type may not be seen by this person."""
        return any(self.field(slug, name) == "hidden" for role in self.roles for slug, names in role.fields.items() for name in names)

    def hidden(self, kind: RecordType) -> set[str]:
        """Names of the fields of a type that this person may not see."""
        named = {name for role in self.roles for name in role.fields.get(kind.slug, {})}
        named |= {kind.twins[name] for name in named if name in kind.twins}
        if any(role.fields for role in self.roles):  # what is worked out of a hidden field would tell it
            named |= {name for slug, name in registry.reads if slug == kind.slug}
        return {name for name in named if self.field(kind.slug, name) == "hidden"}

    def may(self, verb: str, subject: Any) -> bool:
        """Whether ``verb`` is open for a record, or in some measure for a type or slug."""
        if isinstance(subject, str):
            return self._may_some(subject, verb)
        if isinstance(subject, RecordType):
            return self._may_some(subject.slug, verb)
        return self._may_record(verb, subject)

    def _may_some(self, slug: str, verb: str) -> bool:
        """Whether a verb is open for some records of a type, by a role or by a way in of the type's own."""
        if not self.scope(slug, verb).is_empty:
            return True
        kind = registry.get(slug)
        return kind is not None and self.user.is_active and self.reaches(slug, verb) and bool(kind.further_ways(self.user, verb))

    def is_within_sight(self, model: type[Record], verb: str) -> bool:
        """Whether all that ``verb`` is open for is seen, too: nobody does anything to what they do not see."""
        kind = registry.of(model)
        if verb in MAKES | {"view"} or kind.own_doors(self.user, verb) is not None:
            return True
        seen, done = self.scope(kind.slug, "view"), self.scope(kind.slug, verb)
        reaches_less = LEVELS.index(done.level) <= LEVELS.index(seen.level) and set(done.criteria) <= set(seen.criteria)
        return seen.level == "all" or reaches_less

    def _may_record(self, verb: str, record: Any) -> bool:
        kind = registry.of(record)
        scope = self.scope(kind.slug, verb)
        if scope.level == "all" and kind.own_doors(self.user, verb) is None and self.is_within_sight(type(record), verb):
            return True
        if scope.is_empty and verb == "create":
            return False
        return bool(type(record).objects.visible_to(self.user, verb, deleted=record.deleted_at is not None).filter(pk=record.pk).exists())
