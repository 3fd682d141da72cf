"""``/``: what a person has to do now, and how their work stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renmai.kernel.access.user import User
from renmai.kernel.overlay.company import is_set_up
from renmai.kernel.records.pages.door import page
from renmai.kernel.ui.home.panels import Panel, shown


@page
def home(request: HttpRequest, by: User) -> HttpResponse:
    """The panels; only some of them when a script asks for those. An admin of a new Renmai is asked about the company first."""
    if by.access.is_admin and not is_set_up():
        return redirect("welcome")
    found = shown("home", by, request.headers.get("X-Region", "").split())
    return render(request, "kernel/ui/home/home.jinja", {"main": _of(found, aside=False), "aside": _of(found, aside=True), "by": by})


def _of(shown: list[tuple[Panel, dict[str, Any]]], *, aside: bool) -> list[tuple[Panel, dict[str, Any]]]:
    return [(panel, found) for panel, found in shown if panel.aside is aside]
