"""One box over all types: candidates from the index, ranked in memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Extract

from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.search import pinyin
from renmai.kernel.search.asking import is_restricted, seen_to_answer
from renmai.kernel.search.fold import HAN, fold
from renmai.kernel.search.highlight import Span, highlight
from renmai.kernel.search.text import parse

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.search.terms import Term

CANDIDATES = 500
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
        subtitle: the field that its type shows under the title; empty when it has none or the reader may not see it.
    """

    type: str
    id: UUID
    title: str
    subtitle: str

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
        return highlight(self.title, text)


@dataclass(frozen=True, slots=True)
class _Candidate:
    type: str
    id: UUID
    title: str
    owner_id: UUID | None
    changed: int


def find(text: str, by: User, types: Iterable[str] | None = None, limit: int = 20) -> list[Hit]:
    """The records that best answer what a person typed, of all types that person may see.

    At most 500 candidates of each type are ranked: the whole title first, then its beginning, the beginning of a word, the middle,
    and what was found in another field; among equals one's own, then the newest.

    Args:
        text: what was typed; any text is allowed.
        by: who asks.
        types: slugs of the types to look in; all when left out, unknown ones are passed over.
        limit: how many hits at most.
    """
    asked = parse(text)
    if asked is None:
        return []
    wanted = None if types is None else set(types)
    kinds = [kind for kind in registry.all() if kind.search and (wanted is None or kind.slug in wanted)]
    best = _varied(sorted(_candidates(kinds, asked, by), key=_ranking(text, by)), limit)
    subtitles = _subtitles(best, by)
    return [Hit(found.type, found.id, found.title, subtitles.get(found.id, "")) for found in best]


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


def _candidates(kinds: list[RecordType], asked: Term, by: User) -> list[_Candidate]:
    """Candidates of all types in one query; those of types with hidden fields are looked at again."""
    rows = [_rows(kind, asked, by) for kind in kinds]
    if not rows:
        return []
    found = [_Candidate(*row) for row in rows[0].union(*rows[1:], all=True)]
    for kind in kinds:
        if is_restricted(kind, by):
            allowed = seen_to_answer(kind, asked, by, [candidate.id for candidate in found if candidate.type == kind.slug])
            found = [candidate for candidate in found if candidate.type != kind.slug or candidate.id in allowed]
    return found


def _rows(kind: RecordType, asked: Term, by: User) -> QuerySet[Any, Any]:
    matching = kind.model.objects.visible_to(by).filter(search__matches=str(asked))
    seconds = Extract("updated_at", "epoch")  # a whole number costs a tenth of a datetime to read
    named = matching.annotate(of_type=Value(kind.slug), changed=seconds)
    return named.values_list("of_type", "pk", "title", "owner_id", "changed")[:CANDIDATES]  # type: ignore[no-any-return]


def _ranking(text: str, by: User) -> Any:
    asked = _NOT_LETTERS.sub(" ", fold(text)).strip()
    joined = asked.replace(" ", "")

    def rank(candidate: _Candidate) -> tuple[int, bool, bool, int]:
        place = _place(asked, joined, candidate.title)
        return place, not registry[candidate.type].rail, candidate.owner_id != by.pk, -candidate.changed

    return rank


def _place(asked: str, joined: str, title: str) -> int:
    """How well a title answers: the smaller the better."""
    folded = _NOT_LETTERS.sub(" ", fold(title)).strip()
    for begun, whole in [(asked, folded), *((joined, spelled) for spelled in _spellings(joined, folded))]:
        if begun == whole:
            return EXACT
        if whole.startswith(begun):
            return BEGINNING
    if f" {asked}" in folded:
        return WORD
    return INSIDE if asked in folded else ELSEWHERE


def _spellings(joined: str, folded: str) -> list[str]:
    """Pinyin and initials of a Han title, where letters were typed."""
    if not joined.isascii() or not _HAN_ONLY.match(folded):
        return []
    run = _HAN_ONLY.findall(folded)[0]
    return [*pinyin.joined(run), *pinyin.initials(run)]


def _subtitles(found: list[_Candidate], by: User) -> dict[UUID, str]:
    """The subtitles of some records, one query per type."""
    subtitles: dict[UUID, str] = {}
    for slug in {candidate.type for candidate in found}:
        kind = registry[slug]
        if kind.subtitle and kind.subtitle not in by.access.hidden(kind):
            ids = [candidate.id for candidate in found if candidate.type == slug]
            subtitles.update(_subtitles_of(kind, ids, by))
    return subtitles


def _subtitles_of(kind: RecordType, ids: list[UUID], by: User) -> dict[UUID, str]:
    """The text under each title; of a link only the title of what the reader may see."""
    spec = kind.fields[kind.subtitle]
    rows = list(kind.model.objects.filter(pk__in=ids).values_list("pk", spec.column))
    if spec.kind == "link":
        slug = str(spec.target)
        labels: dict[Any, Any] = titles_of({slug: {value for _pk, value in rows}}, by).get(slug, {})
        return {pk: labels[value] for pk, value in rows if value in labels}
    labels = dict(spec.choices)
    return {pk: str(labels.get(value, value)) for pk, value in rows if value not in (None, "")}
