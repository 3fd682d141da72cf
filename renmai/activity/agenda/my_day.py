"""``/my-day/``: the page of one's day, and whether it stands on the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.activity.agenda.day import MyDay
from renmai.kernel.access.preferences import prefer
from renmai.kernel.records.pages.door import done, page
from renmai.kernel.ui.home.panels import shown

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

NAME = "my-day"
AT_HOME = "day_at_home"  # the preference


@page
def my_day(request: HttpRequest, by: User) -> HttpResponse:
    """The day, and the panels that other domains bring to it; only some of them when a script asks for those."""
    wanted = request.headers.get("X-Region", "").split()
    beside = shown(NAME, by, wanted)
    return render(request, "activity/agenda/my_day.jinja", {"day": MyDay(by), "beside": beside, "by": by, "at_home": at_home(by)})


def at_home(by: User) -> bool:
    """The person wants their day on the home page."""
    return bool(by.preferences.get(AT_HOME, False))


@require_POST
@page
def on_home(request: HttpRequest, by: User) -> HttpResponse:
    """Put the day on the home page (``on`` = 1), or take it off."""
    wanted = request.POST.get("on") == "1"
    prefer(by, AT_HOME, wanted)
    return done(_("Your day stands on the home page.") if wanted else _("Your day no longer stands on the home page."))
