"""``/settings/layouts/``: whose pages and forms differ from those that come with Renmai; taking them out and in as files."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from renmai.kernel.access.rights import Access
from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.overlay.layout import Layout
from renmai.kernel.overlay.layout_files import take_in, written
from renmai.kernel.overlay.pages.fields import FOLDER, extensible
from renmai.kernel.records import store
from renmai.kernel.records.pages.beginning import beginning, unshown_at_first, unshown_of
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.forms import Form, writable
from renmai.kernel.records.pages.typing import typed_values
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.settings.cards import Card, Group, add_card, is_admin


def require_admin(by: User) -> None:
    """Raise ``Forbidden`` for whoever may not make layouts."""
    if not by.may("create", "layouts"):
        raise Forbidden(_("Only an administrator may do this."))


def layouts_of(kind: RecordType) -> list[Layout]:
    """The layouts of a type in the order in which they count; everybody's comes last."""
    found = Layout.objects.live().filter(type=kind.slug).select_related("role")
    return sorted(found, key=lambda layout: (layout.role is None, layout.position, layout.created_at))


def layout_of(kind: RecordType, key: Any) -> Layout:
    """One of them.

    Raises:
        Missing: there is none.
    """
    found = Layout.objects.live().filter(type=kind.slug, pk=key).select_related("role").first()
    if found is None:
        raise Missing(_("There is no such page."))
    return found  # type: ignore[no-any-return]


@page
def index(request: HttpRequest, by: User) -> HttpResponse:
    """The types, each with how many layouts it has, and what no longer fits."""
    require_admin(by)
    return _index(request)


def _index(request: HttpRequest, problems: list[Any] | None = None) -> HttpResponse:
    found = list(Layout.objects.live().select_related("role").order_by("type", "position"))
    counts = {kind.slug: sum(layout.type == kind.slug for layout in found) for kind in extensible()}
    about = {
        "kinds": [(kind, counts[kind.slug]) for kind in extensible()],
        "misfits": [(layout, misfits) for layout in found if (misfits := layout.misfits)],
        "has_any": bool(found),
        "problems": problems or [],
    }
    return render(request, f"{FOLDER}/layouts.jinja", about, status=422 if problems else 200)


@page
def of_type(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The layouts of one type, and for whom another can be made."""
    require_admin(by)
    found = layouts_of(kind)
    taken = {layout.role.pk if layout.role is not None else None for layout in found}
    roles = [role for role in Role.objects.live().order_by("sort_key") if role.pk not in taken]
    about = {"kind": kind, "layouts": found, "roles": roles, "may_have_everybodys": None not in taken}
    return render(request, f"{FOLDER}/layouts_of.jinja", about)


@require_POST
@page
def new(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Make a layout for a role, which begins as everybody's; without a role for everybody."""
    require_admin(by)
    standing = layouts_of(kind)
    everybodys = next((layout for layout in standing if layout.role is None), None)
    like = {"sections": everybodys.sections, "rules": everybodys.rules} if everybodys is not None else {}
    last = max((layout.position for layout in standing), default=0)
    values = {"type": kind.slug, "role": request.POST.get("role") or None, "position": last + 1, **like}
    made = store.create(registry["layouts"], values, by, via="page")
    return redirect("layout", slug=kind.slug, key=made.pk)


@require_POST
@page
def earlier(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Let a layout count before the one above it."""
    require_admin(by)
    found = layouts_of(kind)
    at = next((place for place, layout in enumerate(found) if layout.pk == layout_of(kind, key).pk and place), 0)
    if at:
        found[at - 1], found[at] = found[at], found[at - 1]
    for place, layout in enumerate(found):
        if layout.position != place:
            store.update(registry["layouts"], layout.pk, {"position": place}, by)
    return redirect("layouts-of", slug=kind.slug)


@require_POST
@page
def reset(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Take a layout back: its people see the type as everybody does, everybody as it comes with Renmai."""
    require_admin(by)
    store.remove(registry["layouts"], layout_of(kind, key).pk, by)
    messages.success(request, _("The layout is taken back."))
    return redirect("layouts-of", slug=kind.slug)


@page
def preview(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """The form of a new record as the people of a layout have it."""
    require_admin(by)
    layout = layout_of(kind, key)
    viewer = _holder(by, layout)
    form = Form(kind, viewer, beginning(kind, writable(kind, viewer), viewer, request.GET))
    form.unshown = unshown_at_first(kind, viewer, request.GET)
    return render(request, f"{FOLDER}/layout_preview.jinja", {"kind": kind, "layout": layout, "form": form})


def _holder(by: User, layout: Layout) -> User:
    """Somebody with no role but that of a layout."""
    viewer = copy(by)
    viewer.__dict__["access"] = Access(viewer, [layout.role] if layout.role is not None else [])
    return viewer


@require_POST
@page
def asked(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Which fields of the preview are not asked for as it stands."""
    require_admin(by)
    viewer = _holder(by, layout_of(kind, key))
    values, _errors = typed_values(writable(kind, viewer), request.POST)
    return JsonResponse({"unshown": sorted(unshown_of(kind, values, None, viewer))})


@page
def export(request: HttpRequest, by: User) -> HttpResponse:
    """All layouts, or those of one type (``?type=``), as a file."""
    require_admin(by)
    found = Layout.objects.live().select_related("role").order_by("type", "position")
    named = request.GET.get("type", "")
    text = written(found.filter(type=named) if named else found)
    name = f"layouts-{named}.json" if registry.get(named) else "layouts.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


@require_POST
@page
def take(request: HttpRequest, by: User) -> HttpResponse:
    """Take in a file of layouts; one that does not fit changes nothing and says why."""
    require_admin(by)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Invalid({"file": [_("Choose a file.")]})
        count = take_in(sent.read(), by)
    except Invalid as problem:
        return _index(request, [text for found in problem.errors.values() for text in found])
    messages.success(request, ngettext("%(count)s layout was imported.", "%(count)s layouts were imported.", count) % {"count": count})
    return redirect("layouts")


add_card(
    Card(
        Group.DATA,
        gettext_lazy("Layouts"),
        gettext_lazy("Order of the fields by role; what is needed, fixed, begun with or shown only in some cases"),
        icon="layout-grid",
        address="/settings/layouts/",
        words=gettext_lazy("form, sections, required field, read only, help text"),
        is_shown=is_admin,
    )
)
