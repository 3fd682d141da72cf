"""What a lead knows of its first answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.fields import Boolean, Moment
from renmai.kernel.records.record import Record

if TYPE_CHECKING:
    import datetime as dt


class Answered(Record):
    """Somebody who waits to be answered for the first time.

    Attributes:
        answer_warn_at: when whoever has it is reminded; empty where nobody is.
        answer_warned_at, answer_missed_at: when that was done, and when it was passed on: each happens once.
    """

    answer_due_at = Moment(_("First answer due"), blank=True, editable=False, sortable=True)
    answer_warn_at = Moment(_("Reminder of the first answer"), blank=True, editable=False)
    answer_warned_at = Moment(_("Reminded of the first answer"), blank=True, editable=False)
    answer_missed_at = Moment(_("First answer missed"), blank=True, editable=False)
    answered_at = Moment(_("First answer"), blank=True, editable=False)
    to_reassign = Boolean(_("To be given to somebody else"), editable=False, blank=True)

    class Meta:
        abstract = True

    def awaits_answer(self) -> bool:
        """The clock runs."""
        return self.answer_due_at is not None and self.answered_at is None

    def is_late(self, now: dt.datetime) -> bool:
        """The clock has run out."""
        return self.answer_due_at is not None and self.answered_at is None and self.answer_due_at < now
