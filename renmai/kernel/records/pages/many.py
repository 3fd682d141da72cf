"""One thing done to many records of a list: those that are ticked, at once; all that a filter finds, as work that can be watched."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renmai.kernel.actions.action import Action
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.actions.undo import undo
from renmai.kernel.criteria import condition
from renmai.kernel.files.field import taken_in
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import at_once
from renmai.kernel.records.counting import count
from renmai.kernel.records.listing import Question
from renmai.kernel.records.pages.acts import action_of, defaults, raw
from renmai.kernel.records.pages.door import PAGES, done, go, page, toast
from renmai.kernel.records.pages.filters import read
from renmai.kernel.records.pages.forms import writable
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.typing import Errors, filled, typed_values
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MAX_TICKED = 200
SENTENCES_SHOWN = 2


class Chosen:
    """Which records are meant.

    Attributes:
        ids: of the ticked ones.
        notify: people are told of each.
        everything: all that the filter finds are meant instead.
    """

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, *, deleted: bool = False) -> None:
        sent = request.POST if request.method == "POST" else request.GET
        self.by, self.kind, self.deleted = by, kind, deleted
        self.ids = [key for key in sent.get("ids", "").split(",") if key][:MAX_TICKED]
        self.everything = sent.get("all") == "1"
        self.notify = sent.get("notify") == "1"
        self.filter, self.words = sent.get("filter", ""), sent.get("q", "")

    @property
    def tree(self) -> Any:
        """The criteria of the list."""
        return {"and": read(self.filter)}

    @cached_property
    def count(self) -> int:
        """How many they are; an estimate where they are very many."""
        if not self.everything:
            return len(self.ids)
        asked = Question(self.kind, self.by, condition(self.tree, self.kind, self.by), self.words, deleted=self.deleted)
        return count(asked, at_any_price=True)[0]

    def do(self, name: str, arguments: dict[str, Any]) -> HttpResponse:
        """Do it, or begin it."""
        if self.everything:
            job = in_bulk(self.kind, name, self.by, tree=self.tree, words=self.words, arguments=arguments, notify=self.notify)
            return done("", untick={}, work={"id": str(job.pk)})
        job = in_bulk(self.kind, name, self.by, ids=self.ids, arguments=arguments, notify=self.notify, begin=at_once)
        return told(job, undoable=self.kind.action(name) is None or name == "assign")


def told(job: Job, *, undoable: bool) -> HttpResponse:
    """How many went and why others did not, with the way back."""
    result = job.result
    went, refused = result["done"], result["refused"]
    sentence = ngettext("Done for %(count)s.", "Done for %(count)s.", went) % {"count": went}
    if result["unchanged"]:
        sentence += " " + ngettext("%(count)s was so already.", "%(count)s were so already.", result["unchanged"]) % {
            "count": result["unchanged"]
        }
    if refused:
        reasons = " ".join(list(dict.fromkeys(row["detail"] for row in refused))[:SENTENCES_SHOWN])
        words = {"count": len(refused), "why": reasons}
        sentence += " " + ngettext("Not for %(count)s: %(why)s", "Not for %(count)s: %(why)s", len(refused)) % words
    response = done("", untick={})
    back = f"/jobs/{result['change_set']}/undo/" if undoable and went else ""
    return toast(response, sentence, bad=bool(refused and not went), undo=back)


@page
def bulk(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Ask what is to be done, or do it: ``do`` is ``edit``, ``delete``, ``owner`` or the name of an action."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("do", "")
    if wanted == "delete":
        return _delete(request, Chosen(request, by, kind))
    if wanted == "edit":
        return _edit(request, Chosen(request, by, kind))
    if wanted == "owner":
        return _give(request, Chosen(request, by, kind))
    action = action_of(kind, wanted)
    if action.place:
        return go(request, f"{kind.path()}{action.place}?{urlencode({'ids': ','.join(Chosen(request, by, kind).ids)})}")
    return _act(request, Chosen(request, by, kind, deleted=action.on_deleted), action)


def _dialog(request: HttpRequest, chosen: Chosen, errors: Errors, **about: Any) -> HttpResponse:
    inputs = about.get("inputs", [])
    named = {made.name for made in inputs}
    general = [sentence for name, said in errors.items() if name not in named for sentence in said]
    about = {"kind": chosen.kind, "chosen": chosen, "general": general, "inputs": [], "choices": [], "note": "", **about}
    return render(request, f"{PAGES}/many.jinja", about, status=422 if errors else 200)


def _delete(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    if request.method == "POST":
        return chosen.do("delete", {})
    head = {"what": "delete", "title": _("Move to the recycle bin"), "verb": _("Delete"), "icon": "trash", "tone": "danger"}
    return _dialog(request, chosen, {}, **head)


def _give(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    spec = chosen.kind.fields["owner"]
    errors: Errors = {}
    if request.method == "POST" and request.POST.get("owner"):
        try:
            return chosen.do("update", {"owner": request.POST["owner"]})
        except Invalid as problem:
            errors = problem.errors
    inputs = Inputs(chosen.by, prefix="act").of([spec], {"owner": str(chosen.by.pk)}, errors)
    head = {"what": "owner", "title": _("Give to another person"), "verb": _("Give"), "icon": "user-share", "tone": "primary"}
    return _dialog(request, chosen, errors, inputs=inputs, **head)


def _act(request: HttpRequest, chosen: Chosen, action: Action) -> HttpResponse:
    values: dict[str, Any] = defaults(action)
    errors: Errors = {}
    if request.method == "POST":
        typed, errors = typed_values(action.specs.values(), request.POST)
        values = raw(action, request)
        try:
            if not errors:
                return chosen.do(action.name, filled(typed))
        except Invalid as problem:
            errors = problem.errors
    inputs = Inputs(chosen.by, prefix="act").of(action.specs.values(), values, errors)
    head = {"what": action.name, "title": action.label, "verb": action.label, "icon": action.icon}
    return _dialog(request, chosen, errors, inputs=inputs, tone="danger" if action.danger else "primary", **head)


def changeable(kind: RecordType, by: User) -> list[FieldSpec]:
    """Fields that can be set to one value in many records."""
    return [spec for spec in writable(kind, by) if spec.name not in {"name", "number"} or "owner" not in kind.fields]


def _edit(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    """Choose fields one after the other, give each a value, and set them."""
    sent = request.POST if request.method == "POST" else request.GET
    possible = {spec.name: spec for spec in changeable(chosen.kind, chosen.by)}
    specs = [possible[name] for name in dict.fromkeys([*sent.getlist("field"), sent.get("add", "")]) if name in possible]
    form, untaken = taken_in(request, specs, chosen.by) if request.method == "POST" else (sent, {})
    values, errors = typed_values(specs, form)
    errors |= untaken
    if request.method == "POST" and specs and not errors:
        try:
            return chosen.do("update", values)
        except (Invalid, Forbidden) as problem:
            errors = problem.errors if isinstance(problem, Invalid) else {"": [str(problem)]}
    shown = {spec.name: form.getlist(spec.name) if spec.many else form.get(spec.name, "") for spec in specs}
    problems = errors if request.method == "POST" else {}
    inputs = Inputs(chosen.by, prefix="act").of(specs, shown, problems)
    choices = [("", _("Choose a field…") if not specs else _("One more field…"))]
    choices += [(name, spec.label) for name, spec in possible.items() if spec not in specs]
    head = {"what": "edit", "title": _("Change fields"), "verb": _("Change"), "icon": "pencil", "tone": "primary"}
    note = _("A field that is left empty here will be empty in all of them.") if specs else ""
    return _dialog(request, chosen, problems, inputs=inputs, choices=choices, note=note, **head)


@page
def take_back(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Undo a change set; the answer lets the page watch it."""
    job = undo(key, by)
    return done("", work={"id": str(job.pk)})
