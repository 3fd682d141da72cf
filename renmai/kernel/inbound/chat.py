"""The way in by chat. Each messenger has an adapter; without one that is connected the way is offered nowhere.

class Line(Messenger):
    name, label = "line", _("LINE")

    def is_connected(self) -> bool: …
    def read(self, raw: Any) -> list[ChatMessage]: …

add_messenger(Line())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from renmai.kernel.inbound.channel import SAMPLE, Channel, Incoming
from renmai.kernel.inbound.intake import Taken, take_incoming

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

CHAT = "chat"


@dataclass(frozen=True)
class ChatMessage:
    """What somebody wrote.

    Attributes:
        messenger: name of the adapter that it came by.
        name, phone, email: who wrote it, as far as the messenger tells.
    """

    messenger: str
    text: str
    name: str
    phone: str = ""
    email: str = ""


class Messenger(ABC):
    """One network by which people write to us."""

    name: ClassVar[str]
    label: ClassVar[Any]

    @abstractmethod
    def is_connected(self) -> bool:
        """Whether messages reach us as this installation stands."""

    @abstractmethod
    def read(self, raw: Any) -> list[ChatMessage]:
        """What the network has sent.

        Raises:
            Invalid: it cannot be read.
        """


_messengers: dict[str, Messenger] = {}


def add_messenger(messenger: Messenger) -> Messenger:
    """Let people write by one more network."""
    _messengers[messenger.name] = messenger
    return messenger


class Chats(Channel):
    """People write in a chat."""

    name, label = CHAT, _("Chat")
    icon, verb = "message-circle", "wrote"
    text = _("People write to you in a messenger; who is not known yet becomes a new one.")
    place, source = "/settings/channels/", "chat"

    def is_live(self) -> bool:
        """A messenger is connected."""
        return any(messenger.is_connected() for messenger in _messengers.values())

    def sample(self) -> ChatMessage:
        """A first message."""
        return ChatMessage("local", "Hello", SAMPLE["name"], email=SAMPLE["email"])

    def read(self, raw: ChatMessage) -> list[Incoming]:
        """Who wrote it, with what they wrote."""
        values = {"name": raw.name, "phone": raw.phone, "email": raw.email}
        return [Incoming(values, data={"message": raw.text, "messenger": raw.messenger})]


def receive(messenger: Messenger, raw: Any, kind: RecordType) -> list[Taken]:
    """Take in what a messenger has sent.

    Args:
        kind: what those become who are not known yet.
    """
    found = [one for message in messenger.read(raw) for one in Chats().read(message)]
    return [take_incoming(kind, one, CHAT) for one in found]
