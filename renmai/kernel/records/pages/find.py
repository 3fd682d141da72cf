"""Finding: the search page and the fields that link to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.pages.cells import lines
from renmai.kernel.records.pages.door import PAGES
from renmai.kernel.records.pages.door import page as opens
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.search.find import CANDIDATES, Hit, find, look

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

PICKED = 10
ON_PAGE = 60


class Facet(NamedTuple):
    """How many records of a type a search found."""

    slug: str
    label: str
    found: str


@opens
def pick(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Records of one type whose text matches, for a field that links to one; the newest when nothing is typed."""
    words = request.GET.get("q", "")
    found, _following = page(Question(kind, by, words=words, sorts=sorts(kind, "-created_at")), limit=PICKED)
    specs = [kind.fields[kind.subtitle]] if kind.subtitle else []
    listed = lines(kind, found, specs, by, editable=False)
    return JsonResponse(
        {"items": [{"id": line.id, "title": line.title, "subtitle": " ".join(cell.text for cell in line.cells)} for line in listed]}
    )


@opens
def pick_any(request: HttpRequest, by: User) -> HttpResponse:
    """Records of every type whose text matches, for a field that links to any."""
    words = request.GET.get("q", "").strip()
    hits = find(words, by, limit=PICKED) if words else []
    return JsonResponse(
        {
            "items": [
                {
                    "id": f"{hit.type}/{hit.id}",
                    "title": hit.title,
                    "subtitle": " · ".join(filter(None, [str(registry[hit.type].label), hit.subtitle])),
                }
                for hit in hits
            ]
        }
    )


@opens
def search(request: HttpRequest, by: User) -> HttpResponse:
    """Records of every type whose text matches, or of the one that was chosen."""
    words, chosen = request.GET.get("q", "").strip(), request.GET.get("type", "")
    found = look(words, by, limit=ON_PAGE)
    hits = find(words, by, [chosen], ON_PAGE) if chosen in found.counts else found.hits
    groups: dict[RecordType, list[Hit]] = {}
    for hit in hits:  # the best first, so the group of the best comes first
        groups.setdefault(hit.kind, []).append(hit)
    kinds = sorted((registry[slug] for slug in found.counts), key=lambda kind: (kind.rank, kind.slug))
    facets = [Facet(kind.slug, str(kind.label_plural), _counted(found.counts[kind.slug])) for kind in kinds]
    shown = {
        "words": words,
        "groups": groups.items(),
        "facets": facets,
        "chosen": chosen,
        "is_alike": found.is_alike,
        "found_of": found.counts,
    }
    return render(request, f"{PAGES}/search.jinja", shown)


def _counted(count: int) -> str:
    return f"{count}+" if count >= CANDIDATES else str(count)
