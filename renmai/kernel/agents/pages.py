"""``/proposals/<id>/``: what a program proposes, field by field, with yes and no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renmai.kernel.agents.model import Proposal
from renmai.kernel.api.records import reachable
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.history import side_in_words
from renmai.kernel.records.pages.record import Page, record
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType


@dataclass(frozen=True)
class Shown:
    """One field before and after, in words."""

    label: Any
    before: str
    after: str


@page
def proposal(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Its page, with the preview beside what every record has."""
    kind = registry.of(Proposal)
    found: Any = reachable(kind, key, by)
    of = registry.get(found.target)
    if request.GET.get("as_of") or found.deleted_at or of is None:
        return record(request, slug=kind.slug, key=key)  # type: ignore[return-value]
    subject = of.model.objects.visible_to(by).filter(pk=found.step.get("id") or None).first()
    shown = {"kind": kind, "record": found, "page": Page(request, by, kind, found), "composers": [], "signs": []}
    about = {"of": of, "subject": subject, "changes": changes(of, subject, found), "made": found.preview.get("made", [])}
    return render(request, "kernel/agents/proposal.jinja", {**shown, **about})


def changes(of: RecordType, subject: Any, found: Proposal) -> list[Shown]:
    """The preview in the reader's words; fields that are gone since are left out."""
    record = subject or of.model()
    pairs = {name: pair for name, pair in found.preview.get("changes", {}).items() if name in of.fields}
    return [Shown(of.fields[name].label, *(side_in_words(of, record, name, value) for value in pair)) for name, pair in pairs.items()]
