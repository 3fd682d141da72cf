"""What a change of a role comes to, told before it is saved: what may be done, and who sees how many records."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.rights import VERBS, Access, granted, held_by
from renmai.kernel.access.roles.table import actions_of
from renmai.kernel.access.telling import rule_in_words
from renmai.kernel.access.user import Role, User
from renmai.kernel.access.visible import openings
from renmai.kernel.access.words import BY_RULE, CREATE_LEVELS, FIELD_LEVELS, LEVELS, role_name, verb_word
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.clean import linked
from renmai.kernel.records.counting import COUNT_CAP
from renmai.kernel.records.fields import Link
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui import show

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_HOLDERS = 50
EVERY = "*"


@dataclass(frozen=True)
class Seen:
    """How many records of a type are seen now and afterwards; up to ``COUNT_CAP``, beyond which they are not counted.

    Attributes:
        person: who sees them; None for everybody with the role together.
    """

    kind: RecordType
    person: User | None
    before: int
    after: int

    @property
    def text(self) -> str:
        """One sentence."""
        words = {"types": self.kind.label_plural, "before": _number(self.before), "after": _number(self.after)}
        if self.person is None:
            return _("%(types)s that everybody with the role sees, together: %(before)s now, %(after)s afterwards.") % words
        return _("%(types)s that %(name)s sees: %(before)s now, %(after)s afterwards.") % {**words, "name": self.person.title}


@dataclass(frozen=True)
class Difference:
    """What changes.

    Attributes:
        sentences: one per verb, field and rule of signing in.
        seen: by type whose records are seen otherwise afterwards, of the sample person and of everybody with the role.
        person: the sample, if there is one.
        holders: how many have the role.
    """

    sentences: list[str]
    seen: list[Seen]
    person: User | None
    holders: int

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        return {
            "sentences": self.sentences,
            "holders": self.holders,
            "seen": [
                {
                    "type": one.kind.slug,
                    "person": {"id": str(one.person.pk), "type": "users", "title": one.person.title} if one.person else None,
                    "before": one.before,
                    "after": one.after,
                    "text": one.text,
                }
                for one in self.seen
            ],
        }


PERSON = FieldSpec.of("person", Link("kernel.User", gettext_lazy("Show it for"), blank=True))


def sample(given: Any, by: User) -> User | None:
    """The person for whom a difference is shown.

    Raises:
        Invalid: there is no such person.
    """
    try:
        found: Any = linked(PERSON, given, by)
    except ValueError as problem:
        raise Invalid({"person": [str(problem)]}) from None
    return found  # type: ignore[no-any-return]


def difference(before: Role | None, after: Role, by: User, person: User | None = None) -> Difference:
    """What a role comes to after a change, beside what it comes to now; nothing is stored.

    Args:
        before: as it stands; None for a new one.
        after: as it would be.
        by: who reads the sentences.
        person: the sample; somebody who has the role, if nobody is named.
    """
    held = (
        []
        if before is None
        else list(User.objects.live().filter(active=True, roles__contains=[before.pk]).order_by("sort_key")[:MOST_HOLDERS])
    )
    sample = person or next(iter(held), None)
    old = before or Role(name=after.name)
    kinds = [kind for kind in registry.all() if _view(old, kind) != _view(after, kind)]
    people: list[tuple[User | None, Sequence[User]]] = [(sample, [sample])] if sample is not None else []
    people += [(None, held)] if len(held) > 1 else []
    seen = [_seen(kind, who, several, before, after) for kind in kinds for who, several in people]
    return Difference([*_verbs(old, after, by), *_fields(old, after), *_itself(old, after)], seen, sample, len(held))


def _view(role: Role, kind: RecordType) -> Any:
    governing = granted(role.rights, "roles", "edit") if kind.governs else None
    return "all" if kind.open_to_all else (granted(role.rights, kind.slug, "view"), governing)


def _seen(kind: RecordType, who: User | None, several: Sequence[User], before: Role | None, after: Role) -> Seen:
    now, then = ([_as_if(person, before, role) for person in several] for role in (before, after))
    return Seen(kind, who, _count(kind, now), _count(kind, then))


def _as_if(person: User, before: Role | None, role: Role | None) -> User:
    """The person as if they held a role in place of the one that stands."""
    others = [one for one in held_by(person) if before is None or one.pk != before.pk]
    made = copy.copy(person)
    made.__dict__.pop("access", None)
    made.access = Access(made, [*others, *([role] if role is not None and (role is not before or _holds(person, role)) else [])])
    return made


def _holds(person: User, role: Role) -> bool:
    return role.pk in {getattr(key, "pk", key) for key in person.roles}


def _count(kind: RecordType, people: Sequence[User]) -> int:
    ways = [opening for person in people for opening in openings(person, kind.model)]
    if not ways:
        return 0
    rows = kind.model.objects.live().filter(reduce(or_, ways, Q(pk__in=[])))
    return int(rows.order_by()[: COUNT_CAP + 1].count())


def _number(count: int) -> str:
    return _("more than %(number)s") % {"number": show.number(COUNT_CAP)} if count > COUNT_CAP else show.number(count)


def _verbs(before: Role, after: Role, by: User) -> Iterator[str]:
    """The verbs that reach further, or less far, than before."""
    for kind in registry.all():
        for verb in [*VERBS, *actions_of(kind)]:
            old, new = granted(before.rights, kind.slug, verb), granted(after.rights, kind.slug, verb)
            if old != new and not (verb == "view" and kind.open_to_all):
                words = {"types": capfirst(str(kind.label_plural)), "verb": verb_word(kind, verb)}
                levels = {"before": _level(kind, verb, old, by), "after": _level(kind, verb, new, by)}
                yield _("%(types)s – %(verb)s: %(after)s, before: %(before)s.") % {**words, **levels}


def _level(kind: RecordType, verb: str, grant: Any, by: User) -> str:
    if isinstance(grant, dict):
        return f"{BY_RULE} ({rule_in_words(grant.get('criteria'), kind, by)})"
    return str((CREATE_LEVELS if verb in {"create", "import"} else {}).get(grant) or LEVELS.get(grant, grant))


def _fields(before: Role, after: Role) -> Iterator[str]:
    """The fields that are opened or closed."""
    for kind in registry.all():
        old, new = before.fields.get(kind.slug, {}), after.fields.get(kind.slug, {})
        for name in sorted(set(old) | set(new)):
            was, will = old.get(name, "write"), new.get(name, "write")
            if was != will and name in kind.fields:
                words = {
                    "types": capfirst(str(kind.label_plural)),
                    "field": kind.fields[name].label,
                    "before": FIELD_LEVELS[was],
                    "after": FIELD_LEVELS[will],
                }
                yield _("%(types)s – field “%(field)s”: %(after)s, before: %(before)s.") % words


def _itself(before: Role, after: Role) -> Iterator[str]:
    """Its name, and what it asks of those who sign in."""
    if after.name != before.name:
        yield _("The role is called “%(after)s”, before: “%(before)s”.") % {"before": role_name(before.name), "after": after.name}
    if after.second_step and not before.second_step:
        yield _("Whoever has this role needs a second step to sign in from now on.")
    if before.second_step and not after.second_step:
        yield _("This role no longer asks for a second step to sign in.")
