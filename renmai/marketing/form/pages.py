"""``/forms/<id>/``: where a form stands, the links that lead to it, and what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import qrcode
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from renmai.kernel.access.sign_in.invitation import can_mail
from renmai.kernel.actions.errors import Invalid, Missing
from renmai.kernel.api.records import reachable
from renmai.kernel.mail.send import address
from renmai.kernel.notify.api import cursor
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import Page, record
from renmai.kernel.records.types import registry
from renmai.kernel.ui.inputs import Input
from renmai.marketing.form import sent
from renmai.marketing.form.api import changeable
from renmai.marketing.form.model import Form, LandingLink
from renmai.marketing.form.taking import judge

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

PAGE = "marketing/form/form.jinja"
PER_PAGE = 20
CUSTOMERS = ("people", "accounts")


@page
def form(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Its page, with addresses, links and what was sent beside what every record has."""
    kind = registry.of(Form)
    found: Any = reachable(kind, key, by)
    if request.GET.get("as_of") or found.deleted_at or not by.may("edit", found):
        return record(request, slug=kind.slug, key=key)  # type: ignore[return-value]
    return _page(request, by, found)


def _page(request: HttpRequest, by: User, found: Any, errors: dict[str, list[Any]] | None = None) -> HttpResponse:
    kind = registry.of(found)
    listed, older = sent.log(found, PER_PAGE, before=cursor(request.GET.get("earlier", "")))
    shown = {"kind": kind, "record": found, "page": Page(request, by, kind, found), "composers": [], "signs": []}
    told = {
        "submissions": listed,
        "older": older,
        "counts": sent.counted(found),
        "links": [(one, address(f"/l/{one.code}/")) for one in sent.links_of(found)],
        "inputs": inputs(request.POST.dict() if errors else {}, errors or {}, by),
        "public": address(found.address),
        "general": (errors or {}).get("", []),
        "is_mute": found.double_opt_in and not can_mail(),
    }
    return render(request, PAGE, {**shown, **told}, status=422 if errors else 200)


def inputs(typed: dict[str, Any], errors: dict[str, list[Any]], by: User) -> list[Input]:
    """What a new link is made of."""
    labels = {"name": _("Name"), "utm_source": _("UTM source"), "utm_medium": _("UTM medium"), "utm_campaign": _("UTM campaign")}
    labels |= {"utm_term": _("UTM term"), "utm_content": _("UTM content"), "address": _("Page that holds the form")}
    made = [Input(name, label, value=typed.get(name, ""), errors=errors.get(name, []), prefix="link") for name, label in labels.items()]
    made[0].required, made[0].help = True, _("Where the link will stand, such as “Poster at the fair”.")
    made[1].placeholder, made[2].placeholder = "line, facebook, fair", "qr, social, email"
    made[-1].help = _("Empty: the form’s own page.")
    people = [("users/" + str(by.pk), _("Me")), *_passing(by)]
    who = Input("referrer", _("Passed on by"), "select", typed.get("referrer", ""), prefix="link")
    who.choices, who.errors = people, errors.get("referrer", [])
    return [*made, who, *_customers(typed, by)]


def _customers(typed: dict[str, Any], by: User) -> list[Input]:
    """The customers whom a link can be made for, found as they are typed."""
    found = []
    for slug in CUSTOMERS:
        kind = registry.get(slug)
        if kind is not None and by.may("view", kind):
            label = _("Or by this customer: %(noun)s") % {"noun": kind.label}
            found.append(Input(slug, label, "link", typed.get(slug, ""), target=slug, prefix="link"))
    return found


def _passed_on(typed: QueryDict) -> dict[str, Any]:
    """What was typed for a link, with whoever passes it on as one: a customer before a colleague."""
    customer = next((f"{slug}/{typed[slug]}" for slug in CUSTOMERS if typed.get(slug)), "")
    return typed.dict() | ({"referrer": customer} if customer else {})


def _passing(by: User) -> list[tuple[str, str]]:
    """The colleagues whom a link can be made for."""
    kind = registry["users"]
    others = kind.model.objects.visible_to(by).filter(active=True).exclude(pk=by.pk).order_by("sort_key")[:200]
    return [(f"users/{one.pk}", one.title) for one in others]


@require_POST
@page
def new_link(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Make a link."""
    found = changeable(key, by)
    try:
        sent.make_link(found, _passed_on(request.POST), by)
    except Invalid as problem:
        return _page(request, by, found, problem.errors)
    messages.success(request, _("Saved."))
    return redirect(f"{registry.of(found).path(found)}#links")


@require_POST
@page
def drop_link(request: HttpRequest, by: User, key: Any, code: str) -> HttpResponse:
    """Take a link away."""
    found = changeable(key, by)
    LandingLink.objects.filter(form=found, code=code).delete()
    return redirect(f"{registry.of(found).path(found)}#links")


@page
def picture(request: HttpRequest, by: User, key: Any, code: str) -> HttpResponse:
    """The QR code of a link, or with ``-`` of the form's own page, as SVG."""
    found = changeable(key, by)
    if code != "-" and not LandingLink.objects.filter(form=found, code=code).exists():
        raise Missing(_("There is no such page."))
    made = qrcode.make(address(found.address if code == "-" else f"/l/{code}/"), image_factory=SvgPathImage)
    return HttpResponse(made.to_string(), content_type="image/svg+xml")


@page
def download(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """All that was sent, as CSV."""
    found = changeable(key, by)
    response = HttpResponse("\ufeff" + sent.as_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="submissions.csv"'
    return response


@require_POST
@page
def mark(request: HttpRequest, by: User, key: Any, number: int) -> HttpResponse:
    """Say that one is spam, or that it is none."""
    found = changeable(key, by)
    judge(sent.one_of(found, number), is_spam=request.POST.get("spam") == "1")
    return redirect(f"{registry.of(found).path(found)}#submissions")
