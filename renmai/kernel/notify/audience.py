"""Who hears of a fact, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from renmai.kernel.access.user import User
from renmai.kernel.facts.model import FactAbout
from renmai.kernel.following.marks import following_ids
from renmai.kernel.following.model import Follow
from renmai.kernel.notify.model import Reason
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.facts.model import Fact
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType


@dataclass(frozen=True)
class Told:
    """What a fact is about: its main record, and every record on whose timeline it stands."""

    kind: RecordType
    main: Record
    records: list[Record]
    people: list[UUID]


def told(fact: Fact) -> Told | None:
    """What a fact is about, read once; None where its main record is gone."""
    keys: dict[str, list[UUID]] = defaultdict(list)
    marks = list(FactAbout.objects.filter(fact=fact).order_by("position"))
    for mark in marks:
        keys[mark.type].append(mark.record_id)
    found: dict[UUID, Record] = {}
    for slug, wanted in keys.items():
        kind = registry.get(slug)
        if kind is not None and slug != "users":
            found |= {record.pk: record for record in kind.model.objects.live().filter(pk__in=wanted)}
    if not marks or marks[0].record_id not in found:
        return None
    return Told(registry[marks[0].type], found[marks[0].record_id], list(found.values()), keys.get("users", []))


def reasons(fact: Fact, about: Told) -> dict[Any, Reason]:
    """Ids of the people whom a fact concerns, each with the strongest reason; not who did it."""
    found: dict[Any, Reason] = {}
    for reason, keys in _by_reason(fact, about):
        for key in keys:
            if key is not None and key != fact.by_id:
                found.setdefault(key, reason)
    return found


def _by_reason(fact: Fact, about: Told) -> list[tuple[Reason, list[Any]]]:
    follows: dict[UUID, list[Follow]] = defaultdict(list)
    for mark in Follow.objects.filter(record_id__in=[record.pk for record in about.records]):
        follows[mark.record_id].append(mark)
    hearing = [key for record in about.records for key in following_ids(record.owner_id, follows[record.pk])]
    owners = {record.owner_id for record in about.records} & set(hearing)
    return [
        (Reason.MENTIONED, [UUID(key) for key in fact.data.get("mentions", [])]),
        (Reason.ASSIGNED, [*about.people, *_given_to(fact, about)]),
        (Reason.OWNED, [key for key in hearing if key in owners]),
        (Reason.FOLLOWED, hearing),
    ]


def _given_to(fact: Fact, about: Told) -> list[Any]:
    """People to whom the fact gives its record: as owner, or in another field that names one."""
    verb, names = fact.kind.partition(".")[2], set(fact.data.get("fields", []))
    named = [spec for spec in about.kind.of_kind("link") if spec.target == "users" and spec.editable]
    given = [spec for spec in named if verb == "created" or spec.name in names or (verb == "assigned" and spec.name == "owner")]
    return [getattr(about.main, spec.field.attname) for spec in given]


def hearers(fact: Fact, about: Told) -> list[tuple[User, Reason]]:
    """People who can sign in, may see the main record, and are concerned."""
    wanted = reasons(fact, about)
    people = User.objects.live().filter(pk__in=wanted, active=True).exclude(email="")
    rows = about.kind.model.objects
    return [(user, wanted[user.pk]) for user in people if rows.visible_to(user).filter(pk=about.main.pk).exists()]
