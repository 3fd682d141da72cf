"""Where the agenda stands: its pages in the rail, and its addresses in the description of the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.activity.agenda import api as api
from renmai.activity.agenda.entries import SLUGS
from renmai.kernel.access.rights import Access
from renmai.kernel.ui.places import Place, add_place


def sees_activities(access: Access) -> bool:
    """Some type that stands in calendars is open to them."""
    return any(access.may("view", slug) for slug in SLUGS)


add_place(Place("activity", _("Calendar"), "/calendar/", "calendar", 20, sees_activities))
