"""The import wizard, the page of an import, and the export of a list, in the browser."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.bulk import keys_of
from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.actions.undo import is_own, is_undoable, undo
from renmai.kernel.api.records import question
from renmai.kernel.files.attached import readable
from renmai.kernel.files.sending import send
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import stop
from renmai.kernel.records.pages.door import go, page
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.typing import typed_values
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer import forms
from renmai.kernel.transfer.export import Export, csv_lines, write_xlsx
from renmai.kernel.transfer.model import ChangeSet, ChangeSetState, RowAction
from renmai.kernel.transfer.move_views import begin_move, is_move
from renmai.kernel.transfer.moves import systems
from renmai.kernel.transfer.plan import Plan
from renmai.kernel.transfer.read import Unreadable
from renmai.kernel.transfer.run import in_pool, start, start_rehearsal
from renmai.kernel.transfer.shown import FORESEEN, KEPT, foreseen_counts, foreseen_lines, foreseen_rows, row_lines, rows_of
from renmai.kernel.transfer.wizard import Wizard, require_once

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec

PAGES = "kernel/transfer/pages"
STEPS = ("file", "columns", "values", "preview")
ROWS_SHOWN = 200
PRESET = {"link", "pick", "choice", "text"}


@page
def upload(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Choose a file."""
    if not by.may("import", kind):
        raise Forbidden(_("You may not import this."))
    problem = ""
    specs = preset(request, kind)
    values, wrong = typed_values(specs, request.POST) if request.method == "POST" else (request.GET.dict(), {})
    if request.method == "POST" and not wrong:
        sent = request.FILES.getlist("file")
        try:
            if is_move(sent):
                return go(request, begin_move(request, sent, by))
            if sent:
                told = {name: value for name, value in values.items() if value}
                return go(request, address(Wizard.begin(kind, sent[0], by, told | in_pool(str(told.get("pool") or ""))).change_set))
            problem = _("Choose a file first.")
        except (Unreadable, Invalid) as refused:
            problem = str(refused)
    recent = ChangeSet.objects.visible_to(by).filter(target=kind.slug).exclude(file="").order_by("-created_at")[:5]
    shown = {"kind": kind, "problem": problem, "recent": recent, "states": dict(ChangeSetState.choices)}
    shown["systems"] = [system.title for system in systems().values()]
    shown["inputs"] = Inputs(by, prefix="preset").of(specs, values, wrong)
    return render(request, f"{PAGES}/upload.jinja", shown, status=422 if problem or wrong else 200)


def preset(request: HttpRequest, kind: RecordType) -> list[FieldSpec]:
    """The fields that the address names: every row of the file gets them, unless a column of its own says otherwise."""
    return [spec for name, spec in kind.writable.items() if name in request.GET and spec.kind in PRESET]


def address(change_set: ChangeSet, step: str = "") -> str:
    """Where an import is prepared and watched."""
    return f"/imports/{change_set.pk}/{f'?step={step}' if step else ''}"


def of(by: User, key: Any, verb: str = "edit") -> ChangeSet:
    """An import that the person may prepare.

    Raises:
        Missing: there is none.
    """
    found = ChangeSet.objects.visible_to(by).filter(pk=key).first()
    if found is None or (verb == "edit" and not is_own(found, by)):
        raise Missing(_("There is no such import."))
    return found  # type: ignore[no-any-return]


@page
def prepare(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """A step of the wizard; once started, how far the import has come."""
    change_set = of(by, key, "view")
    if change_set.state != ChangeSetState.DRAFT:
        return watch(request, by, change_set)
    wizard = Wizard(of(by, key), by)
    step = request.GET.get("step") if request.GET.get("step") in STEPS else "file"
    if request.method != "POST":
        return show(request, wizard, str(step))
    try:
        return go(request, address(wizard.change_set, TAKEN[str(step)](request, wizard)))
    except (Invalid, Unreadable) as refused:
        return show(request, Wizard(of(by, key), by), str(step), str(refused))


def show(request: HttpRequest, wizard: Wizard, step: str, problem: str = "") -> HttpResponse:
    """One step, with what was wrong with what was sent."""
    shown = {"wizard": wizard, "kind": wizard.kind, "step": step, "steps": forms.steps(wizard, step), "problem": problem}
    try:
        shown |= SHOWN[step](wizard)
    except Invalid as refused:
        shown["problem"] = problem or str(refused)
        step, more = "columns", forms.columns(wizard)
        shown |= {"step": step, "steps": forms.steps(wizard, step), **more}
    return render(request, f"{PAGES}/{step}.jinja", shown, status=422 if problem else 200)


def take_file(request: HttpRequest, wizard: Wizard) -> str:
    """Correct the layout, or go on."""
    corrected = forms.corrections(request.POST, wizard)
    if corrected != forms.settled(wizard):
        wizard.correct(corrected)
    return "columns" if "next" in request.POST else "file"


def take_columns(request: HttpRequest, wizard: Wizard) -> str:
    """Keep fields and settings, from the form or from a map file."""
    sent = request.FILES.get("map")
    if sent is not None:
        wizard.decide(Plan.of(_map_of(sent.read(1_000_000))))
        return "columns"
    plan = forms.plan_of(request.POST, wizard)
    require_once(wizard.kind, plan.columns)
    wizard.decide(plan)
    if "next" not in request.POST:
        return "columns"
    return "values" if wizard.unknowns() else "preview"


def _map_of(text: bytes) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Invalid({"map": [_("This file is no map of an import.")]})
    return given


def take_values(request: HttpRequest, wizard: Wizard) -> str:
    """Keep what becomes of unknown values."""
    wizard.decide(forms.plan_of_values(request.POST, wizard.plan))
    return "preview"


def take_preview(request: HttpRequest, wizard: Wizard) -> str:
    """Start."""
    if request.POST.get("notify") == "1":
        wizard.decide(wizard.plan.with_(notify=True))
    start(wizard.change_set, by=wizard.by)
    return ""


TAKEN: dict[str, Callable[[HttpRequest, Wizard], str]] = {
    "file": take_file,
    "columns": take_columns,
    "values": take_values,
    "preview": take_preview,
}
SHOWN: dict[str, Callable[[Wizard], dict[str, Any]]] = {
    "file": forms.file,
    "columns": forms.columns,
    "values": lambda wizard: {"unknowns": wizard.unknowns()},
    "preview": lambda wizard: {"preview": wizard.preview()},
}


def watch(request: HttpRequest, by: User, change_set: ChangeSet) -> HttpResponse:
    """Progress, then the result; scripts ask for the part that changes."""
    job = Job.objects.filter(pk=change_set.job).first() if change_set.job else None
    shown = {"change_set": change_set, "kind": registry[change_set.target], "job": job, "is_over": job is None or job.is_over}
    shown |= {"made": forms.also_made(change_set), "undoable": is_own(change_set, by) and is_undoable(change_set)}
    part = "progress" if "HX-Request" in request.headers else "watch"
    return render(request, f"{PAGES}/{part}.jinja", shown)


@page
def dry_run(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What each row would do: asked for, waited for, and looked at before the import starts."""
    change_set = of(by, key)
    if change_set.state != ChangeSetState.DRAFT:
        return go(request, address(change_set))
    if request.method == "POST":
        start_rehearsal(change_set, by=by)
        return go(request, f"{address(change_set)}dry-run/")
    job = Job.objects.filter(pk=change_set.job).first() if change_set.job else None
    action, wizard = request.GET.get("action", ""), Wizard(change_set, by)
    rows = list(foreseen_rows(change_set, action, request.GET.get("after", ""))[: ROWS_SHOWN + 1])
    counts = foreseen_counts(change_set)
    tabs = [("", _("All"), sum(counts.values())), *((value, label, counts[value]) for value, label in FORESEEN.items() if counts[value])]
    shown = {
        "wizard": wizard,
        "kind": wizard.kind,
        "steps": forms.steps(wizard, "preview"),
        "job": job,
        "is_over": job is None or job.is_over,
    }
    shown |= {"problem": "", "action": action, "tabs": tabs, "lines": foreseen_lines(rows[:ROWS_SHOWN], by), "more": len(rows) > ROWS_SHOWN}
    return render(request, f"{PAGES}/dry_run.jinja", shown)


@page
def cancel(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Ask a running import to stop, or throw a draft away."""
    change_set = of(by, key)
    if request.method == "POST" and change_set.job:
        stop(Job.objects.get(pk=change_set.job))
        ChangeSet.objects.filter(pk=key, state=ChangeSetState.WAITING).update(state=ChangeSetState.STOPPED)
    return go(request, address(change_set))


@page
def resume(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Go on with an import that was stopped."""
    change_set = of(by, key)
    if request.method == "POST":
        start(change_set, by=by)
    return go(request, address(change_set))


@page
def row_list(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What became of each row, with links to the records."""
    change_set = of(by, key, "view")
    action = request.GET.get("action", "")
    rows = list(rows_of(change_set, action, request.GET.get("after", ""))[: ROWS_SHOWN + 1])
    undoable = is_own(change_set, by) and is_undoable(change_set)
    lines = row_lines(change_set, rows[:ROWS_SHOWN], by, undoable=undoable)
    tabs = [("", _("All")), *RowAction.choices, *([(KEPT, _("kept"))] if "undoes" in change_set.map else [])]
    shown = {"change_set": change_set, "kind": registry[change_set.target], "action": action, "tabs": tabs, "undoable": undoable}
    return render(request, f"{PAGES}/rows.jinja", {**shown, "lines": lines, "more": len(rows) > ROWS_SHOWN})


@page
def take_back(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Undo what was done, all of it or to the chosen records, and go to where the work is watched."""
    change_set = of(by, key)
    chosen = None if "all" in request.POST else keys_of(request.POST.getlist("ids"))
    if request.method != "POST" or chosen == []:
        messages.error(request, _("Choose the records first that shall go back."))
        return go(request, f"{address(change_set)}rows/")
    return go(request, f"/jobs/{undo(change_set.pk, by, chosen).pk}/")


@page
def map_file(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The choices of an import, to be used again."""
    change_set = of(by, key, "view")
    text = json.dumps(change_set.map, ensure_ascii=False, indent=2)
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": 'attachment; filename="map.json"'})


@page
def errors(request: HttpRequest, by: User, key: Any) -> HttpResponseBase:
    """The rows that came back."""
    change_set = of(by, key, "view")
    if not change_set.errors_file:
        raise Missing(_("There is no such file."))
    return send(readable(change_set.errors_file, by))


@page
def export(request: HttpRequest, by: User, kind: RecordType, format: str) -> HttpResponseBase:
    """The list of this address as a file, in the reader's columns and words."""
    asked = request.GET.get("columns", "")
    chosen = asked.split(",") if asked else by.preferences.get("columns", {}).get(kind.slug, kind.columns)
    heading = "name" if "name" in kind.fields else "subject" if "subject" in kind.fields else ""
    names = [name for name in dict.fromkeys([heading, *chosen]) if name in kind.fields and name not in by.access.hidden(kind)]
    found = Export.of(question(kind, request, by), names)
    if format == "csv":
        return StreamingHttpResponse(csv_lines(found), content_type="text/csv; charset=utf-8", headers=_named(f"{kind.slug}.csv"))
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as temporary:
        write_xlsx(found, Path(temporary.name))
        return FileResponse(Path(temporary.name).open("rb"), as_attachment=True, filename=f"{kind.slug}.xlsx")


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
