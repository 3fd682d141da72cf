"""The letter to somebody who is asked, with a link that answers without signing in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from renmai.kernel.access.user import User
from renmai.kernel.approvals.model import Approval, ApprovalStatus
from renmai.kernel.jobs import later, work
from renmai.kernel.mail.send import address, mail

if TYPE_CHECKING:
    from renmai.kernel.jobs.model import Job

SALT = "renmai.approval"
LASTS = dt.timedelta(days=30)
TEMPLATE = "kernel/approvals/mail"


def link(approval: Approval, user: User) -> str:
    """The address at which this person answers. It works for as long as they are asked, for thirty days at most."""
    return address(reverse("approve", args=[signing.dumps([str(approval.pk), str(user.pk)], salt=SALT)]))


def opened(token: str) -> tuple[Approval, User] | None:
    """What a link asks and whom; None if it is too old, not of ours, or its person is gone."""
    try:
        approval, user = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return None
    found = Approval.objects.live().filter(pk=approval).first()
    person = User.objects.live().filter(pk=user, active=True).first()
    return (found, person) if found is not None and person is not None else None


def write_to(approval: Approval, user: Any, *, by: User | None) -> None:
    """Queue the letter."""
    later("mail-approval", by=by, approval=str(approval.pk), user=str(user))


@work("mail-approval")
def mail_approval(job: Job, *, approval: str, user: str) -> None:
    """Write to somebody who is still asked."""
    found = Approval.objects.live().filter(pk=approval, status=ApprovalStatus.WAITING).select_related("owner").first()
    person = User.objects.live().filter(pk=user, active=True).first()
    if found is None or person is None or not person.email or not found.asks(person):
        return
    values = {
        "by": found.owner.title if found.owner else "",
        "title": found.subject,
        "note": found.note,
        "link": link(found, person),
    }
    mail(person, lambda: _("Your approval is asked: %(title)s") % {"title": found.subject}, TEMPLATE, values)


@app.periodic(cron="17 6 * * *")
@app.task(name="renmai.remind-approvers", queueing_lock="renmai.remind-approvers")
def remind_approvers(timestamp: int) -> None:
    """Write again to everybody who has let an approval wait for longer than its flow allows."""
    now = timezone.now()
    for found in Approval.objects.live().filter(status=ApprovalStatus.WAITING).select_related("flow"):
        days = found.flow.remind_days
        if days and now - (found.reminded_at or found.updated_at) >= dt.timedelta(days=days):
            Approval.objects.filter(pk=found.pk).update(reminded_at=now)
            for user in found.waiting_for:
                write_to(found, user, by=None)
