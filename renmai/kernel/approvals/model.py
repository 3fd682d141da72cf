"""Flows, as the company makes them, and approvals, one for each time that somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.records.fields import Boolean, Choice, Integer, Json, Link, Links, LongText, Moment, Parent, Pick, Text
from renmai.kernel.records.record import Record, Row
from renmai.kernel.records.type_names import TypeNames
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from renmai.kernel.access.user import User

MOST_STEPS = 20


class Missing(models.TextChoices):
    """What happens at a step for which nobody is found."""

    ADMINS = "admins", gettext_lazy("Ask the administrators")
    SKIP = "skip", gettext_lazy("Go on to the next step")


class Need(models.TextChoices):
    """How many of those who are asked must agree."""

    ANY = "any", gettext_lazy("One of them")
    ALL = "all", gettext_lazy("All of them")


class ApprovalStatus(models.TextChoices):
    """Where an approval stands."""

    WAITING = "waiting", gettext_lazy("Waiting")
    APPROVED = "approved", gettext_lazy("Approved")
    REJECTED = "rejected", gettext_lazy("Rejected")
    SENT_BACK = "sent_back", gettext_lazy("Sent back")
    RECALLED = "recalled", gettext_lazy("Recalled")


class SeatState(models.TextChoices):
    """What somebody who was asked has said."""

    WAITING = "waiting", gettext_lazy("Asked")
    APPROVED = "approved", gettext_lazy("Agreed")
    REJECTED = "rejected", gettext_lazy("Rejected")
    SENT_BACK = "sent_back", gettext_lazy("Sent back")
    DELEGATED = "delegated", gettext_lazy("Passed on")
    NOT_NEEDED = "not_needed", gettext_lazy("No longer needed")


class ApprovalFlow(Record):
    """Who is asked, in what order, for records of one type."""

    name = Text(gettext_lazy("Name"), sortable=True)
    record_type = Pick(gettext_lazy("Record type"), options=TypeNames())
    criteria = Json(gettext_lazy("Which records"), default=dict, blank=True)
    before = Text(
        gettext_lazy("Needed before"), blank=True, help_text=gettext_lazy("The action that is refused until the approval is there.")
    )
    missing = Choice(Missing, gettext_lazy("Where nobody is found"), default=Missing.ADMINS)
    remind_days = Integer(gettext_lazy("Remind after days"), default=2, blank=True)
    active = Boolean(gettext_lazy("In use"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("approval flow"), gettext_lazy("approval flows")

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its type and action are there, and every step asks somebody."""
        kind = registry.get(self.record_type)
        if kind is None:
            yield "record_type", _("There is no such type of record.")
        elif self.before and kind.action(self.before) is None:
            valid = ", ".join(action.name for action in kind.actions)
            yield "before", _("There is no such action, only: %(valid)s.") % {"valid": valid or "–"}
        levels = self.rows("levels")
        if not levels or not all(level.users or level.roles for level in levels):
            yield "levels", _("Say for every step who is asked.")
        if any(not 1 <= level.step <= MOST_STEPS for level in levels):
            yield "levels", _("Steps are numbered from 1 to %(most)s.") % {"most": MOST_STEPS}

    def plan(self) -> list[dict[str, Any]]:
        """Its levels as an approval keeps them, in the order of their steps: later changes of the flow do not touch it."""
        levels = sorted(self.rows("levels"), key=lambda level: level.step)
        return [level.told() for level in levels]


class FlowLevel(Row):
    """Some people who are asked together. Levels of the same step are asked side by side."""

    flow = Parent(ApprovalFlow, related_name="levels")
    step = Integer(gettext_lazy("Step"), default=1)
    users = Links("kernel.User", gettext_lazy("People"))
    roles = Links("kernel.Role", gettext_lazy("Everybody with the role"))
    within = Boolean(gettext_lazy("Only from the record's team and those above it"))
    need = Choice(Need, gettext_lazy("Who must agree"), default=Need.ANY)
    criteria = Json(gettext_lazy("Only for"), default=dict, blank=True)

    class Meta(Row.Meta):
        verbose_name, verbose_name_plural = gettext_lazy("level"), gettext_lazy("levels")

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "step": self.step,
            "users": [str(key) for key in self.users],
            "roles": [str(key) for key in self.roles],
            "within": self.within,
            "need": self.need,
            "criteria": self.criteria,
        }


class Approval(Record):
    """One question to some people, and what they say. Its owner is who asked."""

    subject = Text(gettext_lazy("Record"), editable=False)
    flow = Link(ApprovalFlow, gettext_lazy("Approval flow"), editable=False)
    flow_version = Integer(gettext_lazy("Version of the flow"), editable=False)
    status = Choice(ApprovalStatus, gettext_lazy("Status"), default=ApprovalStatus.WAITING, editable=False)
    step = Integer(gettext_lazy("Step"), default=0, editable=False)
    waiting_for = Links("kernel.User", gettext_lazy("Waiting for"), editable=False)
    note = LongText(gettext_lazy("Note"), blank=True, editable=False)
    levels = Json(gettext_lazy("Plan"), default=list, editable=False)
    target_type = Text(gettext_lazy("Record type"), editable=False)
    target_id = models.UUIDField(editable=False)
    target_version = Integer(gettext_lazy("Version of the record"), editable=False)
    reminded_at = Moment(gettext_lazy("Last reminder"), blank=True, editable=False)
    decided_at = Moment(gettext_lazy("Decided"), blank=True, editable=False, sortable=True)

    extra_fields: ClassVar[list[tuple[str, str, Any]]] = [("about", "abouts", gettext_lazy("About"))]

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("approval"), gettext_lazy("approvals")
        indexes = [models.Index(fields=["target_id", "status"], name="approval_target")]
        constraints = [
            models.UniqueConstraint(
                fields=["target_id"],
                condition=models.Q(status=ApprovalStatus.WAITING, deleted_at=None),
                name="approval_waiting_once",
                violation_error_message=gettext_lazy("An approval of this record is waiting already."),
            )
        ]

    def heading(self) -> str:
        """The title of what it is about."""
        return str(self.subject)

    def is_waiting(self) -> bool:
        """Somebody has still to decide."""
        return bool(self.status == ApprovalStatus.WAITING)

    def asks(self, user: User) -> bool:
        """The person is one of those who have to decide now."""
        return user.pk in self.waiting_for

    def is_asked_by(self, user: User) -> bool:
        """It is the person's own question."""
        return self.owner_id == user.pk

    def seat_of(self, user: User) -> Any:
        """The waiting seat of a person, or None."""
        return next((seat for seat in self.rows("seats") if seat.user_id == user.pk and seat.is_waiting()), None)


class Seat(Row):
    """One person who is or was asked."""

    approval = Parent(Approval, related_name="seats")
    step = Integer(gettext_lazy("Step"), editable=False)
    level = models.IntegerField(default=0)
    user = Link("kernel.User", gettext_lazy("Person"), editable=False)
    state = Choice(SeatState, gettext_lazy("Answer"), default=SeatState.WAITING, editable=False)
    comment = LongText(gettext_lazy("Comment"), blank=True, editable=False)
    decided_at = Moment(gettext_lazy("When"), blank=True, editable=False)
    instead_of = Link("kernel.User", gettext_lazy("Instead of"), blank=True, editable=False)

    class Meta(Row.Meta):
        verbose_name, verbose_name_plural = gettext_lazy("answer"), gettext_lazy("answers")

    def is_waiting(self) -> bool:
        """Has not answered yet."""
        return bool(self.state == SeatState.WAITING)
