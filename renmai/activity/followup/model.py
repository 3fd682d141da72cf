"""The record of a contact with a customer, or the plan of one."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from renmai.activity.base import Activity, Method
from renmai.kernel.records.fields import Choice, LongText, Moment


class FollowUp(Activity):
    """A contact. One that is planned has a due time and no ``happened_at`` yet."""

    body = LongText(_("Text"))
    method = Choice(Method, _("Method"), default=Method.CALL)
    due_at = Moment(_("Planned for"), blank=True, sortable=True)
    done_at = Moment(_("Done"), blank=True, editable=False, sortable=True)

    derived_from: ClassVar[dict[str, tuple[str, ...]]] = {"body": ("subject",)}

    class Meta:
        verbose_name, verbose_name_plural = _("follow-up"), _("follow-ups")

    def derive(self, changed: set[str]) -> None:
        """What has happened is done; what is neither planned nor dated has happened when it was written."""
        if self.happened_at is None and self.due_at is None:
            self.happened_at = self.created_at
        self.done_at = self.happened_at
