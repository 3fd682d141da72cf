"""Records and how they are related: those that a person may see, tied by the links that the person may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from renmai.kernel.records.about import About, is_about
from renmai.kernel.records.reading import Titles, as_json, titles_of
from renmai.kernel.records.related import linking
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

LINKING = {"link", "links", "abouts"}
UNTOLD = {"created_by", "updated_by", "deleted_by"}
COMMON = {"owner", "team"}


@dataclass(frozen=True)
class Node:
    """One record."""

    type: str
    id: str
    title: str


@dataclass
class Graph:
    """Records by their id, and what ties them.

    Attributes:
        nodes: in the order in which they were found.
        ties: by the ids of a record and of what it links to, the labels of its fields that do.
        left_out: there was no room for some.
    """

    most: int
    nodes: dict[str, Node] = field(default_factory=dict)
    ties: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    left_out: bool = False

    def add(self, node: Node) -> bool:
        """Take a record in; False where there is no room for one more."""
        if node.id not in self.nodes and len(self.nodes) >= self.most:
            self.left_out = True
            return False
        self.nodes.setdefault(node.id, node)
        return True

    def tie(self, source: Node, target: Node, label: Any) -> None:
        """Say that one record links to another by the field of that label."""
        if source.id != target.id and self.add(source) and self.add(target):
            self.ties.setdefault((source.id, target.id), {})[str(label)] = None


def ways(kind: RecordType, by: User) -> list[FieldSpec]:
    """The fields that lead from the records of a type to others, as far as the person may see them; owner and team come last."""
    hidden = by.access.hidden(kind)
    found = {name: spec for name, spec in kind.fields.items() if name not in hidden | UNTOLD and _leads(kind, spec)}
    once = [spec for name, spec in found.items() if spec.kind != "link" or kind.twins.get(name) not in found]
    return sorted(once, key=lambda spec: spec.name in COMMON)


def has_graph(kind: RecordType, by: User) -> bool:
    """Whether a graph tells something: of what the company sets up, only where its links lead to more than people."""
    return any(kind.rail or spec.name not in COMMON for spec in ways(kind, by))


def usual(kind: RecordType, by: User) -> list[FieldSpec]:
    """Those of the ways that lead to what people work with, not to whose a record is or to how the company is set up; else all."""
    found = ways(kind, by)
    told = [spec for spec in found if spec.name not in COMMON]
    return [spec for spec in told if spec.kind != "link" or registry[str(spec.target)].rail] or told or found


def draw(graph: Graph, kind: RecordType, records: Sequence[Record], by: User, specs: Iterable[FieldSpec]) -> None:
    """Take in records of a type with what they link to by some of its fields."""
    specs = list(specs)
    for item in as_json(kind, records, by, [spec.name for spec in specs]):
        source = Node(kind.slug, item["id"], item["title"])
        graph.add(source)
        for spec in specs:
            for link in _links(kind, spec, item.get(spec.name)):
                graph.tie(source, Node(link["type"], link["id"], link["title"]), spec.label)


def draw_around(graph: Graph, opened: Sequence[tuple[RecordType, Record]], by: User, few: int) -> None:
    """Take in what some records link to, and the newest of what links to them.

    Args:
        few: how many are taken of each type that links to a record, and of what is about it.
    """
    by_kind: dict[RecordType, list[Record]] = defaultdict(list)
    for kind, record in opened:
        by_kind[kind].append(record)
    for kind, records in by_kind.items():
        draw(graph, kind, records, by, usual(kind, by))
    targets = {str(record.pk): Node(kind.slug, str(record.pk), record.title) for kind, record in opened}
    for relation, key, title, target in linking(opened, by, few):
        graph.tie(Node(relation.target, str(key), title), targets[str(target)], relation.kind.fields[relation.field].label)
    _draw_abouts(graph, targets, by, few)


def _draw_abouts(graph: Graph, targets: dict[str, Node], by: User, few: int) -> None:
    """The newest that is written about records."""
    kinds = [kind for kind in registry.all() if is_about(kind) and by.may("view", kind) and "about" not in by.access.hidden(kind)]
    rows = About.objects.filter(source_type__in=[kind.slug for kind in kinds])
    asked = [rows.filter(target_id=key).order_by("-id").values_list("source_type", "source_id", "target_id")[:few] for key in targets]
    found = list(asked[0].union(*asked[1:], all=True)) if asked else []
    wanted: dict[str, set[Any]] = defaultdict(set)
    for slug, key, _target in found:
        wanted[slug].add(key)
    titles: Titles = titles_of(wanted, by)
    for slug, key, target in found:
        title = titles.get(slug, {}).get(key)
        if title is not None:
            graph.tie(Node(slug, str(key), title), targets[str(target)], registry[slug].fields["about"].label)


def _leads(kind: RecordType, spec: FieldSpec) -> bool:
    return spec.kind in LINKING or bool(_linked(kind, spec))


def _linked(kind: RecordType, spec: FieldSpec) -> list[str]:
    """The links in the rows of a field that holds rows."""
    return [part.name for part in kind.collections[spec.name].fields.values() if part.kind == "link"] if spec.kind == "lines" else []


def _links(kind: RecordType, spec: FieldSpec, value: Any) -> Iterator[dict[str, Any]]:
    """What a value leads to and may be seen."""
    if spec.kind == "lines":
        found = [row[name] for row in value for name in _linked(kind, spec)]
    else:
        found = value if isinstance(value, list) else [value]
    return (link for link in found if link is not None and link["id"] is not None)
