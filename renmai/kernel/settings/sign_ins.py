"""``/settings/me/sign-ins/`` and, for administrators, ``/settings/sign-ins/``: who came in or tried to, when, from where and how."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renmai.kernel.access.sign_in.agents import name_of
from renmai.kernel.access.sign_in.attempts import Attempt
from renmai.kernel.access.user import User
from renmai.kernel.records.pages.door import page
from renmai.kernel.settings.company import require_admin

PER_PAGE = 50


@page
def mine(request: HttpRequest, by: User) -> HttpResponse:
    """The person's own."""
    return _show(request, Attempt.objects.filter(user=by.pk), is_all=False)


@page
def everybody(request: HttpRequest, by: User) -> HttpResponse:
    """Everybody's, and those of addresses that nobody has."""
    require_admin(by)
    return _show(request, Attempt.objects.select_related("user"), is_all=True)


def _show(request: HttpRequest, rows: QuerySet[Attempt], *, is_all: bool) -> HttpResponse:
    failed = request.GET.get("failed") == "1"
    before = request.GET.get("before", "")
    if failed:
        rows = rows.filter(succeeded=False)
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PER_PAGE + 1])
    shown = [(attempt, name_of(attempt.agent)) for attempt in found[:PER_PAGE]]
    about: dict[str, Any] = {"attempts": shown, "is_all": is_all, "failed": failed, "path": request.path}
    about["next"] = found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None
    return render(request, "kernel/settings/pages/sign_ins.jinja", about)
