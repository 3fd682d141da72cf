"""The form of a rule, what would go back, and the line on a record's page that says when it does."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.directory.pool.pooled import pooled
from renmai.directory.recycling.api import kinds_asked, moment_asked
from renmai.directory.recycling.bases import bases_of
from renmai.directory.recycling.dry import dry_run
from renmai.directory.recycling.listeners import CHECK
from renmai.directory.recycling.model import Check, RecyclingRule
from renmai.directory.recycling.told import standing
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.api.records import visible
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.jobs.work import at_once, later
from renmai.kernel.records.clean import Errors
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import record as record_page
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.settings.cards import Card, Group, add_card, is_admin
from renmai.kernel.settings.company import require_admin
from renmai.kernel.ui.inputs import Input

HERE = "directory/recycling"
FEW = 5_000

add_card(
    Card(
        Group.DATA,
        gettext_lazy("What goes back"),
        gettext_lazy("Which leads and customers would go back to their pool, now or on a day ahead"),
        icon="recycle",
        address="/recycling/",
        words=gettext_lazy("recycling, dry run, preview, check now"),
        is_shown=is_admin,
    )
)


class RuleForm(CriteriaForm):
    """A rule on its way through its form.

    Args:
        about: the type of the records that go back.
    """

    asked = ("name", "active", "position", "pools", "basis", "days", "unit", "warnings", "spares", "to_pool", "reason")

    def __init__(self, about: RecordType, by: User, found: RecyclingRule | None, sent: QueryDict | None) -> None:
        self.about = about
        super().__init__(registry.of(RecyclingRule), by, found, sent)
        self.spared = self.builder(about, getattr(found, "exempt", None), "exempt")

    def of(self) -> RecordType:
        return self.about

    @property
    def builders(self) -> list[Builder]:
        return [*super().builders, self.spared]

    @property
    def inputs(self) -> list[Input]:
        """Warnings as numbers in a line, and only what the type may go back for."""
        found = super().inputs
        for made in found:
            if made.name == "warnings":
                made.kind = "text"
                kept = ", ".join(str(one["days"]) for one in self.found.warnings) if self.found else ""
                made.value = self.sent.get("warnings", "") if self.sent is not None else kept
                made.help = _("So many days before, in the same days: 7, 3, 1.")
            if made.name == "basis":
                made.kind, made.choices = "select", [(basis.name, basis.label) for basis in bases_of(self.about)]
        return found

    def part(self, *names: str) -> list[Input]:
        """Some of the inputs, in this order."""
        by_name = {made.name: made for made in self.inputs}
        return [by_name[name] for name in names]

    def more(self, sent: QueryDict) -> tuple[dict[str, Any], Errors]:
        return {"record_type": self.about.slug, "exempt": self.spared.tree or {} if self.spared.is_whole else {}}, {}


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Ask for the type of record, then for the rule."""
    if not by.may("create", registry.of(RecyclingRule)):
        raise Forbidden(_("Only administrators change this."))
    kinds = {kind.slug: kind for kind in pooled()}
    about = kinds.get(request.GET.get("type", ""))
    if about is None:
        choices = [(f"?type={kind.slug}", capfirst(str(kind.label_plural)), kind.icon) for kind in kinds.values()]
        return render(request, f"{HERE}/types.jinja", {"kinds": choices})
    return RuleForm(about, by, None, sent_by(request)).answer(request, f"{HERE}/rule.jinja")


@page
def rule(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The form of a rule; whoever may not change it reads it."""
    found: Any = visible(registry.of(RecyclingRule), key, by)
    about = registry.get(found.record_type)
    if about is None or not by.may("edit", found):
        return record_page(request, slug=registry.of(RecyclingRule).slug, key=key)  # type: ignore[return-value]
    return RuleForm(about, by, found, sent_by(request)).answer(request, f"{HERE}/rule.jinja")


@page
def preview(request: HttpRequest, by: User) -> HttpResponse:
    """Who would go back, and having it done now."""
    require_admin(by)
    if request.method == "POST":
        return _run(request, by)
    day, errors = request.GET.get("at", ""), []
    try:
        at = moment_asked(day)
    except Invalid as problem:
        at, errors = moment_asked(""), problem.errors["at"]
    asked = Input("at", _("On this day, if nothing is done until then"), "date", day, errors=errors, native=True)
    last = Check.objects.order_by("-at").first()
    shown = {"found": dry_run(kinds_asked(""), at), "asked": asked, "is_ahead": bool(day) and not errors, "last": last}
    return render(request, f"{HERE}/preview.jinja", shown, status=422 if errors else 200)


def _run(request: HttpRequest, by: User) -> HttpResponse:
    few = all(kind.model.objects.live()[: FEW + 1].count() <= FEW for kind in pooled())
    job = (at_once if few else later)(CHECK, by=by)
    if few:
        moved = sum(job.result["moved"].values())
        messages.success(request, _("Done: %(count)s went back.") % {"count": moved})
    else:
        messages.success(request, _("All records are being looked at. Come back in a minute."))
    return redirect("recycling")


@page
def of_record(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """The line on a record's page."""
    if kind not in pooled():
        raise Missing(_("There is nothing at this address."))
    return render(request, f"{HERE}/standing.jinja", {"kind": kind, "standing": standing(kind, visible(kind, key, by)), "by": by})
