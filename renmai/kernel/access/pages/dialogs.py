"""The dialogs of a record about who sees it: why somebody does, and with whom it is shared."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.asking import access_json, asked, may_ask
from renmai.kernel.access.telling import open_shares, party_of
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.run import run
from renmai.kernel.actions.sharing import SHARE_ASKS
from renmai.kernel.api.records import visible
from renmai.kernel.records.fields import Link
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.typing import Errors, filled, typed_values
from renmai.kernel.records.record import Record
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

PERSON = FieldSpec.of("user", Link("kernel.User", _("Person"), blank=True))
SHARED = {name: FieldSpec.of(name, ask) for name, ask in SHARE_ASKS.items()}


@page
def access(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Why somebody sees a record: oneself, or whoever is chosen."""
    record = visible(kind, key, by)
    person = asked(record, request.GET.get("user"), by)
    chooser = Inputs(by, prefix="access").of([PERSON], {"user": person.pk}) if may_ask(record, by) else []
    about = {"kind": kind, "record": record, "told": access_json(record, person, by), "person": person, "by": by, "chooser": chooser}
    return render(request, "kernel/access/pages/access.jinja", about)


@page
def sharing(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Who has a record by a share; share it further, or take it back."""
    record = visible(kind, key, by)
    if request.method != "POST":
        return _sharing(request, by, kind, record, {"may": "view"}, {})
    if "back" in request.POST:
        run(kind, "unshare", key, by=by, arguments={request.POST.get("party", "user"): request.POST["back"]})
        return _sharing(request, by, kind, record, {"may": "view"}, {})
    values, errors = typed_values(SHARED.values(), request.POST)
    try:
        if not errors:
            run(kind, "share", key, by=by, arguments=filled(values))
            return _sharing(request, by, kind, record, {"may": "view"}, {})
    except Invalid as problem:
        errors = problem.errors
    return _sharing(request, by, kind, record, request.POST.dict(), errors)


def _sharing(request: HttpRequest, by: User, kind: RecordType, record: Record, values: dict[str, Any], errors: Errors) -> HttpResponse:
    may_share = by.may("share", record)
    inputs = Inputs(by, prefix="share").of(SHARED.values(), values, errors) if may_share else []
    shares = [(share, party_of(share, by)) for share in open_shares(record)] if may_share or may_ask(record, by) else []
    about = {"kind": kind, "record": record, "inputs": inputs, "shares": shares}
    return render(request, "kernel/access/pages/sharing.jinja", about, status=422 if errors else 200)
