"""Records that are there already: looked up by their keys, weighed, and told to whom they may be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from renmai.kernel.access.reading import seeing_all
from renmai.kernel.criteria import Reader, matches, stored, to_q
from renmai.kernel.matching.model import Pair, Verdict
from renmai.kernel.matching.portrait import Portrait, keys_of, portrait
from renmai.kernel.matching.rule import Rule, across
from renmai.kernel.matching.weigh import Weighed, weigh
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

MOST_PER_KEY = 25  # what many have in common tells nothing
AT_ONCE = 5_000
FIND = """
SELECT asked.key, found.id FROM unnest(%s::text[]) AS asked(key),
LATERAL (SELECT id FROM {table} WHERE deleted_at IS NULL AND match_keys IS NOT NULL AND match_keys @> ARRAY[asked.key] LIMIT %s) AS found
"""


@dataclass(frozen=True)
class Twin:
    """A record, or a draft that stands before, that may be the same.

    Attributes:
        record: the stored record; None for a draft.
        draft: place of the draft among those that were given; None for a stored record.
    """

    weighed: Weighed
    record: Record | None = None
    draft: int | None = None


def duplicates_of(kind: RecordType, drafts: Sequence[Record], *, known: Iterable[UUID] = ()) -> list[list[Twin]]:
    """What may be the same as each of some records, the likeliest first: stored ones, and drafts that stand before it in the list.

    All of them are looked for in two queries for every few thousand keys, with nobody's rights: who may be told what is for the caller.

    Args:
        drafts: settled records, as ``build`` gives them or as they are stored: their keys are set.
        known: ids that are not looked for besides those of the drafts.

    Returns:
        One list per draft, empty where nothing reaches the rule's probability or no rule applies.
    """
    rule = kind.duplicates
    if rule is None or not drafts:
        return [[] for _draft in drafts]
    asked = [
        Asked(portrait(kind, rule, draft), draft.__dict__.get("match_keys") or []) if is_meant else Asked()
        for draft, is_meant in zip(drafts, _meant(kind, rule, drafts), strict=True)
    ]
    return _Search(kind, rule, asked, set(known) | {draft.pk for draft in drafts}).twins()


def known_elsewhere(kind: RecordType, drafts: Sequence[Record]) -> list[list[Twin]]:
    """The records of other types, at which the rule also looks, that are the same as each of some, the likeliest of a type first."""
    rule = kind.duplicates
    found: list[list[Twin]] = [[] for _draft in drafts]
    if rule is None or not drafts:
        return found
    meant = _meant(kind, rule, drafts)
    for slug in rule.also:
        other = registry.get(slug)
        if other is None or other.duplicates is None:
            continue
        theirs = across(rule, other.duplicates)
        asked = [
            Asked(portrait(kind, theirs, draft), keys_of(kind, theirs, draft)) if is_meant else Asked()
            for draft, is_meant in zip(drafts, meant, strict=True)
        ]
        for own, twins in zip(found, _Search(other, other.duplicates, asked, set(), is_across=True).twins(), strict=True):
            own += twins
    return found


def _meant(kind: RecordType, rule: Rule, drafts: Sequence[Record]) -> list[bool]:
    """To which of some records a rule applies; a rule of the company looks at all."""
    if not rule.criteria:
        return [True for _draft in drafts]
    criteria, reader = stored(rule.criteria, kind), Reader()
    return [matches(criteria, draft, reader) for draft in drafts]


class Asked(NamedTuple):
    """A draft as it is looked for; one to which the rule does not apply has no keys."""

    portrait: Portrait = ()
    keys: Sequence[str] = ()


class _Search:
    """Looking for the twins of some drafts among the records of a type; drafts of another type are no twins of each other."""

    def __init__(self, kind: RecordType, rule: Rule, asked: Sequence[Asked], left_out: set[UUID], *, is_across: bool = False) -> None:
        self.kind, self.rule, self.asked, self.left_out, self.is_across = kind, rule, asked, left_out, is_across

    def twins(self) -> list[list[Twin]]:
        """One list per draft."""
        with seeing_all():
            return self._twins()

    def _twins(self) -> list[list[Twin]]:
        holders = self._holders()
        records = self._records({key for keys in holders.values() for key in keys})
        portraits = {key: portrait(self.kind, self.rule, record) for key, record in records.items()}
        before: dict[str, list[int]] = defaultdict(list)
        found: list[list[Twin]] = []
        for place, (drawn, keys) in enumerate(self.asked):
            twins: list[Twin] = []
            for other in dict.fromkeys(key for own in keys for key in holders.get(own, ()) if key in records):
                self._take(twins, weigh(self.rule, drawn, portraits[other], across=self.is_across), record=records[other])
            for earlier in dict.fromkeys(index for own in keys for index in before[own]):
                self._take(twins, weigh(self.rule, drawn, self.asked[earlier].portrait), draft=earlier)
            for own in keys if not self.is_across else ():
                if len(before[own]) < MOST_PER_KEY:
                    before[own].append(place)
            found.append(sorted(twins, key=lambda twin: -twin.weighed.probability))
        return found

    def _take(self, twins: list[Twin], weighed: Weighed, **what: Any) -> None:
        if weighed.probability * 100 >= self.rule.warn_from:
            twins.append(Twin(weighed, **what))

    def _holders(self) -> dict[str, list[UUID]]:
        """Which records have which of the keys."""
        keys = list(dict.fromkeys(key for one in self.asked for key in one.keys))
        found: dict[str, list[UUID]] = defaultdict(list)
        sql = FIND.format(table=self.kind.model._meta.db_table)
        for start in range(0, len(keys), AT_ONCE):
            with connection.cursor() as cursor:
                cursor.execute(sql, [keys[start : start + AT_ONCE], MOST_PER_KEY])
                for key, holder in cursor.fetchall():
                    found[key].append(holder)
        return found

    def _records(self, keys: set[UUID]) -> dict[UUID, Record]:
        """Those of the records to which the rule applies."""
        wanted = keys - self.left_out
        applies = to_q(stored(self.rule.criteria, self.kind), Reader()) if self.rule.criteria else Q()
        return self.kind.model.objects.live().filter(applies).in_bulk(wanted) if wanted else {}


def twins_of(kind: RecordType, record: Record) -> list[Twin]:
    """What may be the same as one record, settled or stored, without those that somebody said are not."""
    twins = duplicates_of(kind, [record])[0]
    if not twins or record._state.adding:
        return twins
    apart = not_the_same(kind, record.pk)
    return [twin for twin in twins if twin.record is not None and twin.record.pk not in apart]


def not_the_same(kind: RecordType, key: UUID) -> set[UUID]:
    """The records of which somebody has said that they are not the same as this one."""
    pairs = Pair.objects.filter(Q(one=key) | Q(other=key), type=kind.slug, verdict=Verdict.DIFFERENT)
    return {found for pair in pairs.values_list("one", "other") for found in pair if found != key}
