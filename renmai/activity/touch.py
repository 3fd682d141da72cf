"""What follow-ups, calls, meetings and visits share: they are planned or have taken place, and only what took place is a contact."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renmai.activity.base import ActivityType
from renmai.activity.reminder.model import Reminded
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.fields import Link, LongText, Moment
from renmai.kernel.records.store import change

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

SLACK = dt.timedelta(minutes=15)  # the clocks of other programs are not ours


class Touch(Reminded):
    """A contact with a customer, or the plan of one: that has a due time and no ``happened_at`` yet.

    Attributes:
        plan: what was to be talked about, kept beside what came of it.
        next_at, next_plan: when one will be in touch again, and what for.
        next: the follow-up that was planned for then.
    """

    due_at = Moment(_("Planned for"), blank=True, sortable=True)
    done_at = Moment(_("Done"), blank=True, editable=False, sortable=True)
    plan = LongText(_("What was planned"), blank=True)
    next_at = Moment(_("Next contact"), blank=True)
    next_plan = LongText(_("What for"), blank=True)
    next = Link("activity.FollowUp", _("Planned next"), rare=True, editable=False)

    class Meta(Reminded.Meta):
        abstract = True

    def derive(self, changed: set[str]) -> None:
        """What has happened is done; what is neither planned nor dated has happened when it was written."""
        if self.happened_at is None and self.due_at is None:
            self.happened_at = self.created_at
        self.done_at = self.happened_at
        super().derive(changed)


class TouchType(ActivityType):
    """What the types of all contacts share."""

    begins = "happened_at"
    card = ["plan"]
    reveals = {"done": "done_at"}

    def require_allowed(self, values: dict[str, Any], by: User) -> None:
        """Nothing has happened in the future: that would be a plan."""
        require_past("happened_at", values.get("happened_at"))

    def recall(self, values: dict[str, Any]) -> None:
        """Other systems keep what is planned and what took place in one column."""
        if is_ahead(values.get("happened_at")):
            values["due_at"] = values.get("due_at") or values["happened_at"]
            values["happened_at"] = None


def is_ahead(moment: Any) -> bool:
    """Whether a moment is still to come."""
    return isinstance(moment, dt.datetime) and timezone.is_aware(moment) and moment > timezone.now() + SLACK


def require_past(name: str, moment: dt.datetime | None) -> None:
    """Raise ``Invalid`` where what is said to have happened has not."""
    if is_ahead(moment):
        raise Invalid({name: [gettext("This is still to come. Plan it for then instead.")]})


RESULT: dict[str, models.Field[Any, Any]] = {
    "body": LongText(_("What was said"), blank=True),
    "at": Moment(_("When"), blank=True, help_text=_("Now, if left empty.")),
}
NEXT: dict[str, models.Field[Any, Any]] = {
    "next_at": Moment(_("Next contact"), blank=True),
    "next_plan": LongText(_("What for"), blank=True),
}


def take_place(touch: Touch, *, by: User, body: str = "", at: dt.datetime | None = None, **values: Any) -> None:
    """Turn a plan into a contact that took place; what was planned stays beside what was said.

    Args:
        body: what was said; without, the plan's own words tell it.
        at: when; now if not given.
        values: what else came of it, by field; what is empty says nothing.

    Raises:
        Invalid: ``at`` is still to come.
    """
    require_past("at", at)
    said = {"plan": touch.plan or touch.body, "body": body} if body else {}
    told = {name: value for name, value in values.items() if value not in (None, "")}
    change(touch, by=by, happened_at=at or timezone.now(), **said, **told)


@action(_("Done"), icon="check", when=Touch.is_open, refusal=_("This is done already."), fact="done", asks=RESULT | NEXT)
def done(touch: Touch, *, by: User, body: str = "", at: dt.datetime | None = None, **following: Any) -> None:
    """Turn a planned contact into one that took place, and plan the next."""
    take_place(touch, by=by, body=body, at=at, **following)
