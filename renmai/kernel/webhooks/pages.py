"""``/webhooks/…``: the form of a webhook, and its page with the log of what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Forbidden
from renmai.kernel.api.records import reachable
from renmai.kernel.criteria.form import CriteriaForm, sent_by
from renmai.kernel.facts.kinds import kinds_of
from renmai.kernel.notify.api import cursor
from renmai.kernel.outgoing import Trouble
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.record import Page, record
from renmai.kernel.records.types import registry
from renmai.kernel.ui.inputs import Input
from renmai.kernel.webhooks.api import log, one_of, resend, ruled
from renmai.kernel.webhooks.model import DeliveryState, Webhook
from renmai.kernel.webhooks.signing import rotate

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.clean import Errors
    from renmai.kernel.records.types import RecordType

HERE = "kernel/webhooks"
PER_PAGE = 20
FORM = f"{HERE}/form.jinja"


class Form(CriteriaForm):
    """A webhook on its way through the form."""

    asked = ("name", "address", "reader", "active")

    def __init__(self, by: User, found: Webhook | None, sent: QueryDict | None) -> None:
        self.kinds: list[str] = sent.getlist("kinds") if sent is not None else list(found.kinds) if found else []
        super().__init__(registry.of(Webhook), by, found, sent)

    def of(self) -> RecordType | None:
        """Facts of one type can be told apart by its fields."""
        return Webhook(kinds=self.kinds).kind

    def is_beside(self, name: str) -> bool:
        return super().is_beside(name) or name == "kinds"

    @property
    def hears(self) -> Input:
        """What it hears of."""
        found = Input("kinds", _("What it hears of"), "chips", self.kinds, choices=list(kinds_of(registry.all()).items()))
        found.help = _("Empty: of all that happens. Conditions can be added once facts of one type are chosen.")
        found.errors = self.errors.get("kinds", [])
        return found

    def more(self, sent: QueryDict) -> tuple[dict[str, Any], Errors]:
        return {"kinds": self.kinds, **({self.keeps: {}} if self.only is None else {})}, {}


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one."""
    if not by.may("create", registry.of(Webhook)):
        raise Forbidden(_("Only administrators change this."))
    return Form(by, None, sent_by(request)).answer(request, FORM)


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change one."""
    return Form(by, ruled(key, by), sent_by(request)).answer(request, FORM)


@page
def webhook(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Its page, with the log beside what every record has."""
    kind = registry.of(Webhook)
    found: Any = reachable(kind, key, by)
    if request.GET.get("as_of") or found.deleted_at or not by.may("edit", found):
        return record(request, slug=kind.slug, key=key)  # type: ignore[return-value]
    return _page(request, by, found)


def _page(request: HttpRequest, by: User, found: Any, secret: str = "") -> HttpResponse:
    kind, state = registry.of(Webhook), request.GET.get("state", "")
    state = state if state in DeliveryState.values else ""
    listed, older = log(found, PER_PAGE, before=cursor(request.GET.get("earlier", "")), state=state)
    shown = {"kind": kind, "record": found, "page": Page(request, by, kind, found), "composers": [], "signs": []}
    told = {"deliveries": listed, "older": older, "state": state, "secret": secret, "troubles": dict(Trouble.choices)}
    names = kinds_of(registry.all())
    return render(request, f"{HERE}/webhook.jinja", {**shown, **told, "names": names})


@require_POST
@page
def secret(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """A new secret, shown only now."""
    found = ruled(key, by)
    return _page(request, by, found, rotate(found))


@require_POST
@page
def again(request: HttpRequest, by: User, key: Any, delivery: Any) -> HttpResponse:
    """Send one delivery again."""
    found = ruled(key, by)
    resend(found, one_of(found, delivery))
    messages.success(request, _("It is being sent again."))
    return redirect(registry.of(found).path(found))
