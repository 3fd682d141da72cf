"""The ways by which people outside reach us. A domain adds its own; those that are not live are offered nowhere.

class Letters(Channel):
    name, label = "email", _("E-mail")
    icon, verb = "mail", "wrote"

add_channel(Letters())
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Refused

SAMPLE = {"name": "Somchai Jaidee", "email": "somchai.jaidee@example.com"}


@dataclass(frozen=True)
class Incoming:
    """What one message says.

    Attributes:
        values: raw values by field of the type that it becomes.
        attribution: from where they came: ``utm_source``, ``first_page``, ``referrer`` and the like.
        data: what else the fact keeps, such as a subject.
    """

    values: Mapping[str, Any]
    attribution: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


class Channel:
    """One way in.

    Attributes:
        name: by which facts, logs and programs know it.
        label, text, icon: what it is called, what it does in one sentence, and the name of an icon of the sprite.
        place: address of the page where it is set up.
        source: value of the field ``source`` of what comes by it and names none itself.
        verb: of the fact that something came by it.
        is_tried: whether there is anything to try about it.
    """

    name: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    text: ClassVar[Any] = ""
    icon: ClassVar[str] = "arrow-bar-to-down"
    place: ClassVar[str] = ""
    source: ClassVar[str] = ""
    verb: ClassVar[str] = "arrived"
    is_tried: ClassVar[bool] = True

    def is_live(self) -> bool:
        """Whether anything can come by it as this installation stands."""
        return True

    def counted(self, since: dt.datetime) -> dict[str, Any]:
        """What came since then, where that is kept elsewhere: ``came`` and ``last_at``, and ``joined`` or ``failed`` if there are such."""
        return {}

    def sample(self) -> Any:
        """A message as it comes by this way."""
        return SAMPLE

    def read(self, raw: Any) -> list[Incoming]:
        """What a message says: as many as it tells of.

        Raises:
            Invalid: it cannot be read.
        """
        return [Incoming(raw)]

    def test(self) -> str:
        """Try whether it works, and say so in a sentence.

        Raises:
            Refused: it does not, and why.
        """
        if not self.read(self.sample()):
            raise Refused(_("The sample message was not understood."))
        return _("A sample message was understood.")


_channels: dict[str, Channel] = {}


def add_channel(channel: Channel) -> Channel:
    """Let things come in by one more way."""
    _channels[channel.name] = channel
    return channel


def channels() -> list[Channel]:
    """All ways, in the order in which they were added."""
    return list(_channels.values())


def live_channels() -> list[Channel]:
    """Those by which something can come."""
    return [channel for channel in channels() if channel.is_live()]


def called_by(name: Any) -> str:
    """What people call a way; its name where there is none such any more."""
    return str(_channels[name].label) if name in _channels else str(name)


def channel_of(name: str) -> Channel:
    """The way of that name."""
    return _channels[name]
