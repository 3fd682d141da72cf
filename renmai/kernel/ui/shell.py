"""What stands round every page: the rail, the "+" menu, the person's menu."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token

from renmai.kernel.access.user import Era, Theme
from renmai.kernel.overlay.version import followed
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.middleware import live_origin
from renmai.kernel.ui.places import Place, places

if TYPE_CHECKING:
    from renmai.kernel.access.rights import Access

QUICK = 2
TAKEN = "hsb"  # home, settings, the bell


@dataclass(frozen=True)
class Domain:
    """A heading of the rail, and the pages and types below it."""

    label: Any
    places: list[Place]
    kinds: list[RecordType]


@dataclass(frozen=True)
class Pinned:
    """A favourite in the rail."""

    path: str
    title: str
    icon: str


@dataclass(frozen=True)
class Frame:
    """What rail and menus show: made once for all who may do the same and are in the same place."""

    rights: tuple[Any, ...]
    section: str
    access: Access = field(compare=False, repr=False)

    @cached_property
    def kinds(self) -> list[RecordType]:
        """Types of the rail that the person may view, domain by domain; the domain of the first type comes first."""
        seen = [kind for kind in registry.all() if kind.rail and self.access.may("view", kind)]
        domains = list(dict.fromkeys(kind.domain for kind in seen))
        return sorted(seen, key=lambda kind: domains.index(kind.domain))

    @property
    def rail(self) -> list[Domain]:
        """The headings of the rail."""
        return [
            Domain(apps.get_app_config(name).verbose_name, [place for place in self.places if place.domain == name], list(kinds))
            for name, kinds in groupby(self.kinds, lambda kind: kind.domain)
        ]

    @cached_property
    def places(self) -> list[Place]:
        """Pages of the rail that are no type's."""
        return places(self.access)

    @cached_property
    def letters(self) -> dict[str, str]:
        """The letter that leads to each type or other page after "g": the first of its address that is still free."""
        found: dict[str, str] = {}
        for name in [*(kind.slug for kind in self.kinds), *(place.section for place in self.places)]:
            free = (letter for letter in name if letter.isalpha() and letter not in {*TAKEN, *found.values()})
            if letter := next(free, ""):
                found[name] = letter
        return found

    @property
    def makeable(self) -> list[RecordType]:
        """Types of which the person may make one."""
        return [kind for kind in self.kinds if self.access.may("create", kind)]

    @property
    def quick(self) -> list[RecordType]:
        """The first types by rank: what a thumb reaches."""
        return sorted(self.kinds, key=lambda kind: kind.rank)[:QUICK]


class Shell:
    """What the shell shows to one person; asked for only by pages that have one."""

    languages = settings.LANGUAGES
    themes = Theme.choices
    eras = Era.choices

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = getattr(request, "user", None) or AnonymousUser()  # a wrong host is refused before anybody is known
        self.path = request.path

    @cached_property
    def csrf(self) -> str:
        return get_token(self.request)

    @cached_property
    def live(self) -> str:
        """Address of the live stream."""
        return f"{live_origin(self.request)}/live/stream"

    @cached_property
    def frame(self) -> Frame:
        """What decides over rail and menus."""
        access = self.user.access
        return Frame((followed(), *access.words), self.path.split("/")[1], access)

    @cached_property
    def favourites(self) -> tuple[Pinned, ...]:
        """What the person has starred, for the rail."""
        from renmai.kernel.following.marks import in_rail  # which needs the types, and these the templates

        found = in_rail(self.user) if self.user.is_authenticated else []
        return tuple(
            Pinned(f"/{link['type']}/{link['id']}/", spoken(link["type"], link["title"]), registry[link["type"]].icon) for link in found
        )

    @property
    def messages(self) -> Iterator[Any]:
        """What earlier requests want to say."""
        return iter(get_messages(self.request))


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor."""
    return {"shell": Shell(request)}
