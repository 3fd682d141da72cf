"""``/quality/``, ``/<types>/quality/`` and ``/<types>/tidy/``: how good the data is, and what would be changed to make it better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.actions.bulk import keys_of
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.cleansing.apply import cleanse
from renmai.kernel.cleansing.preview import Portion, Proposal, chosen, cleansable, portion, rows
from renmai.kernel.cleansing.quality import lines, open_kinds, overall, require_open
from renmai.kernel.cleansing.rules import rule_of
from renmai.kernel.jobs.work import at_once, later
from renmai.kernel.records.address import PARTS
from renmai.kernel.records.clean import identity
from renmai.kernel.records.indexed import texts
from renmai.kernel.records.pages.cells import Writer
from renmai.kernel.records.pages.door import done, go, page
from renmai.kernel.records.pages.filters import read
from renmai.kernel.records.ready import called
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.settings.cards import Card, Group, add_card

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

HERE = "kernel/cleansing"
AT_ONCE = 5_000

add_card(
    Card(
        Group.DATA,
        gettext_lazy("Data quality"),
        gettext_lazy("What is filled, valid, fresh and there once only, and how to tidy the rest"),
        icon="sparkles",
        address="/quality/",
        words=gettext_lazy("cleansing, clean up, standardise, validate, completeness"),
        is_shown=lambda by: bool(open_kinds(by)),
    )
)


@page
def index(request: HttpRequest, by: User) -> HttpResponse:
    """Every type whose quality the person is told."""
    return render(request, f"{HERE}/index.jinja", {"found": [overall(kind, by) for kind in open_kinds(by)]})


@page
def quality(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """One type, field by field; sent, it is measured anew."""
    require_open(kind, by)
    if request.method != "POST":
        found = lines(kind, by)
        return render(
            request, f"{HERE}/quality.jinja", {"kind": kind, "by": by, "lines": found, "day": found[0].now.day if found else None}
        )
    begin = at_once if kind.model.objects.live()[: AT_ONCE + 1].count() <= AT_ONCE else later
    begin("measure-quality", by=by, slug=kind.slug)
    messages.success(request, _("Measured.") if begin is at_once else _("The records are being measured. Come back in a few minutes."))
    return redirect(f"{kind.path()}quality/")


class Told(NamedTuple):
    """A field, what it holds and what it should hold."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """A proposal as its reader sees it."""

    key: str
    title: str
    href: str
    changes: list[Told]


def shown(kind: RecordType, proposal: Proposal) -> Shown:
    """A proposal in words."""
    record, changes = proposal.record, []
    for name, value in proposal.values.items():
        before = _written(kind.fields[name], record)
        setattr(record, kind.fields[name].column, value)
        changes.append(Told(kind.fields[name].label, before, _written(kind.fields[name], record)))
    return Shown(str(record.pk), called(record), kind.path(record), changes)


def _written(spec: FieldSpec, record: Any) -> str:
    """What a field holds; a text as it is stored, since what is shown of it would be tidied already."""
    value = getattr(record, spec.column)
    if spec.kind == "json" and "value" in spec.parts:
        return ", ".join(texts(value))
    if spec.kind == "address":  # part by part: in one line nobody would see which field holds what
        return " · ".join(value[part] for part in PARTS if value.get(part))
    return str(value) if spec.kind in {"phone", "text", "email", "url"} else Writer(spec, "read", editable=False).cell(record, {}).text


@page
def tidy(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Choose fields, and see what each record would hold."""
    if request.method == "POST":
        return _begin(request, by, kind)
    names = [name for name in request.GET.getlist("field") if name]
    specs = chosen(kind, by, names) if names else []
    possible = cleansable(kind, by)
    if not names:
        chosen(kind, by, [spec.name for spec in possible])
    found = Portion([], 0, None)
    if specs:
        after = request.GET.get("after", "")
        found = portion(kind, specs, rows(kind, by, _tree(request.GET.get("filter", ""))), identity(after) if after else None)
    again = urlencode([*(("field", name) for name in names), ("filter", request.GET.get("filter", ""))])
    about = {"kind": kind, "fields_of": [(spec, rule_of(kind, spec)) for spec in possible], "names": names, "found": found}
    about |= {"lines": [shown(kind, one) for one in found.proposals], "filter": request.GET.get("filter", "")}
    return render(request, f"{HERE}/tidy.jinja", {**about, "next": f"?{again}&after={found.following}" if found.following else ""})


def _tree(text: str) -> Any:
    return {"and": read(text)} if text else None


@require_POST
def _begin(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Tidy what is ticked on this page, or everything but what is not ticked on it."""
    names, ticked, listed = (request.POST.getlist(name) for name in ("field", "ids", "listed"))
    tree = _tree(request.POST.get("filter", ""))
    if request.POST.get("all") == "1":
        left = sorted(set(keys_of(listed)) - set(keys_of(ticked)))
        return done("", work={"id": str(cleanse(kind, names, by, tree=tree, besides=left).pk)})
    if not ticked:
        raise Invalid({"": [_("Choose records first.")]})
    job = cleanse(kind, names, by, tree=tree, ids=ticked, begin=at_once)
    return go(request, f"/imports/{job.arguments['change_set']}/rows/")
