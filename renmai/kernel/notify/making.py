"""From a fact to notifications: made by the worker, so that nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from procrastinate.contrib.django import app

from renmai.kernel.facts.model import Fact
from renmai.kernel.notify.audience import hearers, told
from renmai.kernel.notify.choices import ways_of
from renmai.kernel.notify.model import Mail, Notification
from renmai.kernel.overlay import version as overlay

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.notify.model import Reason

FROM_OUTSIDE = {"arrived", "submitted", "wrote"}  # nobody who works here does these, and the owner is told all the same
UNTOLD = {"purged", "deleted", "unshared", "comment_changed", "comment_removed", "reacted"}
BY_ITSELF = {"assigned"}  # the program does these by rule, and people are told of them


def ask_for(fact: Fact) -> None:
    """Queue the making, in the transaction of the fact."""
    verb = fact.kind.partition(".")[2]
    if (fact.by_id is not None or verb in FROM_OUTSIDE | BY_ITSELF or fact.data.get("mentions")) and verb not in UNTOLD:
        notify.defer(seq=fact.seq)


@app.task(name="renmai.notify")
def notify(*, seq: int) -> None:
    """Tell whom a fact concerns. Done twice, it makes nothing twice."""
    overlay.refresh()
    fact = Fact.objects.filter(seq=seq).first()
    about = told(fact) if fact is not None else None
    if fact is None or about is None:
        return
    for user, reason in hearers(fact, about):
        tell(user, fact, reason)


def tell(user: User, fact: Fact, reason: Reason) -> None:
    """Make a person's notification of a fact, and send it on in the ways that they have chosen."""
    from renmai.kernel.notify import letters, push

    ways = ways_of(user, reason)
    if ways.is_silent:
        return
    values: dict[str, Any] = {"reason": reason, "in_app": ways.app, "mail": "digest" if ways.mail == Mail.DIGEST else ""}
    made, is_new = Notification.objects.get_or_create(user=user, fact=fact, defaults=values)
    if not is_new:
        return
    if ways.mail == Mail.NOW:
        letters.write.defer(notification=made.pk)
    if ways.push:
        push.knock.defer(user=str(user.pk))


def tell_many(told: Iterable[tuple[User, Fact]], reason: Reason) -> None:
    """Make notifications of facts that were just said, in one statement; who wants to be knocked for is, once.

    Args:
        told: each fact with the one person whom it concerns.
    """
    from renmai.kernel.notify import letters, push

    chosen = [(user, fact, ways) for user, fact in told if not (ways := ways_of(user, reason)).is_silent]
    rows = [
        Notification(user=user, fact=fact, reason=reason, in_app=ways.app, mail="digest" if ways.mail == Mail.DIGEST else "")
        for user, fact, ways in chosen
    ]
    made = Notification.objects.bulk_create(rows)
    for row, (_user, _fact, ways) in zip(made, chosen, strict=True):
        if ways.mail == Mail.NOW:
            letters.write.defer(notification=row.pk)
    for key in {user.pk for user, _fact, ways in chosen if ways.push}:
        push.knock.defer(user=str(key))
