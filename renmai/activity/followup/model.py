"""The record of a contact with a customer, or the plan of one."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from renmai.activity.base import Method
from renmai.activity.touch import Touch
from renmai.kernel.records.fields import Choice, Link, LongText


class FollowUp(Touch):
    """What came of a contact in whatever way, or what is planned; it may tell of a call, meeting or visit that is kept by itself."""

    body = LongText(_("Text"))
    method = Choice(Method, _("Method"), default=Method.CALL)
    call = Link("activity.Call", _("Of the call"), rare=True)
    meeting = Link("activity.Meeting", _("Of the meeting"), rare=True)
    visit = Link("activity.Visit", _("Of the visit"), rare=True)

    derived_from: ClassVar[dict[str, tuple[str, ...]]] = {"body": ("subject",)}

    class Meta(Touch.Meta):
        verbose_name, verbose_name_plural = _("follow-up"), _("follow-ups")
