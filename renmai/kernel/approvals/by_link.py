"""``/approve/<token>/``: an answer from a letter, on any device, without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from renmai.kernel.access.sign_in.views import told
from renmai.kernel.actions.errors import Refusal
from renmai.kernel.actions.run import run
from renmai.kernel.approvals.mail import opened
from renmai.kernel.records.pages.cells import lines
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.approvals.model import Approval

ANSWERS = ("approve", "reject", "send-back")


@never_cache
@login_not_required
def approve(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, and the three answers to it."""
    found = opened(token)
    if found is None or registry.get(found[0].target_type) is None:
        return told(request, _("This link does not work any more"), _("Sign in to see what waits for you."), 410)
    approval, person = found
    if not (approval.is_waiting() and approval.asks(person)):
        return told(request, _("This has been decided"), _("Nothing more is needed of you here. Sign in to see how it went."), 410)
    if request.method != "POST" or request.POST.get("do") not in ANSWERS:
        return _ask(request, approval, person, "")
    try:
        comment = request.POST.get("comment", "")
        run(registry.of(approval), request.POST["do"], approval.pk, by=person, arguments={"comment": comment} if comment else {})
    except Refusal as problem:
        return _ask(request, approval, person, _why(problem))
    return told(request, _("Thank you"), _("Your answer to “%(title)s” is kept.") % {"title": approval.subject})


def _why(problem: Refusal) -> str:
    return _("Say why: whoever asked has to understand it.") if getattr(problem, "errors", None) else str(problem)


def _ask(request: HttpRequest, approval: Approval, person: User, problem: str) -> HttpResponse:
    kind = registry[approval.target_type]
    record = kind.model.objects.visible_to(person).filter(pk=approval.target_id).first()
    hidden = person.access.hidden(kind)
    specs = [kind.fields[name] for name in kind.columns if name in kind.fields and name not in hidden and name != "owner"]
    cells = lines(kind, [record], specs, person, editable=False)[0].cells if record is not None else []
    values: dict[str, Any] = {"approval": approval, "kind": kind, "cells": cells, "problem": problem}
    values["comment"] = request.POST.get("comment", "")
    return render(request, "kernel/approvals/by_link.jinja", values, status=422 if problem else 200)
