"""How working calendars look, and what is done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions.action import action
from renmai.kernel.calendars import provided
from renmai.kernel.calendars.model import WorkingCalendar
from renmai.kernel.calendars.names import NAMES
from renmai.kernel.records.store import change
from renmai.kernel.records.types import RecordType, register

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def _is_provided(calendar: WorkingCalendar) -> bool:
    return calendar.country in provided.countries()


def _is_not_default(calendar: WorkingCalendar) -> bool:
    return not calendar.is_default


@action(
    _("Load the holidays anew"),
    icon="refresh",
    may="edit",
    when=_is_provided,
    refusal=_("The holidays of this country do not come with Renmai."),
    fact="reloaded",
)
def reload(calendar: WorkingCalendar, *, by: User) -> None:
    """Take over the days of the country as this version of the program knows them; what somebody changed stays."""
    before = calendar.days, calendar.loaded
    calendar.take_over()
    after = calendar.days, calendar.loaded
    calendar.days, calendar.loaded = before
    change(calendar, by=by, days=after[0], loaded=after[1])


@action(
    _("Make it the company’s"),
    icon="building",
    may="edit",
    when=_is_not_default,
    refusal=_("This is the company’s calendar already."),
    fact="chosen",
)
def make_default(calendar: WorkingCalendar, *, by: User) -> None:
    """It counts for everybody who has no other."""
    for other in WorkingCalendar.objects.filter(is_default=True).select_for_update(of=("self",)):
        change(other, by=by, is_default=False)
    change(calendar, by=by, is_default=True)


@register
class WorkingCalendarType(RecordType):
    model = WorkingCalendar
    icon, rank = "calendar-time", 94
    columns = ["name", "country", "time_zone", "is_default", "teams", "users"]
    layout = {
        _("Calendar"): ["name", "country", "time_zone", "is_default"],
        _("Whose it is"): ["teams", "users"],
        _("Hours"): ["hours"],
        _("Days that differ"): ["days"],
    }
    search = ["name"]
    actions = [reload, make_default]
    ready = NAMES
    rail, ownerless, governs, open_to_all = False, True, True, True
    hint = _("Hours, holidays and make-up working days, for the whole company, a team or a person")
    found_by = _("business hours, office hours, public holidays, workdays, time off")
    phrases = {
        "reloaded": _("%(by)s loaded the holidays of %(title)s anew"),
        "chosen": _("%(by)s made %(title)s the company’s calendar"),
    }
