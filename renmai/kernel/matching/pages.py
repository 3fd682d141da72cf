"""``/duplicates/``: pairs of records that may be the same, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Forbidden, Missing
from renmai.kernel.api.records import visible
from renmai.kernel.matching.joining import ways_into
from renmai.kernel.matching.model import matched
from renmai.kernel.matching.review import page_of, pair_of, shown
from renmai.kernel.matching.telling import told_elsewhere
from renmai.kernel.matching.work import look
from renmai.kernel.records.pages.door import done, page, toast
from renmai.kernel.settings.cards import Card, Group, add_card

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

SHOWN = 20
NOT_ADMIN = gettext_lazy("Only an administrator may do this.")

add_card(
    Card(
        Group.DATA,
        gettext_lazy("Duplicates"),
        gettext_lazy("Records that may be there twice, side by side"),
        icon="copy-check",
        address="/duplicates/",
        words=gettext_lazy("deduplicate, double, merge"),
        is_shown=lambda by: bool(_kinds(by)),
    )
)


def _kinds(by: User) -> list[RecordType]:
    """The types of which the person may change records, and of which it is told what makes two the same."""
    return [kind for kind in matched() if kind.duplicates is not None and by.may("view", kind) and by.may("edit", kind)]


def kind_of(by: User, slug: str) -> RecordType:
    """The type of that slug, or the first.

    Raises:
        Missing: the person may change none of it, or nothing tells what makes two of it the same.
    """
    kinds = _kinds(by)
    found = next((kind for kind in kinds if kind.slug == slug), None if slug else kinds[0] if kinds else None)
    if found is None:
        raise Missing(_("There is no such page."))
    return found


@page
def duplicates(request: HttpRequest, by: User) -> HttpResponse:
    """The pairs of a type, the likeliest first."""
    kind = kind_of(by, request.GET.get("type", ""))
    found, following = page_of(kind, by, after=request.GET.get("after", ""), limit=SHOWN)
    about = {
        "kind": kind,
        "tabs": [(capfirst(str(one.label_plural)), f"/duplicates/?type={one.slug}", one is kind) for one in _kinds(by)],
        "pairs": shown(kind, found, by),
        "following": f"/duplicates/?{urlencode({'type': kind.slug, 'after': following})}" if following else "",
        "may_look": by.access.is_admin,
    }
    return render(request, "kernel/matching/duplicates.jinja", about)


@page
def known(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """The records of other types that are the same as one, with the action that takes them in; nothing once that is done."""
    record = visible(kind, key, by)
    found = told_elsewhere(kind, record, by)
    ways = ways_into(kind, record, found) if found else []
    way = next((one for one in ways if one.action.is_for(record, by) and by.may(one.action.may, record)), None)
    return render(request, "kernel/matching/known.jinja", {"found": found if way or not ways else [], "way": way})


@require_POST
@page
def different(request: HttpRequest, by: User, key: int) -> HttpResponse:
    """These two are not the same, now and for ever."""
    pair_of(key, by)[1].decide(by)
    return toast(HttpResponse(""), _("Kept apart."))


@require_POST
@page
def look_again(request: HttpRequest, by: User) -> HttpResponse:
    """Look through all records of a type, in the background."""
    if not by.access.is_admin:
        raise Forbidden(NOT_ADMIN)
    job: Any = look(kind_of(by, request.POST.get("type", "")), by)
    return done("", work={"id": str(job.pk)})
