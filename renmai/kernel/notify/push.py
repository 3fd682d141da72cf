"""Notifications by web push. The message says only how many there are; the browser asks us for the rest with its own session."""

from __future__ import annotations

import json
import logging
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from procrastinate.contrib.django import app

from renmai.config.env import env
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.notify.inbox import count
from renmai.kernel.notify.model import PushSubscription
from renmai.kernel.outgoing import is_outside

if TYPE_CHECKING:
    from py_vapid import Vapid02

LASTS = 24 * 3600
PATIENCE = 10
GONE = {404, 410}
log = logging.getLogger(__name__)


def key_file() -> Path:
    """Where the key lies by which push services know us; made when it is first needed."""
    return env.data / "vapid.pem"


@cache
def vapid() -> Vapid02:
    """Our key."""
    from py_vapid import Vapid02

    path = key_file()
    if not path.exists():
        made = Vapid02()
        made.generate_keys()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(made.private_pem())
    return Vapid02.from_file(str(path))


def public_key() -> str:
    """The half of it that a browser subscribes with, as unpadded base64url of the uncompressed point."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from py_vapid.utils import b64urlencode

    return str(b64urlencode(vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))


def subscribe(user: User, given: Any) -> None:
    """Keep what a browser gave us.

    Raises:
        Invalid: it is no subscription, or leads into a network that is nobody's business.
    """
    keys = given.get("keys") if isinstance(given, dict) else None
    if not isinstance(keys, dict) or not all(isinstance(keys.get(name), str) for name in ("p256dh", "auth")):
        raise Invalid({"keys": ["p256dh, auth"]})
    endpoint = str(given.get("endpoint", ""))
    if not is_outside(endpoint):
        raise Invalid({"endpoint": ["https://…"]})
    kept = {"user": user, "keys": {name: keys[name] for name in ("p256dh", "auth")}}
    PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=kept)


def unsubscribe(user: User, endpoint: str) -> None:
    """Forget a browser."""
    PushSubscription.objects.filter(user=user, endpoint=endpoint).delete()


@app.task(name="renmai.push")
def knock(*, user: str) -> None:
    """Tell every browser of a person how much is unread."""
    found = User.objects.live().filter(pk=user, active=True).first()
    unread = count(found) if found is not None else 0
    if found is None or not unread:
        return
    for subscription in PushSubscription.objects.filter(user=found):
        _send(subscription, {"count": unread})


def _send(subscription: PushSubscription, message: dict[str, Any]) -> None:
    from pywebpush import WebPushException, webpush
    from requests import RequestException, Session

    if not is_outside(subscription.endpoint):
        return
    session = Session()
    session.max_redirects = 0  # a service might lead on into our own network
    whom = {"endpoint": subscription.endpoint, "keys": subscription.keys}
    claims: dict[str, str | int] = {"sub": settings.BASE_URL if settings.SECURE else "mailto:renmai@localhost"}
    ways = {"vapid_private_key": vapid(), "vapid_claims": claims, "ttl": LASTS, "timeout": PATIENCE, "requests_session": session}
    try:
        webpush(whom, json.dumps(message), **ways)
    except WebPushException as problem:
        if problem.response is not None and problem.response.status_code in GONE:
            subscription.delete()
        else:
            log.warning("A push service refused: %s", problem.message)
    except RequestException as problem:
        log.warning("A push service cannot be reached: %s", type(problem).__name__)
