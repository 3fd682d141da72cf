"""``/api/v1/forms/<id>/…``: what was sent, and the links that lead to a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.api.contributed import describe_paths, who_may
from renmai.kernel.api.http import answer, api, body
from renmai.kernel.api.records import limit, visible
from renmai.kernel.notify.api import cursor
from renmai.kernel.records.types import registry
from renmai.marketing.form import sent
from renmai.marketing.form.describe import FOR_THE_COMPANY
from renmai.marketing.form.model import Form, LandingLink
from renmai.marketing.form.taking import judge

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

describe_paths(FOR_THE_COMPANY, to=who_may("edit", "forms"))


def changeable(key: Any, by: User) -> Form:
    """A form that the person may change: who only looks sees nothing of what was sent.

    Raises:
        Missing, Forbidden: it is not theirs to see, or to change.
    """
    found: Any = visible(registry.of(Form), key, by)
    if not by.may("edit", found):
        raise Forbidden(_("You may see this but not change it."))
    return found


@api("GET")
def submissions(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What was sent, newest first."""
    found, following = sent.log(changeable(key, by), limit(request, 50), before=cursor(request.GET.get("after", "")))
    return answer({"items": [sent.as_json(one) for one in found], "next": str(following) if following else None})


@api("POST")
def spam(request: HttpRequest, by: User, key: Any, number: int) -> HttpResponse:
    """Say that one is spam, or with ``{"spam": false}`` that it is none."""
    form = changeable(key, by)
    said = body(request).get("spam", True)
    if not isinstance(said, bool):
        raise Invalid({"spam": [_("Yes or no is expected here.")]})
    judge(sent.one_of(form, number), is_spam=said)
    return answer(sent.as_json(sent.one_of(form, number)))


@api("GET", "POST")
def links(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """The links that lead to a form, or a new one."""
    form = changeable(key, by)
    if request.method == "POST":
        return answer(sent.link_json(sent.make_link(form, body(request), by)), 201)
    return answer({"items": [sent.link_json(one) for one in sent.links_of(form)], "next": None})


@api("DELETE")
def link(request: HttpRequest, by: User, key: Any, code: str) -> HttpResponse:
    """Take a link away: whoever follows it from then on is led nowhere."""
    if not LandingLink.objects.filter(form=changeable(key, by), code=code).delete()[0]:
        raise Missing(_("There is no such record."))
    return HttpResponse(status=204)
