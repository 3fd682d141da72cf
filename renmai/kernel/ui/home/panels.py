"""What the domains show a person first: each contributes panels from a ``panel`` module beside its noun."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from renmai.kernel.criteria import kept
from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.pages.cells import lines
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

Read = Callable[["User"], "dict[str, Any] | None"]
ROWS = "kernel/ui/home/rows.jinja"
LISTED = 6
HOME = ("home",)


@dataclass(frozen=True)
class Panel:
    """A part of the home page, or of another page that is made of panels.

    Attributes:
        name: its id on the page.
        icon: name of an icon of the sprite.
        order: panels stand in this order.
        follows: types whose changes it shows at once; every type of the rail if it names none.
        template: shows what ``read`` found.
        read: asks for what it shows, in a number of queries that does not depend on the rows; None hides the panel.
        aside: stands in the narrow column.
        pages: the pages on which it stands: ``home``, ``my-day``.
    """

    name: str
    label: Any
    icon: str
    order: int
    follows: tuple[str, ...]
    template: str
    read: Read
    aside: bool
    pages: tuple[str, ...] = HOME

    @property
    def topics(self) -> str:
        """What the live stream shall tell it about."""
        return " ".join(self.follows or (kind.slug for kind in registry.all() if kind.rail))


_panels: dict[str, Panel] = {}


def panel(
    label: Any,
    *,
    icon: str,
    order: int,
    follows: Iterable[str] = (),
    template: str = ROWS,
    aside: bool = False,
    pages: tuple[str, ...] = HOME,
) -> Callable[[Read], Read]:
    """Declare a function as the reader of a panel; see ``Panel`` for the arguments."""

    def declare(read: Read) -> Read:
        name = read.__name__.replace("_", "-")
        _panels[name] = Panel(name, label, icon, order, tuple(follows), template, read, aside, pages)
        return read

    return declare


def panels(page: str = "home") -> list[Panel]:
    """Every panel of a page, in order."""
    return sorted((found for found in _panels.values() if page in found.pages), key=lambda found: found.order)


def shown(page: str, by: User, only: Collection[str] = ()) -> list[tuple[Panel, dict[str, Any]]]:
    """The panels of a page that have something to show to a person, with what they found.

    Args:
        only: names of those that are asked for; all if it names none.
    """
    wanted = [panel for panel in panels(page) if not only or panel.name in only]
    return [(panel, found) for panel in wanted if (found := panel.read(by)) is not None]


def rows(
    kind: RecordType, found: Sequence[Any], names: Iterable[str], by: User, *, more: bool, address: str, empty: Any = ""
) -> dict[str, Any]:
    """What ``rows.jinja`` shows: a few records with a few of their fields.

    Args:
        found: the records, in order.
        names: fields shown under the title.
        more: there are others.
        address: the list that holds all of them.
        empty: the sentence that stands there when there are none.
    """
    hidden = by.access.hidden(kind)
    shown = lines(kind, found, [kind.fields[name] for name in names if name not in hidden], by, editable=False)
    return {"kind": kind, "lines": shown, "more": more, "address": address, "empty": empty}


def listed(
    name: str,
    slug: str,
    label: Any,
    *,
    icon: str,
    order: int,
    filter: dict[str, Any],
    names: Iterable[str],
    empty: Any,
    sort: str = "-created_at",
    pages: tuple[str, ...] = HOME,
) -> None:
    """Declare a panel that is the beginning of a list, in the narrow column; its head leads to the whole of it.

    Args:
        name: the panel's id on the page.
        slug: the type listed.
        filter: criteria of the list.
        sort: a field, with ``-`` before it for the greatest first.
    """

    def read(by: User) -> dict[str, Any] | None:
        kind = registry[slug]
        if not by.may("view", kind):
            return None
        by_what = sort if sort.lstrip("-") not in by.access.hidden(kind) else ""
        found, following = page(Question(kind, by, where=kept(filter, kind, by), sorts=sorts(kind, by_what)), limit=LISTED)
        address = f"{kind.path()}?{urlencode({'filter': json.dumps(filter), 'sort': by_what})}"
        return rows(kind, found, names, by, more=following is not None, address=address, empty=empty)

    _panels[name] = Panel(name, label, icon, order, (slug,), ROWS, read, aside=True, pages=pages)
