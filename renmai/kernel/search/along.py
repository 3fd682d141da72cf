"""Records found by what they belong to: people and their deals by the words of the company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Value

from renmai.kernel.access.prepared import seen_by
from renmai.kernel.records.prepared import GIVEN, Place, Prepared, together
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.search.asking import is_restricted, seen_to_answer
from renmai.kernel.search.terms import All, Term, every

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MOST = 50
MOST_WORDS = 5
REST: Any = Place()
Split = tuple[Term, Term | None]
Ids = dict[tuple[str, int], list[UUID]]


def along(kinds: Iterable[RecordType], asked: Term, by: User) -> dict[str, set[UUID]]:
    """Records that lie with one that answers a query, or with one that answers some of its words while they answer the others.

    Args:
        kinds: types to look in; one that lies with nothing finds nothing.
        asked: the query.
        by: who asks; neither what may not be seen nor a hidden link finds anything.

    Returns:
        Ids by the slug of their type, at most 50 for each way to divide the words.
    """
    shown = [kind for kind in kinds if kind.lies_with and kind.lies_with not in by.access.hidden(kind)]
    lying = {kind: str(kind.fields[kind.lies_with].target) for kind in shown}
    splits = list(_splits(asked.parts if isinstance(asked, All) else (asked,)))
    holders = _holders({registry[slug] for slug in lying.values()}, splits, by)
    parts = [
        (_held(kind, by, place, rest), {GIVEN: holders[slug, place], REST: str(rest)})
        for kind, slug in lying.items()
        for place, (_words, rest) in enumerate(splits)
        if (slug, place) in holders
    ]
    found: dict[str, set[UUID]] = defaultdict(set)
    for (slug, place), keys in _sorted(parts).items():
        found[slug] |= _answering(registry[slug], splits[place][1], by, keys)
    return found


def _splits(words: Sequence[Term]) -> Iterator[Split]:
    """All words for what it lies with, or the first or the last ones, each with the words that are left."""
    yield every(words), None
    for place in range(1, len(words)) if len(words) <= MOST_WORDS else ():
        yield every(words[:place]), every(words[place:])
        yield every(words[place:]), every(words[:place])


def _holders(kinds: Iterable[RecordType], splits: list[Split], by: User) -> Ids:
    """Ids of the records that answer the words of each split, by type and place of the split."""
    parts = [(_answers(kind, by, place), str(words)) for kind in kinds for place, (words, _rest) in enumerate(splits)]
    found = _sorted(parts).items()
    return {key: list(seen) for key, ids in found if (seen := _answering(registry[key[0]], splits[key[1]][0], by, ids))}


def _answers(kind: RecordType, by: User, place: int) -> Prepared[Any]:
    said = Value(kind.slug), Value(place), "pk"
    return seen_by(by, kind.model, ("answers", place), lambda rows: rows.filter(search__matches=GIVEN).order_by().values_list(*said)[:MOST])


def _held(kind: RecordType, by: User, place: int, rest: Term | None) -> Prepared[Any]:
    asked: dict[str, Any] = {f"{kind.lies_with}__among": GIVEN} | ({} if rest is None else {"search__matches": REST})
    said = Value(kind.slug), Value(place), "pk"
    mark = ("held", place, rest is None)
    return seen_by(by, kind.model, mark, lambda rows: rows.filter(**asked).order_by().values_list(*said)[:MOST])


def _sorted(parts: list[tuple[Prepared[Any], Any]]) -> Ids:
    found: Ids = defaultdict(list)
    for slug, place, key in together(parts):
        found[slug, place].append(key)
    return found


def _answering(kind: RecordType, words: Term | None, by: User, ids: list[UUID]) -> set[UUID]:
    """Those that answer by fields which the reader may see."""
    return set(ids) if words is None or not is_restricted(kind, by) else seen_to_answer(kind, words, by, ids)
