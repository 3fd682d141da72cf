"""One box over all types: candidates from the index, ranked in memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.functions import Cast, Extract

from renmai.kernel.access.prepared import seen_by
from renmai.kernel.following.marks import seen_lately
from renmai.kernel.locale.sorting import beginning
from renmai.kernel.records.indexed import search_fields
from renmai.kernel.records.prepared import AS_TEXT, GIVEN, Place, Prepared, together
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.search import pinyin
from renmai.kernel.search.alike import standing
from renmai.kernel.search.along import along
from renmai.kernel.search.asking import is_restricted, seen_to_answer
from renmai.kernel.search.beneath import beneath
from renmai.kernel.search.fold import HAN, fold
from renmai.kernel.search.highlight import Span, highlight
from renmai.kernel.search.text import PROSE, parse, parse_core, parse_mistyped
from renmai.kernel.search.typos import neighbours

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.search.terms import Term

CANDIDATES = 500
BEGUN = 50
FEW = 20
REMEMBERED = 5_000
FIRST: Any = Place()
END: Any = Place()
EXACT, BEGINNING, WORD, INSIDE, ELSEWHERE = range(5)

_NOT_LETTERS = re.compile(r"[\W_]+")
_HAN_ONLY = re.compile(rf"[{HAN}]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that answers a query.

    Attributes:
        type: slug of its type.
        id: its id.
        title: as it is shown.
        subtitle: the field that answered where the title does not show it, else the one that its type shows under the title; empty when
            there is none or the reader may not see it.
        is_alike: it is written a letter otherwise than what was typed.
    """

    type: str
    id: UUID
    title: str
    subtitle: str
    is_alike: bool = False

    @property
    def kind(self) -> RecordType:
        """Its record type."""
        return registry[self.type]

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/{self.type}/{self.id}/"

    def spans(self, text: str) -> list[Span]:
        """The title, split into what the query found and what it did not."""
        return highlight(self.title, text, is_mistyped=self.is_alike)

    def beneath(self, text: str) -> list[Span]:
        """The subtitle, split in the same way."""
        return highlight(self.subtitle, text)


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a query.

    Attributes:
        hits: the best records, the best first.
        counts: how many records of each type answer, by its slug; CANDIDATES stands for that many or more.
    """

    hits: list[Hit]
    counts: dict[str, int]

    @property
    def is_alike(self) -> bool:
        """Nothing is written as it was typed; these are written a letter otherwise."""
        return any(hit.is_alike for hit in self.hits)


@dataclass(frozen=True, slots=True)
class _Candidate:
    type: str
    id: str  # as text: of hundreds that are read, a few are shown
    title: str
    owner_id: str | None
    changed: int


def find(text: str, by: User, types: Iterable[str] | None = None, limit: int = 20) -> list[Hit]:
    """The best of what `look` finds."""
    return look(text, by, types, limit).hits


def look(text: str, by: User, types: Iterable[str] | None = None, limit: int = 20) -> Found:
    """The records that best answer what a person typed, of all types that person may see.

    At most 500 candidates of each type are ranked: the whole title first, then its beginning, the beginning of a word, the middle,
    and what was found in another field; among equals what the person looked at lately, then their own, then the newest. Only when there
    are none, those are found that are written a letter otherwise.

    Args:
        text: what was typed; any text is allowed.
        by: who asks.
        types: slugs of the types to look in; all when left out, unknown ones are passed over.
        limit: how many hits at most.
    """
    asked = parse(text)
    if asked is None:
        return Found([], {})
    wanted = None if types is None else set(types)
    kinds = [kind for kind in registry.all() if kind.search and (wanted is None or kind.slug in wanted)]
    found = _candidates(kinds, text, asked, by, parse(text, in_prose=False))
    if "@" not in text and any(map(str.isalpha, text)):  # an address or a number is somebody's own
        found += _lying(kinds, found, parse_core(text) or asked, by)
    is_alike = not found and (mistyped := parse_mistyped(text, partial(standing, kinds))) is not None
    if is_alike and mistyped:
        found = _candidates(kinds, text, mistyped, by)
    best = _varied(sorted(found, key=_ranking(text, by)), limit)
    named = [(registry[one.type], UUID(one.id), one.title) for one in best]
    lines = beneath(named, "" if is_alike else text, by)
    hits = [Hit(kind.slug, key, title, lines[key], is_alike) for kind, key, title in named]
    return Found(hits, {slug: min(count, CANDIDATES) for slug, count in Counter(one.type for one in found).items()})


def _varied(ranked: list[_Candidate], limit: int) -> list[_Candidate]:
    """The best, so that one type with many hits does not hide the others: the rest of its hits come when theirs are used up."""
    share = max(limit // 3, 1)
    seen: Counter[str] = Counter()
    first: list[_Candidate] = []
    later: list[_Candidate] = []
    for candidate in ranked:
        seen[candidate.type] += 1
        (first if seen[candidate.type] <= share else later).append(candidate)
    kept = {candidate.id for candidate in (first + later)[:limit]}
    return [candidate for candidate in ranked if candidate.id in kept]


def _candidates(kinds: list[RecordType], text: str, asked: Term, by: User, short: Term | None = None) -> list[_Candidate]:
    """Candidates of all types in one query; those of types with hidden fields are looked at again.

    Args:
        short: the query for types that have no long texts.
    """
    whole, brief = str(asked), str(short or asked)
    parts = [(_rows(kind, "search__matches", by), whole if _has_prose(kind) else brief) for kind in kinds]
    found = [_Candidate(*row) for row in together(parts, AS_TEXT)]
    counts = Counter(candidate.type for candidate in found)
    if full := [kind for kind in kinds if counts[kind.slug] == CANDIDATES]:  # the best may not be among them
        found = list({candidate.id: candidate for candidate in [*found, *_beginning(full, text, asked, by)]}.values())
    for kind in kinds:
        if is_restricted(kind, by):
            allowed = seen_to_answer(kind, asked, by, [UUID(candidate.id) for candidate in found if candidate.type == kind.slug])
            found = [candidate for candidate in found if candidate.type != kind.slug or UUID(candidate.id) in allowed]
    return found


def _has_prose(kind: RecordType) -> bool:
    """Whether long texts are among what it is found by."""
    return any(spec.kind in PROSE for spec in search_fields(kind))


def _lying(kinds: list[RecordType], found: list[_Candidate], asked: Term, by: User) -> list[_Candidate]:
    """What lies with records that answer, of the types of which few answer themselves."""
    counts = Counter(candidate.type for candidate in found)
    known = {candidate.id for candidate in found}
    keys = along([kind for kind in kinds if counts[kind.slug] < FEW], asked, by)
    asked_for = {slug: [key for key in ids if str(key) not in known] for slug, ids in keys.items()}
    rows = together([(_rows(registry[slug], "pk__among", by), ids) for slug, ids in asked_for.items()], AS_TEXT)
    return [_Candidate(*row) for row in rows]


def _rows(kind: RecordType, lookup: str, by: User) -> Prepared[Any]:
    """The candidates of a type by a lookup of what is given."""
    return seen_by(by, kind.model, ("candidates", lookup), lambda rows: _named(kind, rows.filter(**{lookup: GIVEN}))[:CANDIDATES])


def _beginning(kinds: list[RecordType], text: str, asked: Term, by: User) -> list[_Candidate]:
    """Those whose title begins as the query does, which an index of all titles holds in order."""
    begun = beginning(text)
    given = {FIRST: begun, END: begun + b"\xff", GIVEN: str(asked)}
    return [_Candidate(*row) for row in together([(_begun(kind, by), given) for kind in kinds], AS_TEXT)]


def _begun(kind: RecordType, by: User) -> Prepared[Any]:
    def ask(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return _named(kind, rows.filter(sort_key__between=(FIRST, END), search__matches=GIVEN).order_by("sort_key"))[:BEGUN]

    return seen_by(by, kind.model, "begun", ask)


def _named(kind: RecordType, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    seconds = Cast(Extract("updated_at", "epoch"), BigIntegerField())  # a whole number costs a tenth of a datetime to read
    named = rows.annotate(of_type=Value(kind.slug), changed=seconds)
    return named.values_list("of_type", "pk", "title", "owner_id", "changed")  # type: ignore[no-any-return]


def _ranking(text: str, by: User) -> Any:
    asked = _bare(text)
    joined = asked.replace(" ", "")
    lately = set(map(str, seen_lately(by)))
    own = str(by.pk)

    def rank(candidate: _Candidate) -> tuple[int, bool, bool, bool, int]:
        place = _place(asked, joined, candidate.title)
        return place, not registry[candidate.type].rail, candidate.id not in lately, candidate.owner_id != own, -candidate.changed

    return rank


@lru_cache(maxsize=REMEMBERED)
def _bare(text: str) -> str:
    """The folded text without signs; kept, because who types a name asks for much the same titles at each letter."""
    return _NOT_LETTERS.sub(" ", fold(text)).strip()


def _place(asked: str, joined: str, title: str) -> int:
    """How well a title answers: the smaller the better."""
    folded = _bare(title)
    for begun, whole in [(asked, folded), *((joined, spelled) for spelled in [folded.replace(" ", ""), *_spellings(joined, folded)])]:
        if begun == whole:
            return EXACT
        if whole.startswith(begun):
            return BEGINNING
    if f" {asked}" in folded:
        return WORD
    return INSIDE if asked in folded or _is_alike(asked, folded) else ELSEWHERE


def _is_alike(asked: str, folded: str) -> bool:
    """Whether each word stands in the title, perhaps written a letter otherwise."""
    words = set(folded.split())
    return all(word in words or not words.isdisjoint(neighbours(word)) for word in asked.split())


def _spellings(joined: str, folded: str) -> list[str]:
    """Pinyin and initials of a Han title, where letters were typed."""
    if not joined.isascii() or not _HAN_ONLY.match(folded):
        return []
    run = _HAN_ONLY.findall(folded)[0]
    return [*pinyin.joined(run), *pinyin.initials(run)]
