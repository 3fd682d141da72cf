"""``/handovers/``: what somebody had goes to others, after a look at what goes to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from renmai.directory.handover.api import LATEST, found_by, preview
from renmai.directory.handover.model import Handover
from renmai.directory.handover.planning import Asked, kinds
from renmai.directory.handover.work import hand_over, require_admin, take_back
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.records.fields import Link, Links
from renmai.kernel.records.pages.door import go, page
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.settings.cards import Card, Group, add_card, is_admin

if TYPE_CHECKING:
    from django.http import QueryDict

HERE = "directory/handover"
SPECS = {
    "person": FieldSpec.of("person", Link("kernel.User", gettext_lazy("Whose records"))),
    "to": FieldSpec.of("to", Links("kernel.User", gettext_lazy("To whom"), help_text=gettext_lazy("Of several each gets as many."))),
}
add_card(
    Card(
        Group.PEOPLE,
        gettext_lazy("Handovers"),
        gettext_lazy("What somebody had goes to others, when they leave or move"),
        icon="user-share",
        address="/handovers/",
        words=gettext_lazy("leave, transfer, reassign, offboarding, successor"),
        is_shown=is_admin,
    )
)


def _given(sent: QueryDict) -> dict[str, Any]:
    return {
        "person": sent.get("person") or sent.get("ids"),
        "to": [key for key in sent.getlist("to") if key],
        "types": sent.getlist("types"),
    }


@page
def index(request: HttpRequest, by: User) -> HttpResponse:
    """The newest ones."""
    require_admin(by)
    found = Handover.objects.select_related("person", "by").order_by("-id")[:LATEST]
    return render(request, f"{HERE}/index.jinja", {"found": found})


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Ask whose records go to whom, show what that comes to, and do it."""
    require_admin(by)
    sent = request.POST if request.method == "POST" else request.GET
    given, errors, planned = _given(sent), {}, None
    if request.method == "POST":
        try:
            if "do" in sent:
                hand_over(given, by)
                messages.success(request, _("The handover has begun. It can be undone for 30 days."))
                return go(request, "/handovers/")
            planned = preview(Asked.of(given))
        except Invalid as problem:
            errors = problem.errors
        except Refused as problem:
            errors = {"": [str(problem)]}
    inputs = Inputs(by, prefix="handover").of(list(SPECS.values()), {name: given[name] for name in SPECS}, errors)
    general = [sentence for name, said in errors.items() if name not in SPECS for sentence in said]
    types = [(kind.slug, capfirst(str(kind.label_plural)), not given["types"] or kind.slug in given["types"]) for kind in kinds()]
    about = {"inputs": inputs, "general": general, "types": types, "planned": planned}
    return render(request, f"{HERE}/new.jinja", about, status=422 if errors else 200)


@require_POST
@page
def back(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Take one back."""
    take_back(found_by(key).pk, by)
    messages.success(request, _("The handover is being undone."))
    return go(request, "/handovers/")


@page
def strip(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Whoever has left still has something: it should go to others."""
    person = User.objects.live().filter(pk=key, active=False).first()
    if person is None or not by.access.is_admin:
        return HttpResponse("")
    left = sum(kind.model.objects.live().filter(owner=person.pk).count() for kind in kinds())
    return render(request, f"{HERE}/strip.jinja", {"person": person, "left": left}) if left else HttpResponse("")
