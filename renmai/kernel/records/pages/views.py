"""Views in the browser: keeping what a list shows under a name, giving it to others, and opening a list with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.records import store
from renmai.kernel.records.pages.door import PAGES, go, page, query_of
from renmai.kernel.records.pages.filters import as_text, conditions
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.typing import Errors, typed_values, written
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.records.view.model import Scope, View
from renmai.kernel.records.view.record import may_publish
from renmai.kernel.records.view.using import open_with, shown_as, views_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def kept(request: HttpRequest) -> dict[str, Any]:
    """What the list shows, as fields of a view."""
    found = conditions(request)
    asked = {name: request.GET.get(name, "") for name in ("sort", "group", "by", "sum")}
    columns = [name for name in request.GET.get("columns", "").split(",") if name]
    return {**asked, "kind": shown_as(request), "columns": columns, "filter": json.loads(as_text(found)) if found else {}}


def address(kind: RecordType, view: View) -> str:
    """The list through a view."""
    return f"{kind.path()}?view={view.pk}"


def of(by: User, kind: RecordType, key: Any) -> View:
    """A view of a type that the person may change.

    Raises:
        Missing, Forbidden: there is none, or it is another's.
    """
    found = View.objects.visible_to(by).filter(pk=key, target=kind.slug).first()
    if found is None:
        raise Missing(_("There is no such view."))
    if not by.may("edit", found):
        raise Forbidden(_("This view belongs to somebody else. Save it as one of your own."))
    return found  # type: ignore[no-any-return]


def _asks(by: User) -> list[str]:
    return ["name", "scope", *(["roles"] if may_publish(by) else [])]


def _dialog(request: HttpRequest, by: User, kind: RecordType, view: View | None, values: dict[str, Any], errors: Errors) -> HttpResponse:
    views = registry["views"]
    inputs = Inputs(by, prefix="view").of([views.fields[name] for name in _asks(by)], values, errors)
    for made in inputs:
        if made.name == "scope":
            open_to = {Scope.PERSONAL, *([Scope.TEAM] if by.team_id else []), *([Scope.PUBLIC] if may_publish(by) else [])}
            made.choices, made.required = [(value, label) for value, label in Scope.choices if value in open_to], True
    general = [sentence for name, said in errors.items() if name not in _asks(by) for sentence in said]
    query = urlencode(query_of(request, {}))
    is_first = view is not None and by.preferences.get("view", {}).get(kind.slug) == str(view.pk)
    opens = request.POST.get("first", "") if request.method == "POST" else "1" if is_first else ""
    about = {"kind": kind, "view": view, "inputs": inputs, "general": general, "query": query, "opens": opens}
    return render(request, f"{PAGES}/view.jinja", about, status=422 if errors else 200)


@page
def new(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Keep what the list shows under a new name."""
    if request.method != "POST":
        return _dialog(request, by, kind, None, {"scope": Scope.PERSONAL}, {})
    values, errors = typed_values([registry["views"].fields[name] for name in _asks(by)], request.POST)
    last = max((view.position for view in views_of(by, kind)), default=-1)
    try:
        view = store.create(registry["views"], {**kept(request), **values, "target": kind.slug, "position": last + 1}, by)
    except (Invalid, Forbidden) as problem:
        errors = problem.errors if isinstance(problem, Invalid) else {"scope": [str(problem)]}
        return _dialog(request, by, kind, None, _typed(request, by), errors)
    _open_first(request, by, kind, view.pk)
    return go(request, f"{kind.path()}?view={view.pk}")


def _typed(request: HttpRequest, by: User) -> dict[str, Any]:
    specs = registry["views"].fields
    return {name: request.POST.getlist(name) if specs[name].many else request.POST.get(name, "") for name in _asks(by)}


def _open_first(request: HttpRequest, by: User, kind: RecordType, key: Any) -> None:
    is_first = by.preferences.get("view", {}).get(kind.slug) == str(key)
    if request.POST.get("first") == "1":
        open_with(by, kind, key)
    elif is_first:
        open_with(by, kind, "list")


@page
def edit(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Rename a view, or give it to others."""
    view = of(by, kind, key)
    if request.method != "POST":
        values = {name: written(registry["views"].fields[name], getattr(view, name)) for name in _asks(by)}
        return _dialog(request, by, kind, view, values, {})
    values, errors = typed_values([registry["views"].fields[name] for name in _asks(by)], request.POST)
    try:
        store.update(registry["views"], view.pk, values, by)
    except (Invalid, Forbidden) as problem:
        errors = problem.errors if isinstance(problem, Invalid) else {"scope": [str(problem)]}
        return _dialog(request, by, kind, view, _typed(request, by), errors)
    _open_first(request, by, kind, view.pk)
    return go(request, address(kind, view))


@page
def save(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Let a view show what the list shows now."""
    view = of(by, kind, key)
    if request.method == "POST":
        store.update(registry["views"], view.pk, kept(request), by)
    return go(request, address(kind, view))


@page
def remove(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Throw a view away."""
    view = of(by, kind, key)
    if request.method == "POST":
        store.remove(registry["views"], view.pk, by)
        if by.preferences.get("view", {}).get(kind.slug) == str(view.pk):
            open_with(by, kind, "list")
    return go(request, kind.path())


@page
def move(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Move a view's tab one place: ``to`` is ``left`` or ``right``."""
    view = of(by, kind, key)
    tabs = views_of(by, kind)
    place = next(at for at, tab in enumerate(tabs) if tab.pk == view.pk)
    to = place + (-1 if request.POST.get("to") == "left" else 1)
    if request.method == "POST" and 0 <= to < len(tabs):
        tabs.insert(to, tabs.pop(place))
        for position, tab in enumerate(tabs):
            if tab.position != position and by.may("edit", tab):
                store.update(registry["views"], tab.pk, {"position": position}, by)
    return go(request, address(kind, view))
