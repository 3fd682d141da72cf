"""The list of a type: rows, columns, order, filter chips, and the bar for what is ticked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.access.preferences import prefer
from renmai.kernel.api.records import limit, question
from renmai.kernel.history.past import past as read_past
from renmai.kernel.records.custom import stored_in
from renmai.kernel.records.listing import count, page
from renmai.kernel.records.pages import board, filters
from renmai.kernel.records.pages.bin import address as recycle_bin
from renmai.kernel.records.pages.cells import Line, lines
from renmai.kernel.records.pages.door import PAGES, go, with_query
from renmai.kernel.records.pages.door import page as opens
from renmai.kernel.records.pages.past import Past, ask_address, asked
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

STEP = 50
LONGEST = 200
COUNT_CAP = 10_000
UNSHOWN = {"lines", "custom", "ids"}


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


def chosen(by: User, kind: RecordType) -> list[FieldSpec]:
    """The columns that a person sees, besides the title."""
    hidden = by.access.hidden(kind)
    names = by.preferences.get("columns", {}).get(kind.slug, kind.columns)
    return [kind.fields[name] for name in names if name in kind.fields and name not in hidden and not _is_title(kind, name)]


def _is_title(kind: RecordType, name: str) -> bool:
    return name in {"title", "name", "number"} or (name == "subject" and "about" in kind.fields)


def columns_of(kind: RecordType, specs: Iterable[FieldSpec]) -> set[str]:
    """The database's columns that a list of these fields reads: a row has three times as many."""
    stored = {field.name for field in kind.model._meta.concrete_fields}
    read = {stored_in(spec.column) for spec in specs} | {spec.field.currency_field for spec in specs if spec.kind == "money"}
    return (read & stored) | {"title", "version"}


class List:
    """What one person asked of one type, and the answer."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, past: Past | None = None) -> None:
        self.request, self.by, self.kind, self.past = request, by, kind, past
        self.asked = question(kind, request, by, on_page=True)
        self.limit = limit(request, STEP)
        self.bin = self.asked.deleted
        self.records, self.following = page(
            self.asked, limit=self.limit, after=request.GET.get("after") or None, columns=columns_of(kind, self.specs)
        )
        self.total, self.is_estimate = count(self.asked, COUNT_CAP)

    @cached_property
    def specs(self) -> list[FieldSpec]:
        """The fields shown, besides the title."""
        return chosen(self.by, self.kind)

    @property
    def columns(self) -> list[Column]:
        """The heads, the title first."""
        return [self._column(spec) for spec in [self.kind.fields["title"], *self.specs]]

    @property
    def title_label(self) -> Any:
        """What the title is called: the field that makes it, where one does."""
        makers = (name for name in ("name", "number", "subject", "title") if name in self.kind.fields)
        return self.kind.fields[next(makers)].label

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

    @property
    def tabs(self) -> list[tuple[Any, str, bool]]:
        """Ready views: label, address, whether it is shown."""
        given = self.request.GET.get("filter", "")
        ready = [(_("All"), ""), (_("Mine"), filters.MINE), (_("My team"), filters.MY_TEAM)]
        found = [(label, filters.address(self.request, text), not self.bin and given == text) for label, text in ready]
        if self.by.may("delete", self.kind):
            found.append((_("Recycle bin"), recycle_bin(self.kind), self.bin))
        return found

    @property
    def boards(self) -> bool:
        """Whether the rows can be shown as cards in columns."""
        return bool(board.boards(self.kind, self.by))

    @property
    def query(self) -> str:
        """This page's query."""
        return self.request.GET.urlencode()

    def link(self, **changes: Any) -> str:
        """This page's address with parts of its query replaced."""
        return with_query(self.request, changes)

    @property
    def look_back(self) -> str:
        """The form that asks for a day of the past."""
        return ask_address(self.request, self.kind)


@opens
def listing(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The list, or the board."""
    past = asked(request, kind)
    if request.GET.get("view") == "board":
        return board.show(request, by, kind, past)
    with read_past(past.at if past else None, by):
        found = List(request, by, kind, past)
        found.lines  # noqa: B018 - read while the past is open
    return render(request, f"{PAGES}/list.jinja", {"kind": kind, "list": found, "by": by, "chips": filters.chips(request, by, kind)})


@opens
def columns(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The columns to choose from; sent, those that the person wants to see of a type."""
    if request.method != "POST":
        shown = chosen(by, kind)
        specs = shown + [spec for spec in possible(by, kind) if spec not in shown]
        back = with_query(request, {}).replace("columns/", "", 1)
        return render(request, f"{PAGES}/columns.jinja", {"kind": kind, "specs": specs, "shown": shown, "back": back})
    names = [name for name in request.POST.getlist("column") if name in kind.fields]
    prefer(by, "columns", {**by.preferences.get("columns", {}), kind.slug: names})
    return go(request, request.POST.get("back") or kind.path())
