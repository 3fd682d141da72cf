"""The list of a type: rows, columns, order, filter chips, and the bar for what is ticked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renmai.kernel.access.preferences import prefer
from renmai.kernel.api.records import limit, question
from renmai.kernel.history.past import past as read_past
from renmai.kernel.overlay.version import followed
from renmai.kernel.records.counting import count, total
from renmai.kernel.records.custom import stored_in
from renmai.kernel.records.listing import page
from renmai.kernel.records.pages import board, calendar, filters, graph
from renmai.kernel.records.pages.cells import Line, lines
from renmai.kernel.records.pages.door import PAGES, elsewhere, go, query_of, with_query
from renmai.kernel.records.pages.door import page as opens
from renmai.kernel.records.pages.grouped import groups_of, is_grouped, ways
from renmai.kernel.records.pages.past import Past, asked
from renmai.kernel.records.pages.shapes import Shown
from renmai.kernel.records.pages.tabs import Tabs
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.records.view.using import said_by_view, saved_of, shown_as

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

STEP = 50
LONGEST = 200
WIDEST = 2_000
UNSHOWN = {"lines", "custom", "ids"}
SHAPES = {"board": board.show, "calendar": calendar.show, "graph": graph.show}


@dataclass(frozen=True)
class Column:
    """A column's head: its name, where a click on it leads, and how the list is sorted by it."""

    spec: FieldSpec
    href: str
    order: str


def possible(by: User, kind: RecordType) -> list[FieldSpec]:
    """The fields that a person may make columns of a type's list."""
    hidden = by.access.hidden(kind)
    return [spec for name, spec in kind.fields.items() if name not in hidden and spec.kind not in UNSHOWN and not _is_title(kind, name)]


def chosen(by: User, kind: RecordType, asked: str = "") -> list[FieldSpec]:
    """The columns that a person sees, besides the title.

    Args:
        asked: names that the address or a view gives, with commas between.
    """
    hidden = by.access.hidden(kind)
    names = asked.split(",") if asked else by.preferences.get("columns", {}).get(kind.slug, kind.columns)
    return [kind.fields[name] for name in names if name in kind.fields and name not in hidden and not _is_title(kind, name)]


def _is_title(kind: RecordType, name: str) -> bool:
    return name in {"title", "name", "number"} or (name == "subject" and "about" in kind.fields)


def columns_of(kind: RecordType, specs: Iterable[FieldSpec]) -> set[str]:
    """The database's columns that a list of these fields reads: a row has three times as many."""
    stored = {field.name for field in kind.model._meta.concrete_fields}
    read = {stored_in(spec.column) for spec in specs} | {spec.field.currency_field for spec in specs if spec.kind == "money"}
    return (read & stored) | {"title", "version"}


def title_label(kind: RecordType) -> Any:
    """What the title of a type is called: the field that makes it, where one does."""
    makers = (name for name in ("name", "number", "subject", "title") if name in kind.fields)
    return kind.fields[next(makers)].label


class List(Shown):
    """What one person asked of one type, and the answer."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, tabs: Tabs, past: Past | None = None) -> None:
        super().__init__(request, by, kind, tabs, past)
        self.asked = question(kind, request, by, on_page=True)
        self.limit = limit(request, STEP)
        self.bin = self.asked.deleted
        self.is_grouped = past is None and is_grouped(request, by, kind)
        self.records: list[Record] = []
        self.following: str | None = None
        self.total, self.is_estimate = count(self.asked) if self.is_grouped else self._read()

    def _read(self) -> tuple[int, bool]:
        """Read the page, and how many there are in all."""
        after = self.request.GET.get("after") or None
        self.records, self.following = page(self.asked, limit=self.limit, after=after, columns=columns_of(self.kind, self.specs))
        return total(self.asked, self.records, self.following, after=after)

    @cached_property
    def specs(self) -> list[FieldSpec]:
        """The fields shown, besides the title."""
        return chosen(self.by, self.kind, self.request.GET.get("columns", ""))

    @cached_property
    def widths(self) -> dict[str, int]:
        """Width of the columns that the person has made wider or narrower, in pixels."""
        return dict(self.by.preferences.get("widths", {}).get(self.kind.slug, {}))

    @property
    def selection(self) -> str:
        """Id of the bar over what is ticked; of the past nothing can be."""
        return "" if self.past else "selection"

    @cached_property
    def mark(self) -> Hashable:
        """Lists with equal ones look the same but for their rows, their chips and their tabs."""
        by, asked = self.by.access, self.request.GET.urlencode()
        shown = (self.kind.slug, asked, said_by_view(self.request), self.past and self.past.asked)
        return (followed(), by.words, frozenset(by.hidden(self.kind)), *shown, tuple(self.specs), tuple(self.widths.items()))

    @property
    def columns(self) -> list[Column]:
        """The heads, the title first."""
        return [self._column(spec) for spec in [self.kind.fields["title"], *self.specs]]

    @property
    def title_label(self) -> Any:
        """What the title is called."""
        return title_label(self.kind)

    @cached_property
    def groups(self) -> tuple[list[dict[str, Any]], bool] | None:
        """The groups, where the list is asked for in groups, and whether there are more of them."""
        return groups_of(self.request, self.asked) if self.is_grouped else None

    @property
    def ways(self) -> list[tuple[Any, str, bool]]:
        """Every way to group the list."""
        return ways(self.request, self.by, self.kind)

    def _column(self, spec: FieldSpec) -> Column:
        if not (spec.sortable or spec.name == "title"):
            return Column(spec, "", "")
        now = next((sort for sort in self.asked.sorts if sort.name == spec.name), None)
        order = "" if now is None else "descending" if now.descending else "ascending"
        to = f"-{spec.name}" if order == "ascending" else spec.name
        return Column(spec, with_query(self.request, {"sort": to, "after": None, "limit": None}), order)

    @cached_property
    def lines(self) -> list[Line]:
        """The rows."""
        may_edit = not self.bin and self.past is None and self.by.may("edit", self.kind)
        made = lines(self.kind, self.records, self.specs, self.by, editable=may_edit)
        return self.past.lines(made) if self.past else made

    @property
    def more(self) -> str:
        """Address of the longer list, or of the page after the longest one."""
        if self.following is None:
            return ""
        if self.limit < LONGEST and "after" not in self.request.GET:
            return with_query(self.request, {"limit": min(self.limit + STEP, LONGEST)})
        return with_query(self.request, {"after": self.following})

    @property
    def is_longest(self) -> bool:
        """The next rows come on a page of their own."""
        return self.limit >= LONGEST or "after" in self.request.GET


@opens
def listing(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The list, the board, the calendar or the graph."""
    if used := elsewhere(request, kind):
        return used
    past, tabs = asked(request, kind), Tabs(request, by, kind)
    otherwise = SHAPES.get(shown_as(request))
    if otherwise is not None:
        return otherwise(request, by, kind, tabs, past)
    with read_past(past.at if past else None, by):
        found = List(request, by, kind, tabs, past)
        found.lines  # noqa: B018 - read while the past is open
    about = {"kind": kind, "list": found, "by": by, "chips": tuple(filters.chips(request, by, kind))}
    return render(request, f"{PAGES}/list.jinja", about)


@opens
def columns(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The columns to choose from; sent, those that the person wants to see of a type, or of the view that is shown."""
    if request.method != "POST":
        shown = chosen(by, kind, request.GET.get("columns", ""))
        specs = shown + [spec for spec in possible(by, kind) if spec not in shown]
        query = urlencode(query_of(request, {}))
        return render(request, f"{PAGES}/columns.jinja", {"kind": kind, "specs": specs, "shown": shown, "query": query})
    names = [name for name in request.POST.getlist("column") if name in kind.fields]
    if saved_of(request) is None:
        prefer(by, "columns", {**by.preferences.get("columns", {}), kind.slug: names})
    query = urlencode(query_of(request, {"columns": ",".join(names) if saved_of(request) is not None else None}))
    return go(request, f"{kind.path()}?{query}" if query else kind.path())


@opens
def widths(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Keep how wide the person likes the columns."""
    sent = request.POST.dict()
    given = {
        name: int(str(text)) for name, text in sent.items() if name in kind.fields and str(text).isdigit() and int(str(text)) <= WIDEST
    }
    if request.method == "POST":
        prefer(by, "widths", {**by.preferences.get("widths", {}), kind.slug: given})
    return HttpResponse(status=204)
