"""The graph of a list: its records, what they are related to, and on demand what is around any of these."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.api.records import question
from renmai.kernel.history.past import past as read_past
from renmai.kernel.records.graph import Graph, Node, draw, draw_around, has_graph, usual, ways
from renmai.kernel.records.listing import page
from renmai.kernel.records.pages import filters
from renmai.kernel.records.pages.door import PAGES
from renmai.kernel.records.pages.past import Past
from renmai.kernel.records.pages.shapes import Shown
from renmai.kernel.records.pages.tabs import Tabs
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.show import COLOURS

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

FIRST = 100  # records of the list; whoever has more narrows them by a filter
MOST = 300  # records in all: more than that cannot be told apart
OPENED = 10  # records at a time whose surroundings are shown
FEW = 10  # of each type that links to one of them


@dataclass(frozen=True)
class Spot:
    """One record of the graph as the page shows it.

    Attributes:
        path: address of its page; empty where the person may open none.
        tone: colour of its type.
        links: field → what it links to.
        linked: type → what links to it.
        more: address of the graph with what is around it; empty where that is shown already.
    """

    node: Node
    kind: RecordType
    title: str
    path: str
    tone: int
    is_listed: bool
    links: list[tuple[str, list[Node]]]
    linked: list[tuple[Any, list[Node]]]
    more: str


class GraphPage(Shown):
    """The graph as one person sees it. How much is asked does not depend on how many records there are."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, tabs: Tabs, past: Past | None = None) -> None:
        super().__init__(request, by, kind, tabs, past)
        self.asked = question(kind, request, by, on_page=True)
        self.records, self.following = page(self.asked, limit=FIRST)
        self.graph = Graph(MOST)
        draw(self.graph, kind, self.records, by, self.specs)
        draw_around(self.graph, self.opened, by, FEW)

    @cached_property
    def specs(self) -> list[FieldSpec]:
        """The fields whose links are shown: those that are asked for, else the usual ones."""
        named = self.request.GET.get("by", "").split(",")
        return [spec for spec in ways(self.kind, self.by) if spec.name in named] or usual(self.kind, self.by)

    @cached_property
    def opened(self) -> list[tuple[RecordType, Record]]:
        """The records whose surroundings are shown, as far as the person may see them."""
        wanted: dict[str, list[UUID]] = defaultdict(list)
        for text in self._open[:OPENED]:
            slug, _colon, key = text.partition(":")
            kind = registry.get(slug)
            if kind is not None and self.by.may("view", kind) and _is_key(key):
                wanted[slug].append(UUID(key))
        found = [(registry[slug], keys) for slug, keys in wanted.items()]
        return [(kind, record) for kind, keys in found for record in kind.model.objects.visible_to(self.by).filter(pk__in=keys)]

    @property
    def _open(self) -> list[str]:
        return [text for text in self.request.GET.get("open", "").split(",") if text]

    @property
    def chosen(self) -> list[tuple[Any, str, bool]]:
        """Every field that leads to other records: label, address of the graph with or without it, whether it is shown."""
        shown = [spec.name for spec in self.specs]
        return [(spec.label, self.link(by=",".join(_toggled(shown, spec.name))), spec.name in shown) for spec in ways(self.kind, self.by)]

    @property
    def closed(self) -> str:
        """Address of the graph without what was opened; empty where nothing is."""
        return self.link(open=None) if self.opened else ""

    @cached_property
    def tones(self) -> dict[str, int]:
        """Colour of each type, the list's own first."""
        slugs = dict.fromkeys([self.kind.slug, *(node.type for node in self.graph.nodes.values())])
        return {slug: place % COLOURS for place, slug in enumerate(slugs)}

    @property
    def legend(self) -> list[tuple[RecordType, int, int]]:
        """Each type with its colour and how many of it there are."""
        counted = Counter(node.type for node in self.graph.nodes.values())
        return [(registry[slug], tone, counted[slug]) for slug, tone in self.tones.items() if counted[slug]]

    @property
    def notes(self) -> list[str]:
        """What is not shown, in sentences."""
        said = []
        if self.following is not None:
            said.append(_("Only the first %(count)s of the list are shown: narrow them by a filter.") % {"count": FIRST})
        if self.graph.left_out:
            said.append(_("There is room for %(count)s records at a time: some of what they are related to is left out.") % {"count": MOST})
        if len(self._open) > OPENED:
            said.append(_("What is around a record is shown of %(count)s at a time.") % {"count": OPENED})
        elif self.opened:
            said.append(_("Of what links to an opened record, the newest %(count)s of each type are shown.") % {"count": FEW})
        return said

    @cached_property
    def spots(self) -> list[Spot]:
        """The records, those of the list first."""
        links: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        linked: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for (source, target), labels in self.graph.ties.items():
            links[source][" · ".join(labels)].append(self.graph.nodes[target])
            linked[target][self.graph.nodes[source].type].append(self.graph.nodes[source])
        listed = {str(record.pk) for record in self.records}
        return [self._spot(node, node.id in listed, links[node.id], linked[node.id]) for node in self.graph.nodes.values()]

    def _spot(self, node: Node, is_listed: bool, links: dict[str, list[Node]], linked: dict[str, list[Node]]) -> Spot:
        kind = registry[node.type]
        others = [(registry[slug].label_plural, nodes) for slug, nodes in linked.items()]
        title = self.called(node)
        return Spot(node, kind, title, self.path(node), self.tones[node.type], is_listed, list(links.items()), others, self._more(node))

    def called(self, node: Node) -> str:
        """What a record is called for its reader."""
        return spoken(node.type, node.title) or _("Without a name")

    def path(self, node: Node) -> str:
        """The page of a record, as of the same day; people have none for everybody."""
        if not registry[node.type].rail:
            return ""
        path = f"/{node.type}/{node.id}/"
        return self.past.follow(path) if self.past else path

    def _more(self, node: Node) -> str:
        here = f"{node.type}:{node.id}"
        if not registry[node.type].rail or here in self._open or len(self._open) >= OPENED:
            return ""
        return self.link(open=",".join([*self._open, here]))


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _toggled(shown: list[str], name: str) -> list[str]:
    """The names with one more or one less; the last one stays."""
    return [*shown, name] if name not in shown else [one for one in shown if one != name] or shown


def show(request: HttpRequest, by: User, kind: RecordType, tabs: Tabs, past: Past | None = None) -> HttpResponse:
    """The graph's page.

    Raises:
        Missing: nothing leads from the records of this type to others.
    """
    if not has_graph(kind, by):
        raise Missing(_("There is no such page."))
    with read_past(past.at if past else None, by):
        found = GraphPage(request, by, kind, tabs, past)
    return render(request, f"{PAGES}/graph.jinja", {"kind": kind, "graph": found, "chips": filters.chips(request, by, kind)})
