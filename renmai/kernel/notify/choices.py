"""How a person wants to hear of what: in the inbox, by letter, by push; per reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from renmai.kernel.access.preferences import prefer
from renmai.kernel.notify.model import Mail, Reason

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

NAME = "notify"


@dataclass(frozen=True)
class Ways:
    """The ways for one reason."""

    app: bool = True
    mail: str = Mail.DIGEST
    push: bool = False

    @property
    def is_silent(self) -> bool:
        """The person does not want to hear of it."""
        return not self.app and not self.push and self.mail == Mail.NEVER


DEFAULTS = {
    Reason.MENTIONED: Ways(mail=Mail.NOW, push=True),
    Reason.ASSIGNED: Ways(mail=Mail.NOW, push=True),
    Reason.OWNED: Ways(),
    Reason.FOLLOWED: Ways(),
}


def ways_of(user: User, reason: str) -> Ways:
    """What a person has chosen for a reason."""
    kept = user.preferences.get(NAME, {}).get(reason)
    return Ways(**kept) if kept else DEFAULTS[Reason(reason)]


def choose(user: User, chosen: dict[str, Ways]) -> None:
    """Keep what a person chooses; reasons that are not named stay as they are."""
    kept: dict[str, Any] = user.preferences.get(NAME, {})
    prefer(user, NAME, {**kept, **{str(reason): asdict(ways) for reason, ways in chosen.items()}})
