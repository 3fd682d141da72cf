"""``/approval-flows/new/`` and ``/approval-flows/<id>/``: a flow as a form of steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.records import visible
from renmai.kernel.approvals.model import ApprovalFlow, Need
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import record
from renmai.kernel.records.reading import titles_of
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


class FlowForm(CriteriaForm):
    """A flow on its way through the form; a level that was taken away is left out.

    Args:
        about: the type of the records that are approved.
    """

    asked = ("name", "before", "missing", "remind_days", "active")

    def __init__(self, about: RecordType, by: User, found: ApprovalFlow | None, sent: QueryDict | None) -> None:
        self.about = about
        super().__init__(registry.of(ApprovalFlow), by, found, sent)
        self.levels = [self._level(place, values, sent_as) for place, (sent_as, values) in enumerate(self._standing())]

    def of(self) -> RecordType:
        return self.about

    def _standing(self) -> list[tuple[str, dict[str, Any]]]:
        """The levels, each with the place under which it was sent."""
        if self.sent is None:
            return [("", values) for values in (self.found.plan() if self.found else [NEW])]
        gone = self.sent.get("drop", "")
        return [(place, _level(self.sent, place)) for place in self.sent.getlist("place") if place.isdigit() and place != gone]

    def _level(self, place: int, values: dict[str, Any], sent_as: str = "") -> LevelForm:
        only = self.builder(self.about, values["criteria"], f"only-{place}", f"only-{sent_as}" if sent_as else "")
        return LevelForm(place, values, only)

    def add(self) -> None:
        """One more level, after the last step."""
        last = max((int(level.values["step"]) for level in self.levels if str(level.values["step"]).isdigit()), default=0)
        place = len(self.levels)
        fresh = Builder.of(self.about, self.by, None, name=f"only-{place}", company=True)
        self.levels.append(LevelForm(place, {**NEW, "step": last + 1}, fresh))

    @property
    def builders(self) -> list[Builder]:
        return [*super().builders, *(level.only for level in self.levels)]

    @property
    def inputs(self) -> list[Input]:
        """What the flow is called and when it is used; the action is chosen from those of the type."""
        found = super().inputs
        for made in found:
            if made.name == "before":
                made.kind, made.choices = "select", [(action.name, action.label) for action in self.about.actions]
                made.placeholder = _("Nothing: it is only asked for")
        return found

    def more(self, sent: QueryDict) -> tuple[dict[str, Any], Errors]:
        levels = [{**level.values, "criteria": level.only.tree if level.only.is_whole else {}} for level in self.levels]
        return {"record_type": self.about.slug, "levels": levels}, {}

    def show(self, request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
        """The form as it stands, with the names of the people."""
        wanted = {slug: {key for level in self.levels for key in level.values[slug]} for slug in ("users", "roles")}
        found = titles_of(wanted, self.by)
        for level in self.levels:
            level.titles = {slug: {str(key): title for key, title in known.items()} for slug, known in found.items()}
        return super().show(request, template, **shown)


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


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Ask for the type of record, then for the flow."""
    _require(by, "create", registry.of(ApprovalFlow))
    kind = registry.get(request.GET.get("type", ""))
    if kind is None:
        kinds = [(f"?type={kind.slug}", capfirst(str(kind.label_plural)), kind.icon) for kind in registry.all() if kind.rail]
        return render(request, "kernel/approvals/types.jinja", {"kinds": kinds})
    return _form(request, FlowForm(kind, by, None, sent_by(request)))


@page
def flow(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The form of a flow."""
    found: Any = visible(registry.of(ApprovalFlow), key, by)
    if not by.may("edit", found):
        return record(request, slug=registry.of(ApprovalFlow).slug, key=key)  # type: ignore[return-value]
    kind = registry.get(found.record_type)
    if kind is None:
        raise Invalid({"record_type": [_("There is no such type of record.")]})
    return _form(request, FlowForm(kind, by, found, sent_by(request)))


def _require(by: User, verb: str, what: RecordType | Record) -> None:
    if not by.may(verb, what):
        raise Forbidden(_("Only administrators change this."))


def _form(request: HttpRequest, form: FlowForm) -> HttpResponse:
    if "add" in request.POST:
        form.add()
    if {"add", "drop"} & set(request.POST):
        return form.show(request, PAGE)
    return form.answer(request, PAGE)
