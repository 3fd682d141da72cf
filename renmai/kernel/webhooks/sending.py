"""Sending what waits, in order, and again later what did not arrive."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from renmai import __version__
from renmai.kernel.outgoing import Answer, NoAnswer, post
from renmai.kernel.overlay import version as overlay
from renmai.kernel.webhooks.message import TEST, message
from renmai.kernel.webhooks.model import Delivery, DeliveryState, Sending, Webhook
from renmai.kernel.webhooks.off import switch_off
from renmai.kernel.webhooks.signing import headers, rotate, secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterable

# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md proposes these waits; in seconds.
WAITS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
LONGEST_WAIT = 86_400
AT_ONCE = 50
GONE = 410
BUSY = {408, 425, 429}
SLOWEST = 60
KEEPS = dt.timedelta(days=30)


def wake(webhook: Webhook, seconds: int = 0) -> None:
    """Have the worker look at what waits for a webhook; one looks at a time, so that the order is kept."""
    ways: dict[str, Any] = {"schedule_in": {"seconds": seconds}} if seconds else {}
    send.configure(lock=f"renmai.webhook.{webhook.pk}", **ways).defer(webhook=str(webhook.pk))


@app.task(name="renmai.webhooks.send")
def send(*, webhook: str) -> None:
    """Send what is due to a webhook. What is queued more than once finds nothing left to do."""
    overlay.refresh()
    found = Webhook.objects.live().filter(pk=webhook, active=True).select_related("reader", "created_by").first()
    if found is None:
        return
    sending = ready(found)
    for _turn in range(AT_ONCE):
        delivery = due(found).first()
        if delivery is None or is_resting(sending):
            return
        if not deliver(found, sending, delivery):
            return
    wake(found)


def ready(webhook: Webhook) -> Sending:
    """How it goes with a webhook; a secret is made where it has none, or one sealed with another key: nothing goes out unsigned."""
    found = Sending.objects.filter(webhook=webhook).first()
    if found is None or not secrets_of(found):
        rotate(webhook)
    return Sending.objects.get(webhook=webhook)


def due(webhook: Webhook) -> Any:
    """What is to be sent now, the oldest first."""
    return (
        Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING, due_at__lte=timezone.now())
        .select_related("fact")
        .order_by("pk")
    )


def is_resting(sending: Sending) -> bool:
    """The other side was not well a short while ago."""
    return sending.rests_until is not None and sending.rests_until > timezone.now()


def deliver(webhook: Webhook, sending: Sending, delivery: Delivery) -> bool:
    """Try once; tells whether the next may follow at once."""
    body = message(webhook, delivery)
    if body is None:
        end(delivery, DeliveryState.LEFT_OUT)
        return True
    begun, answer = time.monotonic(), None
    given = {**headers(sending, str(delivery.key), body), "Content-Type": "application/json", "User-Agent": f"Renmai/{__version__}"}
    attempt: dict[str, Any] = {"at": timezone.now().isoformat(timespec="milliseconds")}
    try:
        answer = post(webhook.address, body, given)
        attempt |= {"status": answer.status, "answer": answer.began, "trouble": ""}
    except NoAnswer as problem:
        attempt |= {"status": None, "answer": "", "trouble": str(problem.trouble)}
    attempt["ms"] = round((time.monotonic() - begun) * 1000)
    delivery.attempts, delivery.tries = [*delivery.attempts, attempt], delivery.tries + 1
    return settle(webhook, sending, delivery, answer)


def settle(webhook: Webhook, sending: Sending, delivery: Delivery, answer: Answer | None) -> bool:
    """Draw the conclusions from an attempt; tells whether the next may follow at once.

    Where the other side is not well, all that waits stays in its order behind this one. What it refuses for itself steps aside.
    """
    if answer is not None and 200 <= answer.status < 300:
        Sending.objects.filter(pk=webhook.pk).update(failing_since=None, rests_until=None)
        sending.failing_since = None
        end(delivery, DeliveryState.DELIVERED)
        return True
    now = timezone.now()
    sending.failing_since = sending.failing_since or now
    gone = answer is not None and answer.status == GONE
    if gone or delivery.tries > len(WAITS):
        end(delivery, DeliveryState.FAILED)
        if gone or sending.failing_since <= begun(delivery):
            switch_off(webhook)
            return False
        return True
    wait = max(WAITS[delivery.tries - 1], asked_to_wait(answer))
    delivery.due_at = now + dt.timedelta(seconds=wait)
    delivery.save(update_fields=["due_at", "attempts", "tries"])
    unwell = answer is None or answer.status >= 500 or answer.status in BUSY
    sending.rests_until = delivery.due_at if unwell else None
    sending.save(update_fields=["failing_since", "rests_until"])
    wake(webhook, wait)
    return not unwell


def begun(delivery: Delivery) -> dt.datetime:
    """When the first attempt since it was asked for had failed at the latest."""
    return dt.datetime.fromisoformat(delivery.attempts[-delivery.tries]["at"]) + dt.timedelta(seconds=SLOWEST)


def asked_to_wait(answer: Answer | None) -> int:
    """For how many seconds the other side asks us to wait."""
    return min(int(answer.wait), LONGEST_WAIT) if answer is not None and answer.wait.isascii() and answer.wait.isdecimal() else 0


def end(delivery: Delivery, state: DeliveryState) -> None:
    """Nothing more happens to a delivery by itself."""
    delivery.state, delivery.ended_at = state, timezone.now()
    delivery.save(update_fields=["state", "ended_at", "attempts", "tries"])


def ask_for_test(webhook: Webhook) -> Delivery:
    """Queue a message that tells of nothing."""
    with transaction.atomic():
        made = Delivery.objects.create(webhook=webhook, kind=TEST)
        rouse(webhook)
    return made


def replay(webhook: Webhook, deliveries: Iterable[Delivery]) -> int:
    """Send again, as if for the first time, with the keys that they had; tells how many."""
    keys = [one.pk for one in deliveries]
    now = timezone.now()
    again = {"state": DeliveryState.WAITING, "due_at": now, "ended_at": None, "tries": 0}
    with transaction.atomic():
        found = Delivery.objects.filter(webhook=webhook, pk__in=keys).update(**again)
        rouse(webhook)
    return found


def rouse(webhook: Webhook) -> None:
    """Send at once: somebody has asked for it, so the other side needs no rest any more."""
    Sending.objects.filter(webhook=webhook).update(rests_until=None, failing_since=None)
    Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING).update(due_at=timezone.now())
    wake(webhook)


def failed_since(webhook: Webhook, since: dt.datetime | None) -> Any:
    """What did not arrive, of all or since a moment."""
    found = Delivery.objects.filter(webhook=webhook, state=DeliveryState.FAILED)
    return found.filter(Q() if since is None else Q(made_at__gte=since)).order_by("pk")


@app.periodic(cron="41 2 * * *")
@app.task(name="renmai.webhooks.forget", queueing_lock="renmai.webhooks.forget")
def forget(timestamp: int) -> None:
    """Drop what is over and old from the log."""
    Delivery.objects.filter(made_at__lt=timezone.now() - KEEPS).exclude(state=DeliveryState.WAITING).delete()
