"""``/webhooks/…``: the form of a webhook, and its page with the log of what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.actions.errors import Conflict, Forbidden, Invalid
from renmai.kernel.api.records import reachable
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.facts.kinds import kinds_of
from renmai.kernel.notify.api import cursor
from renmai.kernel.outgoing import Trouble
from renmai.kernel.records.pages.door import page, version_seen
from renmai.kernel.records.pages.inputs import Inputs, stored
from renmai.kernel.records.pages.record import Page, record
from renmai.kernel.records.pages.typing import typed_values
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.ui.inputs import Input
from renmai.kernel.webhooks.api import log, one_of, resend, ruled
from renmai.kernel.webhooks.model import DeliveryState, Webhook
from renmai.kernel.webhooks.signing import rotate

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.clean import Errors
    from renmai.kernel.records.spec import FieldSpec

HERE = "kernel/webhooks"
PER_PAGE = 20
ASKED = ("name", "address", "reader", "active")


class Form:
    """A webhook on its way through the form."""

    def __init__(self, by: User, found: Webhook | None, sent: QueryDict | None = None) -> None:
        self.by, self.found, self.sent = by, found, sent
        self.kind = registry.of(Webhook)
        self.errors: Errors = {}
        self.kinds: list[str] = sent.getlist("kinds") if sent is not None else list(found.kinds) if found else []
        about = Webhook(kinds=self.kinds).kind
        self.only = self._builder(about) if about else None

    def _builder(self, about: Any) -> Builder:
        if self.sent is not None and "filter" in self.sent:
            return Builder.read(self.sent, about, self.by, company=True)
        return Builder.of(about, self.by, (self.found.criteria if self.found else None) or None, name="filter", company=True)

    @property
    def specs(self) -> list[FieldSpec]:
        """The plain fields."""
        return [self.kind.fields[name] for name in ASKED]

    @property
    def inputs(self) -> list[Input]:
        """The plain fields, with what stands in them."""
        if self.sent is not None:
            values: Any = self.sent.dict()
        else:
            values = stored(self.specs, self.found) if self.found else {"active": True}
        return Inputs(self.by).of(self.specs, values, self.errors)

    @property
    def hears(self) -> Input:
        """What it hears of."""
        found = Input("kinds", _("What it hears of"), "chips", self.kinds, choices=list(kinds_of(registry.all()).items()))
        found.help = _("Empty: of all that happens. Conditions can be added once facts of one type are chosen.")
        found.errors = self.errors.get("kinds", [])
        return found

    @property
    def problems(self) -> list[str]:
        """What is wrong and belongs to no field."""
        return [str(sentence) for name, said in self.errors.items() if name not in {*ASKED, "kinds"} for sentence in said]

    def save(self) -> Any:
        """Keep it.

        Raises:
            Invalid: with every field that does not do.
        """
        raw, errors = typed_values(self.specs, self.sent or QueryDict())
        if errors:
            raise Invalid(errors)
        values = {**raw, "kinds": self.kinds, "criteria": self.only.tree or {} if self.only else {}}
        if self.found is None:
            return create(self.kind, values, self.by)
        return update(self.kind, self.found.pk, values, self.by, version=version_seen(self.sent or QueryDict()))


@page
def new(request: HttpRequest, by: User) -> HttpResponse:
    """Make one."""
    if not by.may("create", registry.of(Webhook)):
        raise Forbidden(_("Only administrators change this."))
    return _form(request, by, None)


@page
def edit(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """Change one."""
    return _form(request, by, ruled(key, by))


def _form(request: HttpRequest, by: User, found: Webhook | None) -> HttpResponse:
    form = Form(by, found, request.POST if request.method == "POST" else None)
    if request.method != "POST" or (form.only is not None and not form.only.is_whole):
        return _show(request, form)
    try:
        saved = form.save()
    except Invalid as problem:
        form.errors = problem.errors
        return _show(request, form)
    except Conflict as problem:
        form.errors = {"": [str(problem)]}
        return _show(request, form)
    messages.success(request, _("Saved."))
    return redirect(form.kind.path(saved))


def _show(request: HttpRequest, form: Form) -> HttpResponse:
    return render(request, f"{HERE}/form.jinja", {"form": form, "webhook": form.found}, status=422 if request.method == "POST" else 200)


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
    return render(request, f"{HERE}/webhook.jinja", {**shown, **told, "names": [names.get(one, one) for one in found.kinds]})


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
