"""Notifications by letter: at once, or all of a day together; in the language and zone of the person."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from renmai.kernel.access.user import User
from renmai.kernel.mail.send import address, mail
from renmai.kernel.notify.inbox import Item, items
from renmai.kernel.notify.model import Notification, Reason
from renmai.kernel.overlay import version as overlay
from renmai.kernel.overlay.company import company

if TYPE_CHECKING:
    from collections.abc import Sequence

SALT = "renmai.unsubscribe"
HOUR = 8
AT_MOST = 50
DIGEST = "digest"


def link_to_stop(user: User, what: str) -> str:
    """The address at which a person ends letters of one reason, or the digest, without signing in."""
    return address(reverse("unsubscribe", args=[signing.dumps([str(user.pk), what], salt=SALT)]))


def asked_to_stop(token: str) -> tuple[User, str] | None:
    """Who wants no more letters of what; None where the link is none of ours or its person is gone."""
    try:
        key, what = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.live().filter(pk=key).first()
    return (user, what) if user is not None and what in {*Reason.values, DIGEST} else None


@app.task(name="renmai.notify-by-letter")
def write(*, notification: int) -> None:
    """Write of one notification, if it was not read meanwhile and its record may still be seen."""
    overlay.refresh()
    found = Notification.objects.select_related("user", "fact").filter(pk=notification, read_at=None).first()
    if found is None or not found.user.is_active:
        return
    _write(found.user, [found], found.reason)


def _write(user: User, found: Sequence[Notification], what: str) -> bool:
    """Write one letter; tells whether there was anything that the person may see."""
    zone = user.time_zone or company().time_zone
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        told: list[Item] = []

        def subject() -> str:
            told.extend(items(found, user))
            if len(told) == 1:
                return told[0].card.text
            return ngettext("%(count)s thing happened", "%(count)s things happened", len(told)) % {"count": len(told)}

        def values() -> dict[str, object] | None:
            if not told:
                return None
            stop = link_to_stop(user, what)
            listed = [(item, address(item.path), _words(item)) for item in told]
            return {
                "items": listed,
                "stop": stop,
                "settings": address("/settings/me/notifications/"),
                "digest": what == DIGEST,
            }

        mail(user, subject, "kernel/notify/letter", values, stop=link_to_stop(user, what))
    return bool(told)


def _words(item: Item) -> str:
    """What was said, where the fact is a comment."""
    from renmai.kernel.comments.model import Comment

    key = item.card.comment
    found = Comment.objects.filter(pk=key).first() if key else None
    return found.body if found else ""


@app.periodic(cron="2 * * * *")
@app.task(name="renmai.digests", queueing_lock="renmai.digests")
def digests(timestamp: int) -> None:
    """Write the letter of the day to everybody for whom it is morning."""
    overlay.refresh()
    waiting = Notification.objects.filter(mail=DIGEST).order_by().values_list("user", flat=True).distinct()
    for user in User.objects.live().filter(pk__in=waiting, active=True):
        zone = zoneinfo.ZoneInfo(user.time_zone or company().time_zone)
        if timezone.now().astimezone(zone).hour == HOUR:
            digest(user)


def digest(user: User) -> None:
    """Write what waits for a person; what they have read meanwhile is left out."""
    with transaction.atomic():
        waiting = Notification.objects.select_for_update(of=("self",)).select_related("fact").filter(user=user, mail=DIGEST)
        found = list(waiting.order_by("-pk"))
        Notification.objects.filter(pk__in=[one.pk for one in found]).update(mail="")
        unread = [one for one in found if one.read_at is None]
        if unread:
            _write(user, unread[:AT_MOST], DIGEST)
