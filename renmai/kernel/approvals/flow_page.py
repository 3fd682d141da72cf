"""``/approval-flows/new/`` and ``/approval-flows/<id>/``: a flow as a form of steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.records import visible
from renmai.kernel.approvals.model import ApprovalFlow, Missing, Need
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import record
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

PAGE = "kernel/approvals/flow.jinja"
NEW = {"step": 1, "users": [], "roles": [], "within": False, "need": Need.ANY.value, "criteria": {}}


@dataclass
class LevelForm:
    """One level as the page shows it."""

    place: int
    values: dict[str, Any]
    only: Builder
    titles: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def inputs(self) -> list[Input]:
        """Step, people, roles, and what they need."""
        return [
            self._input("step", _("Step"), "integer", str(self.values["step"])),
            self._input("users", _("People"), "links", target="users"),
            self._input("roles", _("Everybody with the role"), "links", target="roles"),
            self._input("need", _("Who must agree"), "choice", self.values["need"], choices=Need.choices, required=True),
            self._input("within", _("Only from the record's team and those above it"), "boolean", "true" if self.values["within"] else ""),
        ]

    def _input(self, name: str, label: str, kind: str, value: Any = None, *, target: str | None = None, **more: Any) -> Input:
        made = Input(name, label, kind, value, prefix=f"level-{self.place}", form_name=f"level-{self.place}-{name}", target=target, **more)
        if target:
            known = self.titles.get(target, {})
            made.value = self.values[name]
            made.choices = [(key, known.get(key, key)) for key in self.values[name]]
        return made


class Form:
    """A flow on its way through the form."""

    def __init__(self, kind: RecordType, by: User, values: dict[str, Any]) -> None:
        self.kind, self.by, self.values = kind, by, values
        self.errors: Errors = {}
        self.only = Builder.of(kind, by, values["criteria"] or None, name="filter", company=True)
        self.levels = [self._level(place, level) for place, level in enumerate(values["levels"])]

    def _level(self, place: int, values: dict[str, Any]) -> LevelForm:
        return LevelForm(place, values, Builder.of(self.kind, self.by, values["criteria"] or None, name=f"only-{place}", company=True))

    @classmethod
    def read(cls, kind: RecordType, by: User, sent: QueryDict) -> Form:
        """The form as it was sent; a level that was taken away is left out."""
        gone = sent.get("drop", "")
        places = [place for place in sent.getlist("place") if place.isdigit() and place != gone]
        form = cls(kind, by, {**_general(sent), "criteria": {}, "levels": [_level(sent, place) for place in places]})
        form.only = Builder.read(sent, kind, by, company=True)
        for level, place in zip(form.levels, places, strict=True):
            level.only = Builder.read(sent, kind, by, name=f"only-{place}", company=True)
            level.only.name = f"only-{level.place}"
        return form

    def add(self) -> None:
        """One more level, after the last step."""
        last = max((int(level.values["step"]) for level in self.levels if str(level.values["step"]).isdigit()), default=0)
        self.levels.append(self._level(len(self.levels), {**NEW, "step": last + 1}))

    @property
    def is_whole(self) -> bool:
        """All conditions make sense."""
        return self.only.is_whole and all(level.only.is_whole for level in self.levels)

    @property
    def raw(self) -> dict[str, Any]:
        """The flow as the store takes it."""
        levels = [{**level.values, "criteria": level.only.tree} for level in self.levels]
        return {**self.values, "record_type": self.kind.slug, "criteria": self.only.tree, "levels": levels}

    @property
    def inputs(self) -> list[Input]:
        """What the flow is called and when it is used."""
        actions = [(action.name, action.label) for action in self.kind.actions]
        found = [
            Input("name", _("Name"), value=self.values["name"], required=True),
            Input(
                "before",
                _("Needed before"),
                "select",
                self.values["before"],
                choices=actions,
                placeholder=_("Nothing: it is only asked for"),
                help=_("The action is refused until the approval is there."),
            ),
            Input("missing", _("Where nobody is found"), "choice", self.values["missing"], choices=Missing.choices, required=True),
            Input("remind_days", _("Remind after days"), "integer", self.values["remind_days"]),
            Input("active", _("In use"), "boolean", "true" if self.values["active"] else ""),
        ]
        for made in found:
            made.errors = self.errors.get(made.name, [])
        return found

    def page(self, request: HttpRequest, flow: ApprovalFlow | None) -> HttpResponse:
        """The page with this form."""
        self._name_people()
        shown = {"form": self, "flow": flow, "kind": self.kind, "problems": self._general_problems()}
        return render(request, PAGE, shown, status=422 if self.errors or (request.method == "POST" and not self.is_whole) else 200)

    def _general_problems(self) -> list[str]:
        named = {made.name for made in self.inputs}
        return [str(sentence) for name, said in self.errors.items() if name not in named for sentence in said]

    def _name_people(self) -> None:
        wanted = {slug: {key for level in self.levels for key in level.values[slug]} for slug in ("users", "roles")}
        found = titles_of(wanted, self.by)
        titles = {slug: {str(key): title for key, title in known.items()} for slug, known in found.items()}
        for level in self.levels:
            level.titles = titles


def _general(sent: QueryDict) -> dict[str, Any]:
    texts = {name: sent.get(name, "").strip() for name in ("name", "before", "missing", "remind_days")}
    return {**texts, "active": sent.get("active") == "true"}


def _level(sent: QueryDict, place: str) -> dict[str, Any]:
    def get(name: str) -> str:
        return sent.get(f"level-{place}-{name}", "")

    return {
        "step": get("step") or 1,
        "users": sent.getlist(f"level-{place}-users"),
        "roles": sent.getlist(f"level-{place}-roles"),
        "within": get("within") == "true",
        "need": get("need") or Need.ANY.value,
        "criteria": {},
    }


def _stored(flow: ApprovalFlow) -> dict[str, Any]:
    names = ("name", "before", "missing", "active", "criteria")
    return {**{name: getattr(flow, name) for name in names}, "remind_days": str(flow.remind_days or ""), "levels": flow.plan()}


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Ask for the type of record, then for the flow."""
    _require(by, "create", registry.of(ApprovalFlow))
    kind = registry.get(request.GET.get("type", ""))
    if kind is None:
        kinds = [(f"?type={kind.slug}", capfirst(str(kind.label_plural)), kind.icon) for kind in registry.all() if kind.rail]
        return render(request, "kernel/approvals/types.jinja", {"kinds": kinds})
    empty = {"name": "", "before": "", "missing": Missing.ADMINS.value, "remind_days": "2", "active": True, "criteria": {}, "levels": [NEW]}
    return _form(request, by, kind, empty, None)


@page
def flow(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The form of a flow."""
    found: Any = visible(registry.of(ApprovalFlow), key, by)
    if not by.may("edit", found):
        return record(request, slug=registry.of(ApprovalFlow).slug, key=key)  # type: ignore[return-value]
    kind = registry.get(found.record_type)
    if kind is None:
        raise Invalid({"record_type": [_("There is no such type of record.")]})
    return _form(request, by, kind, _stored(found), found)


def _require(by: User, verb: str, what: RecordType | Record) -> None:
    if not by.may(verb, what):
        raise Forbidden(_("Only administrators change this."))


def _form(request: HttpRequest, by: User, kind: RecordType, values: dict[str, Any], flow: ApprovalFlow | None) -> HttpResponse:
    if request.method != "POST":
        return Form(kind, by, values).page(request, flow)
    form = Form.read(kind, by, request.POST)
    if "add" in request.POST:
        form.add()
    if {"add", "drop"} & set(request.POST) or not form.is_whole:
        return form.page(request, flow)
    try:
        saved = _save(form, flow, by, request.POST.get("version", ""))
    except Invalid as problem:
        form.errors = problem.errors
        return form.page(request, flow)
    messages.success(request, _("Saved."))
    return redirect(registry.of(saved).path(saved))


def _save(form: Form, flow: ApprovalFlow | None, by: User, version: str) -> Record:
    flows = registry.of(ApprovalFlow)
    if flow is None:
        return create(flows, form.raw, by)
    return update(flows, flow.pk, form.raw, by, version=int(version) if version.isdigit() else None)
