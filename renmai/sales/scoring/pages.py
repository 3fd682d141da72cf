"""``/scoring-models/…``: a draft as a form with its preview, a version as it was published, and why a lead has its score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.actions.run import run
from renmai.kernel.api.records import reachable, visible
from renmai.kernel.criteria.form import sent_by
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import record
from renmai.kernel.records.types import registry
from renmai.sales.scoring.explain import explained
from renmai.sales.scoring.form import ModelForm
from renmai.sales.scoring.model import LineKind, ScoringModel, leads
from renmai.sales.scoring.preview import Preview
from renmai.sales.scoring.scorer import scorer_of
from renmai.sales.scoring.words import name_of, said, side_by_side

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

HERE = "sales/scoring"


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Begin a draft, with the lines of the version that counts."""
    if not by.may("create", registry.of(ScoringModel)):
        raise Forbidden(_("Only administrators change this."))
    return _form(request, by, ModelForm(by, None, sent_by(request)))


@page
def version(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The form of a draft; of what was published its lines in words, beside those of another version if one is asked for."""
    kind = registry.of(ScoringModel)
    found: Any = reachable(kind, key, by)
    if request.GET.get("as_of") or found.deleted_at is not None:
        return record(request, slug=kind.slug, key=key)  # type: ignore[return-value]
    if found.is_draft() and by.may("edit", found):
        return _form(request, by, ModelForm(by, found, sent_by(request)))
    return _shown(request, by, found)


def _form(request: HttpRequest, by: User, form: ModelForm) -> HttpResponse:
    template, shown = f"{HERE}/form.jinja", {"kinds": LineKind.choices}
    if "add" in request.POST:
        form.add(request.POST["add"])
    if {"add", "drop"} & set(request.POST):
        return form.show(request, template, **shown)
    answer = form.answer(request, template, **shown)
    if "publish" in request.POST and answer.status_code == 302:
        key = answer["Location"].rstrip("/").rpartition("/")[2]
        run(form.kind, "publish", key, by=by)
    return answer


def _shown(request: HttpRequest, by: User, model: Any) -> HttpResponse:
    kind = registry.of(ScoringModel)
    others: list[Any] = [one for one in ScoringModel.objects.visible_to(by).order_by("-number", "-created_at") if one.pk != model.pk]
    other = next((one for one in others if str(one.pk) == request.GET.get("with")), None)
    lines = list(model.lines.all())
    shown = {
        "kind": kind,
        "model": model,
        "lines": [(name_of(line, by), said(line, by)) for line in lines],
        "others": others,
        "other": other,
        "sides": side_by_side(lines, list(other.lines.all()), by) if other is not None else [],
        "may_edit": by.may("edit", model),
    }
    return render(request, f"{HERE}/version.jinja", shown)


@require_POST
@page
def preview(request: HttpRequest, by: User) -> HttpResponse:
    """What the draft in the form would change."""
    if not by.may("create", registry.of(ScoringModel)):
        raise Forbidden(_("Only administrators change this."))
    try:
        found = Preview(ModelForm(by, None, request.POST).scorer(), by)
    except Invalid as problem:
        sentences = [str(sentence) for several in problem.errors.values() for sentence in several]
        return render(request, f"{HERE}/preview.jinja", {"problems": list(dict.fromkeys(sentences))})
    return render(request, f"{HERE}/preview.jinja", {"preview": found, "problems": []})


@page
def previewed(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What a stored version would change."""
    model: Any = visible(registry.of(ScoringModel), key, by)
    return render(request, f"{HERE}/preview.jinja", {"preview": Preview(scorer_of(model), by), "problems": []})


@require_POST
@page
def do(request: HttpRequest, by: User, key: Any, name: str) -> HttpResponse:
    """Take a version as the beginning of a draft, or let it score all leads again."""
    kind = registry.of(ScoringModel)
    if name not in {"copy", "rescore"}:
        raise Missing(_("There is no such page."))
    outcome = run(kind, name, key, by=by)
    return redirect(kind.path(next(iter(outcome.made), outcome.item)))


@page
def why(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The part of a lead's page that tells why it has its score; empty where that is hidden."""
    lead: Any = visible(leads(), key, by)
    try:
        found = explained(lead, by)
    except Forbidden:
        found = None
    return render(request, f"{HERE}/why.jinja", {"why": found, "kind": leads(), "lead": lead}) if found else HttpResponse("")
