"""Making and changing a record: the whole form, and one field in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Conflict, Forbidden, Invalid
from renmai.kernel.api.records import visible
from renmai.kernel.files.field import taken_in
from renmai.kernel.matching.find import twins_of
from renmai.kernel.matching.telling import Duplicate, Told, require_once, told, told_elsewhere
from renmai.kernel.records import store
from renmai.kernel.records.pages.beginning import beginning, given, unshown_at_first, unshown_of
from renmai.kernel.records.pages.cells import INLINE, lines
from renmai.kernel.records.pages.clashes import Clash, changed_by_me, clashes, same
from renmai.kernel.records.pages.door import PAGES, elsewhere, go, page, version_seen
from renmai.kernel.records.pages.entries import Abouts, tables_of
from renmai.kernel.records.pages.inputs import Inputs, stored
from renmai.kernel.records.pages.rows import Lines
from renmai.kernel.records.pages.typing import Errors, as_typed, typed_values
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

TYPED = INLINE | {"address"}


@dataclass(frozen=True)
class Section:
    """A heading and the inputs below it."""

    label: Any
    inputs: list[Input]

    @property
    def is_hidden(self) -> bool:
        """None of its fields is asked for as things stand."""
        return all(made.hidden for made in self.inputs)


def writable(kind: RecordType, by: User) -> list[FieldSpec]:
    """The fields that the person fills in, in order of the layout."""
    arranged = kind.arranged(by)
    specs = [arranged.specs[name] for name in arranged.names]
    return [spec for spec in specs if spec.editable and spec.kind in TYPED and by.access.field(kind.slug, spec.name) == "write"]


class Form:
    """A form on its way: what stands in it, and what is wrong with it."""

    def __init__(self, kind: RecordType, by: User, values: dict[str, Any], *, record: Record | None = None) -> None:
        self.kind, self.by, self.values, self.record = kind, by, values, record
        self.errors: Errors = {}
        self.version = record.version if record is not None else 0
        self.clashes: dict[str, Clash] = {}
        self.unshown: set[str] = set()
        self.twins: list[Told] = []
        self.rows = tables_of(kind, by)

    @property
    def sections(self) -> list[Section]:
        """Headings with their inputs."""
        specs = {spec.name: spec for spec in writable(self.kind, self.by)}
        inputs = {made.name: made for made in Inputs(self.by).of(specs.values(), self.values, self.errors)}
        for name, clash in self.clashes.items():
            if name in inputs:
                clash.mark(inputs[name])
        for name in self.unshown & inputs.keys():
            inputs[name].hidden = True
        found = self.kind.arranged(self.by).sections
        listed = [Section(label, [inputs[name] for name in names if name in inputs]) for label, names in found]
        return [section for section in listed if section.inputs]

    @property
    def watched(self) -> str:
        """Names of the fields on which it depends what is asked for; empty where all is asked for always."""
        return " ".join(self.kind.arranged(self.by).watched)

    @property
    def takes_files(self) -> bool:
        """One of its inputs is for files."""
        return any(spec.kind == "file" for spec in writable(self.kind, self.by))

    @property
    def totals(self) -> list[tuple[Any, str]]:
        """Label and amount of every sum of the document."""
        return totals(self.kind, self.record or self.kind.model(), self.by) if self.is_document else []

    @property
    def is_document(self) -> bool:
        """Its rows are computed, and need the whole width."""
        return any(table.derived for table in self.rows.values())

    @property
    def general(self) -> list[Any]:
        """Sentences that concern no field of the form."""
        shown = {spec.name for spec in writable(self.kind, self.by)} | self.rows.keys()
        return [text for name, found in self.errors.items() if name not in shown and "." not in name for text in found]

    def page(self, request: HttpRequest, status: int = 200) -> HttpResponse:
        """The form, to be filled in."""
        about = {"kind": self.kind, "form": self, "record": self.record, "about": request.GET.get("about", "")}
        return render(request, f"{PAGES}/form.jinja", about, status=status)


@page
def new(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Make a record. The query fills fields in beforehand: ``/people/new/?account=<id>``."""
    if not by.may("create", kind):
        raise Forbidden(_("You may not create this."))
    if used := elsewhere(request, kind, new=True):
        return used
    specs = writable(kind, by)
    if request.method != "POST":
        form = Form(kind, by, beginning(kind, specs, by, request.GET))
        form.unshown = unshown_at_first(kind, by, request.GET)
        if isinstance(about := form.rows.get("about"), Abouts):
            about.show(_about(kind, request).get("about", []))
        return form.page(request)
    form, values = _sent(request, by, kind, specs, None)
    if not form.errors:
        check = None if request.POST.get("allow_duplicate") else require_once
        try:
            record = store.create(kind, _about(kind, request) | given(kind, values, by), by, via="page", check=check)
            return go(request, kind.path(record))
        except Invalid as problem:
            form.errors = problem.errors
            _mark_rows(form)
        except Duplicate as duplicate:
            form.twins = duplicate.told
            return form.page(request, duplicate.status)
    return form.page(request, 422)


def _about(kind: RecordType, request: HttpRequest) -> dict[str, Any]:
    """What a new activity is about, from the address of its form: ``?about=accounts/<id>``."""
    slug, _slash, key = request.GET.get("about", "").partition("/")
    known = "about" in kind.fields and kind.fields["about"].kind == "abouts"
    return {"about": [{"type": slug, "id": key}]} if known and key else {}


def _sent(request: HttpRequest, by: User, kind: RecordType, specs: list[FieldSpec], record: Record | None) -> tuple[Form, dict[str, Any]]:
    """The form as it was sent, and its values; those that are not asked for are left out."""
    sent, refused = taken_in(request, specs, by)
    values, errors = typed_values(specs, sent)
    raw = {spec.name: as_typed(spec, sent) for spec in specs}
    form = Form(kind, by, raw, record=record)
    form.unshown = unshown_of(kind, values, record, by)
    values = {name: value for name, value in values.items() if name not in form.unshown}
    form.errors = {name: found for name, found in (errors | refused).items() if name not in form.unshown}
    for name, table in form.rows.items():
        if f"{name}.shown" in request.POST:
            values[name], problems = table.read(request.POST)
            form.errors |= problems
    return form, values


@require_POST
@page
def asked(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Which of the fields of a form are not asked for as it stands: ``{"unshown": […]}``."""
    record = visible(kind, request.POST["id"], by) if request.POST.get("id") else None
    values, _errors = typed_values(writable(kind, by), request.POST)
    return JsonResponse({"unshown": sorted(unshown_of(kind, values, record, by))})


@require_POST
@page
def twins(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """What may be the same as what stands in the form of a new record so far."""
    _form, values = _sent(request, by, kind, writable(kind, by), None)
    if not by.may("create", kind):
        return render(request, f"{PAGES}/twins.jinja", {"twins": [], "known": []})
    draft = store.draft(kind, given(kind, values, by), by)
    about = {"twins": told(kind, twins_of(kind, draft), by), "known": told_elsewhere(kind, draft, by)}
    return render(request, f"{PAGES}/twins.jinja", about)


def _mark_rows(form: Form) -> None:
    for table in form.rows.values():
        table.errors = form.errors


@page
def edit(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Change a record in the whole form."""
    record = visible(kind, key, by)
    if not by.may("edit", record):
        raise Forbidden(_("You may see this but not change it."))
    if used := elsewhere(request, kind, record):
        return used
    specs = writable(kind, by)
    if request.method != "POST":
        form = Form(kind, by, stored(specs, record), record=record)
        form.unshown = kind.arranged(by).unshown(record, by)
        for table in form.rows.values():
            table.of(record)
        return form.page(request)
    form, values = _sent(request, by, kind, specs, record)
    if form.errors:
        return form.page(request, 422)
    return _stored(request, form, values)


def _stored(request: HttpRequest, form: Form, values: dict[str, Any]) -> HttpResponse:
    """Store what was sent. What only one of two people changed is merged; where both did, the form asks."""
    version = version_seen(request.POST)
    kind, record = form.kind, form.record
    values = _without_untouched_rows(form, values)
    try:
        return go(request, kind.path(store.update(kind, record.pk, values, form.by, version=version)))  # type: ignore[union-attr]
    except Invalid as problem:
        form.errors = problem.errors
        _mark_rows(form)
        return form.page(request, 422)
    except Conflict as conflict:
        mine = changed_by_me(kind, values, conflict)
        found = clashes(kind, record, mine, conflict, request.POST.getlist("use_theirs"))
        if not found:
            mine = {name: value for name, value in mine.items() if name not in request.POST.getlist("use_theirs")}
            record = store.update(kind, record.pk, mine, form.by, version=conflict.details["version"])  # type: ignore[union-attr]
            return go(request, kind.path(record))
        form.version, form.clashes = conflict.details["version"], found
        form.values |= _untouched(form, set(mine))
        return form.page(request, 412)


def _without_untouched_rows(form: Form, values: dict[str, Any]) -> dict[str, Any]:
    """Rows that say what stands there already would rule the field that is their primary one."""
    names = [name for name in form.rows if name in values]
    now = as_json(form.kind, [form.record], form.by, names)[0] if names and form.record is not None else {}
    return {name: value for name, value in values.items() if name not in names or not same(form.kind, name, now.get(name), value)}


def _untouched(form: Form, mine: set[str]) -> dict[str, Any]:
    """Fields that the person left as they were, as they stand now; rows are shown so at once."""
    record = visible(form.kind, form.record.pk, form.by)  # type: ignore[union-attr]
    for name, table in form.rows.items():
        if name not in mine:
            table.of(record)
    return stored([spec for spec in writable(form.kind, form.by) if spec.name not in mine], record)


@page
def compute(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The rows of a document as they would be stored now: amounts computed, and what a chosen product brings filled in."""
    form, values = _sent(request, by, kind, writable(kind, by), None)
    documents = [table for table in form.rows.values() if isinstance(table, Lines)]
    for table in documents:
        table.renew(values.get(table.name, []), request.POST.get("changed", ""))
    sums: list[tuple[Any, str]] = []
    if documents:
        document = store.draft(kind, values, by)
        sums = totals(kind, document, by)
        for table in documents:
            table.take(document.rows(table.name), document)
    if added := form.rows.get(request.POST.get("add", "")):
        added.add()
    return render(request, f"{PAGES}/rows.jinja", {"kind": kind, "tables": form.rows.values(), "totals": sums})


def totals(kind: RecordType, document: Record, by: User) -> list[tuple[Any, str]]:
    """Label and amount of every sum of a document."""
    specs = [spec for spec in kind.fields.values() if spec.kind == "money" and not spec.editable]
    return [(cell.label, cell.text) for cell in lines(kind, [document], specs, by)[0].cells]
