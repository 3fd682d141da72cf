"""Asking a list through a view: what the view says counts wherever the address says nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from renmai.kernel.access.preferences import prefer
from renmai.kernel.actions.errors import Missing
from renmai.kernel.overlay.version import rebuilds
from renmai.kernel.records.types import RecordType
from renmai.kernel.records.view.model import View, ViewKind

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

KINDS = set(ViewKind.values)
_viewed: set[str] = set()


def use(request: HttpRequest, by: User, kind: RecordType) -> None:
    """Complete what the address says of a list by the view that it names in ``?view=``.

    Raises:
        Missing: there is no such view of this type for the person.
    """
    named = request.GET.get("view", "")
    if named in KINDS or not named or hasattr(request, "saved"):
        return
    try:
        found = View.objects.visible_to(by).filter(pk=UUID(named), target=kind.slug).first()
    except ValueError:
        return
    if found is None:
        raise Missing(_("There is no such view."))
    take(request, found, kind, by)


def take(request: HttpRequest, view: View, kind: RecordType, by: User) -> None:
    """Show the list through a view."""
    asked = view.asked()
    asked["sort"] = _possible(asked.get("sort", ""), kind, by)
    merged = request.GET.copy()
    for name, text in asked.items():
        if name not in merged and text:
            merged[name] = text
    merged["view"] = str(view.pk)
    request.GET = merged  # type: ignore[assignment]
    request.saved = view  # type: ignore[attr-defined]
    request.saved_asked = {name: text for name, text in asked.items() if text}  # type: ignore[attr-defined]


def _possible(sort: str, kind: RecordType, by: User) -> str:
    """The part of an order that this person may still ask for."""
    hidden = by.access.hidden(kind)
    names = {spec.name for spec in kind.fields.values() if spec.sortable or spec.name == "title"} - hidden
    return ",".join(part for part in sort.split(",") if part.lstrip("-") in names)


def saved_of(request: HttpRequest) -> View | None:
    """The view through which the list is shown."""
    return getattr(request, "saved", None)


def said_by_view(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What the view says, by the names of the address."""
    return tuple(getattr(request, "saved_asked", {}).items())


def shown_as(request: HttpRequest) -> str:
    """As what the list is shown, one of ``ViewKind``."""
    saved = saved_of(request)
    if saved is not None:
        return str(saved.kind)
    named = request.GET.get("view", "")
    return named if named in KINDS else "list"


def is_changed(request: HttpRequest) -> bool:
    """Whether the address asks for something else than the view says."""
    saved: dict[str, str] = getattr(request, "saved_asked", {})
    names = {"filter", "sort", "columns", "group", "by", "sum"}
    return saved_of(request) is not None and any(request.GET.get(name, "") != saved.get(name, "") for name in names)


@rebuilds
def look(is_any: bool) -> None:
    """Remember of which types there are views, until somebody changes one."""
    _viewed.clear()
    _viewed.update(View.objects.order_by().values_list("target", flat=True).distinct() if is_any else ())


def views_of(by: User, kind: RecordType) -> list[View]:
    """The views of a type that a person may see, in the order of their tabs; nothing is asked where nobody has made one."""
    if kind.slug not in _viewed:
        return []
    return list(View.objects.visible_to(by).filter(target=kind.slug).order_by("position", "sort_key")[:50])


def first(by: User, kind: RecordType, views: list[View]) -> View | None:
    """The view with which the list opens: one's own choice, else that of one's role."""
    chosen = by.preferences.get("view", {}).get(kind.slug)
    if chosen:
        return next((view for view in views if str(view.pk) == chosen), None)
    held = {str(role) for role in by.roles}
    return next((view for view in views if held & {str(role) for role in view.roles}), None)


def open_with(by: User, kind: RecordType, key: Any) -> None:
    """Let the list of a type open with a view; with the plain list where the key is ``list``."""
    prefer(by, "view", {**by.preferences.get("view", {}), kind.slug: str(key)})
