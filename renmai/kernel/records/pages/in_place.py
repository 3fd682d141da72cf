"""One field in its place, in a list or on a page: read, opened for change, stored, and what was stored taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Conflict, Forbidden, Invalid, Refused
from renmai.kernel.api.records import visible
from renmai.kernel.files.field import taken_in
from renmai.kernel.history.read import originals
from renmai.kernel.records import store
from renmai.kernel.records.pages.cells import INLINE, Cell, lines
from renmai.kernel.records.pages.clashes import Clash, clashes, same
from renmai.kernel.records.pages.door import PAGES, done, page, toast, version_seen
from renmai.kernel.records.pages.inputs import Inputs, stored
from renmai.kernel.records.pages.typing import Errors, as_typed, typed_values
from renmai.kernel.records.ready import called
from renmai.kernel.records.refusals import sentence
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

LONGEST = 60  # characters of a value in a sentence


@page
def field(request: HttpRequest, by: User, kind: RecordType, key: Any, name: str) -> HttpResponse:
    """One field in its place: read, opened for change (``?edit=1``), or stored."""
    record, spec = visible(kind, key, by), _spec(kind, by, name)
    if request.method == "POST":
        return _field_stored(request, by, kind, record, spec)
    if request.GET.get("edit") != "1":
        return _field_read(request, kind, record, _cell(by, kind, record, spec))
    if not by.may("edit", record):
        raise Forbidden(_("You may see this but not change it."))
    return _field_open(request, by, kind, record, spec, stored([spec], record), {})


def _spec(kind: RecordType, by: User, name: str) -> FieldSpec:
    """A field that can be changed in its place.

    Raises:
        Invalid: there is none of that name for the person.
    """
    spec = kind.arranged(by).specs.get(name)
    if spec is None or spec.kind not in INLINE or name in by.access.hidden(kind):
        raise Invalid({"field": [_("There is no such field.")]})
    return spec


def _cell(by: User, kind: RecordType, record: Record, spec: FieldSpec) -> Cell:
    return lines(kind, [record], [spec], by)[0].cells[0]


def _field_read(request: HttpRequest, kind: RecordType, record: Record, cell: Cell) -> HttpResponse:
    return render(request, f"{PAGES}/field.jinja", {"kind": kind, "key": record.pk, "cell": cell, "in_list": in_list(request)})


def in_list(request: HttpRequest) -> bool:
    """Whether the field stands in a list, which brings its own pencil."""
    return request.GET.get("in") == "list" or request.POST.get("in") == "list"


def _field_open(
    request: HttpRequest,
    by: User,
    kind: RecordType,
    record: Record,
    spec: FieldSpec,
    values: dict[str, Any],
    errors: Errors,
    clash: Clash | None = None,
) -> HttpResponse:
    made = Inputs(by, prefix=f"c-{record.pk}").of([spec], values, errors)[0]
    if clash is not None:
        clash.mark(made)
    about = {"kind": kind, "record": record, "input": made, "general": _others(kind, spec, errors), "in_list": in_list(request)}
    return render(request, f"{PAGES}/field_open.jinja", about, status=422 if errors else 412 if clash else 200)


def _others(kind: RecordType, spec: FieldSpec, errors: Errors) -> list[str]:
    """Sentences about other fields, which this one made necessary or impossible."""
    others = {name: found for name, found in errors.items() if name != spec.name}
    return [sentence(kind, Invalid(others))] if others else []


def _field_stored(request: HttpRequest, by: User, kind: RecordType, record: Record, spec: FieldSpec) -> HttpResponse:
    form, untaken = taken_in(request, [spec], by)
    values, errors = typed_values([spec], form)
    errors |= untaken
    raw = {spec.name: as_typed(spec, form)}
    if errors:
        return _field_open(request, by, kind, record, spec, raw, errors)
    seen = version_seen(request.POST)
    try:
        changed = store.update(kind, record.pk, values, by, version=seen)
    except Invalid as problem:
        return _field_open(request, by, kind, record, spec, raw, problem.errors)
    except Conflict as conflict:
        clash = clashes(kind, record, values, conflict).get(spec.name)
        if clash is not None:
            return _field_open(request, by, kind, record, spec, raw, {}, clash)
        seen = conflict.details["version"]
        changed = store.update(kind, record.pk, values, by, version=seen)
    cell = _cell(by, kind, changed, spec)
    response = _field_read(request, kind, changed, cell)
    if changed.version == seen:
        return response
    back = urlencode({"before": seen, "after": changed.version})
    return toast(response, _told(cell, called(changed)), undo=f"{kind.path(record)}field/{spec.name}/undo/?{back}")


def _told(cell: Cell, title: str) -> str:
    """What was changed, in a sentence."""
    words = {"field": cell.label, "title": _short(title), "value": _short(cell.text)}
    if cell.kind == "boolean":
        words["value"] = _("Yes") if cell.text else _("No")
    elif not cell.text:
        return _("“%(field)s” of “%(title)s” is empty now.") % words
    return _("“%(field)s” of “%(title)s” was changed to “%(value)s”.") % words


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


@require_POST
@page
def undo(request: HttpRequest, by: User, kind: RecordType, key: Any, name: str) -> HttpResponse:
    """Put back what a field held in the version ``before`` the change that made the version ``after``, as a change like any other.

    Raises:
        Refused: somebody else has changed the field since.
    """
    record, spec = visible(kind, key, by), _spec(kind, by, name)
    before, after = (version_seen(request.GET, name=side) for side in ("before", "after"))
    held = {one: value for one, value in originals(kind, record, [name], before, by).items() if one == name}
    if not held:
        raise Refused(_("There is nothing here that can be undone."))
    try:
        store.update(kind, record.pk, held, by, version=after, reason=_("Undone"))
    except Conflict as conflict:
        theirs, mine = (conflict.details[side].get(name) for side in ("theirs", "original"))
        if not same(kind, name, theirs, mine):
            raise Refused(_("Somebody else has changed “%(field)s” meanwhile: it stays as it is.") % {"field": spec.label}) from None
        store.update(kind, record.pk, held, by, version=conflict.details["version"], reason=_("Undone"))
    return done(_("“%(field)s” of “%(title)s” is as it was.") % {"field": spec.label, "title": _short(called(record))})
