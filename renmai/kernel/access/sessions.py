"""Sessions that know whose they are, so that a person can see and end their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from renmai.kernel.overlay import version as overlay
from renmai.kernel.records.prepared import ByKey

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

DEVICE = "device"
AGENT_LENGTH = 300


class Session(AbstractBaseSession):
    """A browser that is or was signed in."""

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """What reads and writes these rows."""
        return SessionStore


_sessions = ByKey(lambda: Session.objects.annotate(overlay=overlay.current()))


class SessionStore(DatabaseStore):
    """Django's own store; each row also names the person. The setting ``SESSION_ENGINE`` names this module."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        """The session, and with it whether the overlay has changed."""
        row: Any = next(iter(_sessions.of([self.session_key])), None)
        if row is None or row.expire_date <= timezone.now():
            self._session_key = None
            return None
        overlay.follow(row.overlay)
        return row  # type: ignore[no-any-return]

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = data.get(SESSION_KEY)
        return row


@dataclass(frozen=True)
class Device:
    """A browser as its person knows it again.

    Attributes:
        key: of the session.
        agent: what the browser calls itself.
        address: where it signed in from.
        at: when it signed in.
        is_this: the one that asks.
    """

    key: str
    agent: str
    address: str
    at: dt.datetime | None
    is_this: bool


def note_device(request: HttpRequest, address: str) -> None:
    """Keep in the session from where and with what it was begun."""
    request.session[DEVICE] = {
        "agent": request.headers.get("User-Agent", "")[:AGENT_LENGTH],
        "address": address,
        "at": timezone.now().isoformat(),
    }


def devices(user: User, this: str | None) -> list[Device]:
    """Every browser in which a person is signed in, the latest first.

    Args:
        this: key of the session that asks.
    """
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-expire_date")
    return [_device(row, this) for row in rows]


def _device(row: Session, this: str | None) -> Device:
    told = row.get_decoded().get(DEVICE, {})
    at = dt.datetime.fromisoformat(told["at"]) if "at" in told else None
    return Device(row.session_key, told.get("agent", ""), told.get("address", ""), at, row.session_key == this)


def end_sessions(user: User, *, besides: str | None = None) -> int:
    """Sign a person out in every browser.

    Args:
        besides: key of a session that stays.

    Returns:
        How many sessions ended.
    """
    rows = Session.objects.filter(user=user)
    return (rows.exclude(session_key=besides) if besides else rows).delete()[0]


def end_session(user: User, key: str) -> None:
    """Sign a person out in one browser."""
    Session.objects.filter(user=user, session_key=key).delete()


def forget_ended_sessions() -> int:
    """Drop the rows of sessions that ended by themselves.

    Returns:
        How many there were.
    """
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
