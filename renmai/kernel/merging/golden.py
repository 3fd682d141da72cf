"""The golden record: where each value comes from, what the records that were merged say, and which value is the best."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.history.deeds import as_plain, stored
from renmai.kernel.history.model import History
from renmai.kernel.merging.cells import SLASH
from renmai.kernel.merging.fields import Fields, Giving, held, hold
from renmai.kernel.merging.model import Merge
from renmai.kernel.merging.noting import one_change_set
from renmai.kernel.merging.rule import Best, SurvivorRule
from renmai.kernel.records.custom import CustomSpec
from renmai.kernel.records.store import save
from renmai.kernel.transfer.model import ChangeSet

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

TAKING = {"merge", "unmerge", "recompute"}
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Origin:
    """Who wrote a value, when, and in which way.

    Attributes:
        way: ``people``, ``api``, ``import`` or ``renmai``.
        name: of the person, of the token and its person, or of the file.
        is_taken: a merge, the way back or the rules wrote it: the value is that of another one.
    """

    at: dt.datetime
    way: str
    name: str
    reason: str = ""
    is_taken: bool = False

    def rank(self, trust: Sequence[str]) -> int:
        """Its place in an order of trust; behind all where it is not named."""
        name = self.name.casefold()
        return next((place for place, word in enumerate(trust) if word == self.way or word in name), len(trust))


@dataclass(frozen=True)
class Said:
    """A record that says something about the customer: the survivor as it is, as it was before, or one that was merged into it."""

    record: Record
    origins: dict[str, Origin]
    merge: Merge | None = None
    before: bool = False

    def origin(self, name: str) -> Origin | None:
        """Where its value of a field comes from: the last change of it, or the making of the record."""
        return self.origins.get(name) or self.origins.get("")


class Origins:
    """Reads from the history who wrote what, for several records in one query."""

    def __init__(self, keys: Sequence[UUID]) -> None:
        self.rows = list(History.objects.filter(record_id__in=keys, part="").order_by("id"))
        self.people = dict(User.objects.filter(pk__in={row.by_id for row in self.rows}).values_list("pk", "title"))
        sets = ChangeSet.objects.filter(pk__in={row.change_set for row in self.rows if row.change_set})
        self.sets = {one.pk: one for one in sets}

    def of(self, key: UUID, until: dt.datetime | None = None) -> dict[str, Origin]:
        """Field → origin; under the empty name that of the record itself.

        Args:
            until: what was written from then on does not count.
        """
        found: dict[str, Origin] = {}
        for row in self.rows:
            if row.record_id == key and (until is None or row.at < until):
                origin = self._origin(row)
                found |= dict.fromkeys(["", *(row.changes or {})] if row.operation == "I" else row.changes or {}, origin)
        return found

    def _origin(self, row: History) -> Origin:
        made = self.sets.get(row.change_set)
        if made is not None and "action" not in made.map:
            return Origin(row.at, "import", str(made.name), row.reason or "")
        taken = made is not None and made.map.get("action") in TAKING
        way = "api" if row.through else "people" if row.by_id else "renmai"
        name = self.people.get(row.by_id, "Renmai")
        return Origin(row.at, way, f"{row.through} · {name}" if row.through else name, row.reason or "", taken)


class Golden:
    """One customer with all that is said about it.

    Attributes:
        said: the record as it is first, then as it was before the first merge, then those that were merged into it.
    """

    def __init__(self, kind: RecordType, record: Record, by: User | None) -> None:
        self.kind, self.record, self.by = kind, record, by
        self.merges = Merge.below(record.pk)
        others = {one.pk: one for one in kind.model.objects.filter(pk__in=[merge.absorbed_id for merge in self.merges])}
        origins = Origins([record.pk, *others])
        self.said = [Said(record, origins.of(record.pk))]
        own = [merge for merge in self.merges if merge.survivor_id == record.pk]
        if own:
            self.said.append(Said(self._before(own), origins.of(record.pk, own[0].at), before=True))
        self.said += [Said(others[merge.absorbed_id], origins.of(merge.absorbed_id, merge.at), merge) for merge in self.merges]

    def _before(self, own: Sequence[Merge]) -> Record:
        """The record as it was before anything was merged into it."""
        found = copy(self.record)
        for merge in reversed(own):
            for name, (was, _became) in merge.cells.items():
                spec = self.kind.fields.get(name)
                if SLASH not in name and spec is not None:
                    hold(found, spec, as_plain(was) if isinstance(spec, CustomSpec) else stored(self.kind, name, was))
        return found

    @cached_property
    def fields(self) -> Fields:
        """The fields that the person may deal with."""
        return Fields(self.kind, self.by, tuple(one.record for one in self.said))

    def source(self, name: str) -> tuple[Said, Origin | None]:
        """Who said the value that the record holds, and how it came to be written there."""
        now = self.said[0]
        origin = now.origin(name)
        if origin is not None and origin.is_taken:
            spec = self.kind.fields[name]
            for one in self.said[1:]:
                if held(one.record, spec) == held(self.record, spec):
                    return one, one.origin(name)
        return now, origin

    def voices(self) -> list[Said]:
        """Everything that is said; what the record took over counts as said by whom it was taken from."""
        now, *others = self.said
        taken = {name: origin for name in now.origins if name in self.kind.fields and (origin := self.source(name)[1])}
        return [Said(now.record, now.origins | taken), *others]


def rules_of(kind: RecordType) -> dict[str, SurvivorRule]:
    """The rules of a type by field; the one for all others under the empty name."""
    return {rule.field: rule for rule in SurvivorRule.objects.live().filter(record_type=kind.slug)}


def best(fields: Fields, name: str, said: Sequence[Said], rule: SurvivorRule) -> Said | None:
    """Of those that say something about a field, the one whose value survives; of equals the first."""
    spec = fields.kind.fields[name]
    filled = [one for one in said if fields.is_filled(one.record, name)]
    if not filled or spec.kind == "lines":
        return filled[0] if filled else None
    values = [str(held(one.record, spec)) for one in filled]
    if rule.best == Best.LONGEST:
        marks: list[Any] = [len(value) for value in values]
    elif rule.best == Best.FREQUENT:
        counts = Counter(values)
        marks = [counts[value] for value in values]
    else:
        origins = [one.origin(name) for one in filled]
        times = [origin.at if origin else NEVER for origin in origins]
        trust = rule.trust() if rule.best == Best.TRUSTED else []
        marks = [(-origin.rank(trust) if origin else -len(trust), at) for origin, at in zip(origins, times, strict=True)]
    return filled[marks.index(max(marks))]


def proposed(fields: Fields) -> dict[str, UUID]:
    """Per field the record whose value is proposed when records are merged: by the company's rules, else the first that is filled."""
    found, rules = fields.propose(), rules_of(fields.kind)
    if not rules:
        return found
    origins = Origins([record.pk for record in fields.records])
    said = [Said(record, origins.of(record.pk)) for record in fields.records]
    for name in found:
        rule = rules.get(name) or rules.get("")
        chosen = best(fields, name, said, rule) if rule else None
        if chosen is not None:
            found[name] = chosen.record.pk
    return found


def recompute(kind: RecordType, record: Record, by: User | None) -> list[str]:
    """Give a locked record the best of what is said about it, by the company's rules.

    Returns:
        Names of the fields whose rule chose another value.
    """
    golden, rules, now = Golden(kind, record, by), rules_of(kind), copy(record)
    said, chosen, changed = golden.voices(), list[str](), set[str]()
    for name in golden.fields.chosen:
        rule = rules.get(name) or rules.get("")
        found = best(golden.fields, name, said, rule) if rule else None
        if (
            found is not None
            and kind.fields[name].kind != "lines"
            and held(found.record, kind.fields[name]) != held(now, kind.fields[name])
        ):
            giving = Giving(golden.fields, record, found.record, [name], by)
            giving.take()
            changed |= giving.changed
            chosen.append(name)
    if chosen:
        with one_change_set(kind, "recompute", _("Best values chosen: “%(title)s”") % {"title": record.title}, [record], by):
            save(kind, record, by, changed)
    return chosen
