"""The end of a webhook that has failed for days: it is switched off, and the administrators hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.facts.say import say
from renmai.kernel.history.acting import acting
from renmai.kernel.notify.making import tell
from renmai.kernel.notify.model import Reason
from renmai.kernel.records.store import change

if TYPE_CHECKING:
    from renmai.kernel.webhooks.model import Webhook


def switch_off(webhook: Webhook) -> None:
    """Send nothing more; what waits stays, and goes out when somebody switches it on again."""
    with transaction.atomic(), acting(None):
        change(webhook, by=None, active=False)
        type(webhook).objects.filter(pk=webhook.pk).update(switched_off_at=timezone.now())
        fact = say("webhook.switched_off", about=[webhook], by=None)
        for person in User.objects.live().filter(active=True):
            if person.access.is_admin:
                tell(person, fact, Reason.OWNED)
