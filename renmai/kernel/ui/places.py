"""Pages of a domain that are none of its types': they stand in the rail under the domain's heading, and in the palette."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from renmai.kernel.access.rights import Access


@dataclass(frozen=True)
class Place:
    """One such page.

    Attributes:
        domain: the app under whose heading it stands.
        address: one path segment, ``/calendar/``.
        icon: name of an icon of the sprite.
        order: places of a domain stand in this order, before its types.
        is_shown: whether somebody with these rights may go there.
    """

    domain: str
    label: Any
    address: str
    icon: str
    order: int
    is_shown: Callable[[Access], bool]

    @property
    def section(self) -> str:
        """What the paths of its pages begin with."""
        return self.address.strip("/")


_places: list[Place] = []


def add_place(place: Place) -> None:
    """Let a domain's own page stand in the rail."""
    _places.append(place)


def places(access: Access) -> list[Place]:
    """The places that somebody is shown, in order."""
    return sorted((place for place in _places if place.is_shown(access)), key=lambda place: place.order)
