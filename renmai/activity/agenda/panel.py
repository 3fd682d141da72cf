"""Where the agenda stands: its pages in the rail, the day on the home page, and its addresses in the description of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from renmai.activity.agenda import api as api
from renmai.activity.agenda import links_api as links_api
from renmai.activity.agenda import subscribing as subscribing
from renmai.activity.agenda.day import MyDay
from renmai.activity.agenda.entries import SLUGS
from renmai.activity.agenda.my_day import at_home
from renmai.kernel.access.rights import Access
from renmai.kernel.ui.home.panels import panel
from renmai.kernel.ui.places import Place, add_place

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

SHOWN = 12


def sees_activities(access: Access) -> bool:
    """Some type that stands in calendars is open to them."""
    return any(access.may("view", slug) for slug in SLUGS)


add_place(Place("activity", _("My day"), "/my-day/", "sun", 10, sees_activities))
add_place(Place("activity", _("Calendar"), "/calendar/", "calendar", 20, sees_activities))


@panel(_("My day"), icon="sun", order=9, follows=SLUGS, template="activity/agenda/at_home.jinja")
def my_day(by: User) -> dict[str, Any] | None:
    """The day of whoever wants it there; the panel of what is to do then gives way."""
    if not at_home(by):
        return None
    day = MyDay(by)
    return {"day": day, "rows": [*day.late, *sorted([*day.appointments, *day.to_do], key=lambda row: row.entry.start)][:SHOWN]}
