"""``/proposals/<id>/``: what a program proposes, field by field, with yes and no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renmai.kernel.agents.doing import CREATE
from renmai.kernel.agents.model import Proposal
from renmai.kernel.api.records import reachable
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.history import side_in_words
from renmai.kernel.records.pages.record import Page, record
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType


@page
def proposal(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Its page, with the preview beside what every record has."""
    kind = registry.of(Proposal)
    found: Any = reachable(kind, key, by)
    if request.GET.get("as_of") or found.deleted_at or registry.get(found.target) is None:
        return record(request, slug=kind.slug, key=key)  # type: ignore[return-value]
    shown = {"kind": kind, "record": found, "page": Page(request, by, kind, found), "composers": [], "signs": []}
    return render(request, "kernel/agents/proposal.jinja", {**shown, "steps": parts(found, by)})


@dataclass(frozen=True)
class Shown:
    """One field before and after, in words."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Part:
    """One step in the reader's words.

    Attributes:
        of: the type of its record.
        subject: the record, where it is there and the reader may see it.
        made: what would be made along, as ``{"title": …}``.
    """

    of: RecordType
    is_new: bool
    subject: Record | None
    changes: list[Shown]
    made: list[dict[str, Any]]


def parts(found: Proposal, by: User) -> list[Part]:
    """Each step with what it would change; types that are gone since are left out."""
    told = []
    for step, preview in zip(found.steps, found.previews, strict=True):
        of = registry.get(step["type"])
        if of is not None:
            subject: Any = of.model.objects.visible_to(by).filter(pk=step.get("id") or None).first()
            told.append(Part(of, step["verb"] == CREATE, subject, _changes(of, subject, preview), preview.get("made", [])))
    return told


def _changes(of: RecordType, subject: Any, preview: dict[str, Any]) -> list[Shown]:
    """The preview in the reader's words; fields that are gone since are left out."""
    record = subject or of.model()
    pairs = {name: pair for name, pair in preview.get("changes", {}).items() if name in of.fields}
    return [Shown(of.fields[name].label, *(side_in_words(of, record, name, value) for value in pair)) for name, pair in pairs.items()]
