"""From a message to records: its paths are the columns of an import of one row, which does the rest."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from renmai.kernel.access.seal import seal
from renmai.kernel.access.token import Token
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.history.acting import acting
from renmai.kernel.inbound.arrived import Arrived
from renmai.kernel.inbound.intake import Arrival, join_known, note_failure, tell, told
from renmai.kernel.inbound.model import InboundKey, InboundWebhook, Received, ReceivedState
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.batch import Importer
from renmai.kernel.transfer.drafts import Drafter
from renmai.kernel.transfer.model import RowAction
from renmai.kernel.transfer.run import in_pool
from renmai.kernel.webhooks.signing import new_secret

if TYPE_CHECKING:
    from renmai.kernel.transfer.batch import Result

MOST_ITEMS = 100
MOST_PATHS = 500
KEEPS = dt.timedelta(days=30)
COUNTED = dt.timedelta(days=90)
WEBHOOK = "webhook"
TOLD = {RowAction.CREATED, RowAction.UPDATED, RowAction.SKIPPED, RowAction.JOINED}


def give_key(webhook: InboundWebhook) -> tuple[str, str]:
    """Give a webhook a new address and a new secret for signatures; those before are worthless.

    Returns:
        The secret part of the address, and the secret. Both are shown only now.
    """
    part, secret = secrets.token_urlsafe(32), new_secret()
    InboundKey.objects.update_or_create(webhook=webhook, defaults={"digest": Token.digest_of(part), "sealed": seal(secret)})
    return part, secret


def paths(value: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each value inside a message with its path, as ``contact.emails.0.value``; a list of plain values is one text."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, f"{before}.{name}" if before else str(name))
    elif isinstance(value, list) and any(isinstance(inner, (dict, list)) for inner in value):
        for at, inner in enumerate(value):
            yield from paths(inner, f"{before}.{at}" if before else str(at))
    elif isinstance(value, list):
        yield before, ", ".join(str(inner) for inner in value)
    else:
        yield before, value


def flat(item: Any) -> dict[str, Any]:
    """The values inside a message by path, so many at most."""
    found: dict[str, Any] = {}
    for path, value in paths(item):
        if len(found) == MOST_PATHS:
            break
        found[path] = value
    return found


def items_of(webhook: InboundWebhook, body: Any) -> list[Any]:
    """What of a message becomes a record each.

    Raises:
        Invalid: the list is not there, or too long.
    """
    found = body
    for name in webhook.items.split(".") if webhook.items else []:
        found = found.get(name) if isinstance(found, dict) else None
    found = found if isinstance(found, list) else [found]
    if not all(isinstance(item, dict) for item in found):
        raise Invalid({"items": [_("There is no list of objects at “%(path)s” in this message.") % {"path": webhook.items or "."}]})
    if len(found) > MOST_ITEMS:
        raise Invalid({"items": [_("More than %(limit)s rows are not possible.") % {"limit": MOST_ITEMS}]})
    return found


def take(webhook: InboundWebhook, body: Any, message: str = "") -> tuple[Received, bool]:
    """Keep a message and make of it what is said.

    Args:
        message: the sender's id of it.

    Returns:
        What is kept, and whether it had come before.
    """
    try:
        with transaction.atomic():
            found = Received.objects.create(webhook=webhook, body=body, message=message or secrets.token_hex(16))
    except IntegrityError:
        return Received.objects.get(webhook=webhook, message=message), True
    if webhook.is_mapped:
        do(webhook, found)
    return found, False


def do(webhook: InboundWebhook, found: Received) -> None:
    """Make records of a message: all of them or none; what is wrong is kept with it."""
    try:
        with transaction.atomic():
            results = made_of(webhook, items_of(webhook, found.body))
            if failed := [result.reason for result in results if result.action == RowAction.FAILED]:
                raise Invalid({"": failed})
            came = [result for result in results if result.record is not None and result.action in TOLD]
            for result in came:
                tell_of(webhook, result)
        found.state, found.problem = ReceivedState.DONE, ""
        found.made = [told(result.record, result.action != RowAction.CREATED, webhook.by) for result in came]
    except (Invalid, Refused) as problem:
        found.state, found.made, found.problem = ReceivedState.FAILED, [], str(problem)
        note_failure(WEBHOOK, found.problem)
    found.save(update_fields=["state", "made", "problem"])


def made_of(webhook: InboundWebhook, items: list[Any]) -> list[Result]:
    """Import the entries one after the other, so that a later one finds what an earlier one has made.

    Raises:
        Refused: nobody is there in whose name to work.
        Invalid: the map does not fit the type any more.
    """
    by, kind = webhook.by, registry.get(webhook.target)
    if by is None or kind is None:
        raise Refused(_("Nobody who may sign in stands behind this webhook."))
    plan = webhook.plan
    plan = plan.with_(defaults=plan.defaults | in_pool(webhook.pool))
    header = list(plan.columns)
    importer = Importer(kind, plan, Drafter(kind, plan, header, list(range(len(header)))), by, apart=join_known)
    results: list[Result] = []
    with acting(by, _("Webhook %(name)s") % {"name": webhook.name}):
        for number, item in enumerate(items, start=1):
            values = flat(item)
            results += importer.process([importer.drafter.draft(number, [values.get(path) for path in header])])
    return results


def tell_of(webhook: InboundWebhook, result: Result) -> None:
    """Say on a record's timeline that a message brought it, or brought it again."""
    record: Any = result.record
    arrival = Arrival(WEBHOOK, data={"webhook": {"id": str(webhook.pk), "type": registry.of(webhook).slug, "title": webhook.title}})
    tell(record, arrival, joined=result.action != RowAction.CREATED, by=webhook.by, differing=result.told)


def again(webhook: InboundWebhook, found: Received) -> None:
    """Do what a message says once more, by the map of now.

    Raises:
        Refused: nothing is said of what to do with it.
    """
    if not webhook.is_mapped:
        raise Refused(_("Say first which part of a message goes into which field."))
    do(webhook, found)


def read(raw: bytes) -> Any:
    """A message.

    Raises:
        Invalid: it is no JSON object or list.
    """
    try:
        body = json.loads(raw)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Invalid({"": [_("The request is not valid JSON.")]}) from None
    if not isinstance(body, (dict, list)) or b"\\u0000" in raw:
        raise Invalid({"": [_("A JSON object is expected.")]})
    return body


@app.periodic(cron="43 2 * * *")
@app.task(name="renmai.inbound.forget", queueing_lock="renmai.inbound.forget")
def forget(timestamp: int) -> None:
    """Drop old messages."""
    Received.objects.filter(at__lt=timezone.now() - KEEPS).delete()
    Arrived.objects.filter(at__lt=timezone.now() - COUNTED).delete()
