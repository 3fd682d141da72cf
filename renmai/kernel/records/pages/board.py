"""The board of a type: columns with count and sum, and cards that are moved between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Missing
from renmai.kernel.actions.run import run
from renmai.kernel.api.records import question
from renmai.kernel.history.past import past as read_past
from renmai.kernel.records import store
from renmai.kernel.records.groups import groups, hidden_among
from renmai.kernel.records.listing import Question, page
from renmai.kernel.records.pages import filters
from renmai.kernel.records.pages.cells import NUMERIC, Line, lines
from renmai.kernel.records.pages.door import PAGES
from renmai.kernel.records.pages.door import page as opens
from renmai.kernel.records.pages.past import Past
from renmai.kernel.records.pages.shapes import Shown, boardable
from renmai.kernel.records.pages.tabs import Tabs
from renmai.kernel.records.ready import called, spoken
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import Board, RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

STEP = 20
MOST = 30
SUMMED = {"money", "decimal", "integer"}
LONGEST = 200


@dataclass(frozen=True)
class Column:
    """One column: its value, its head, its first cards."""

    key: str
    label: Any
    count: int
    sums: list[dict[str, Any]]
    lines: list[Line]
    shown: int

    @property
    def next(self) -> int:
        """How many cards to show when its end comes into sight; 0 at the end."""
        return min(self.shown + STEP, LONGEST) if self.count > len(self.lines) and self.shown < LONGEST else 0


class BoardPage(Shown):
    """The board as one person sees it. Asks once for all heads and once per column for cards, however many there are."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, board: Board, tabs: Tabs, past: Past | None = None) -> None:
        super().__init__(request, by, kind, tabs, past)
        self.board = board
        self.spec = kind.fields[board.by]
        asked = question(kind, request, by, on_page=True)
        self.asked = self._with(asked, Q(**{board.within: self.frame.pk})) if self.frame is not None else asked

    def _with(self, asked: Question, also: Q) -> Question:
        return Question(asked.kind, asked.by, also if asked.where is None else asked.where & also, asked.words, asked.sorts)

    @cached_property
    def frames(self) -> list[Record]:
        """What the columns belong to, such as the pipelines that stages belong to."""
        if not self.board.within:
            return []
        return list(self.kind.fields[self.board.within].target_model.objects.visible_to(self.by).order_by("created_at")[:50])

    @cached_property
    def frame(self) -> Record | None:
        """The one that is shown."""
        wanted = self.request.GET.get("within", "")
        return next((frame for frame in self.frames if str(frame.pk) == wanted), self.frames[0] if self.frames else None)

    @cached_property
    def counted(self) -> dict[str, dict[str, Any]]:
        """Count and sums by the key of their column."""
        return {group["key"] or "": group for group in groups(self.asked, self.board.by, self.board.sum)}

    @cached_property
    def heads(self) -> list[tuple[str, Any]]:
        """Key and label of every column."""
        if self.board.by == getattr(self.kind.board, "by", ""):
            return self._declared()
        known = [] if self.spec.kind == "link" else self.spec.choices
        others = sorted(self.counted.values(), key=lambda group: -group["count"])[:MOST]
        found = dict(known) | {group["key"]: group["label"] for group in others if group["key"] and group["key"] not in dict(known)}
        return [*found.items(), ("", _("None"))]

    def _declared(self) -> list[tuple[str, Any]]:
        """The columns of the board that the type declares: all that there are, in their own order."""
        if self.spec.kind != "link":
            return [*([("", _("None"))] if self.spec.nullable else []), *self.spec.choices]
        found = self.spec.target_model.objects.visible_to(self.by)
        if self.frame is not None:
            found = found.filter(**{self.board.within: self.frame.pk})
        names = {column.name for column in self.spec.target_model._meta.fields}
        order = ["position", "pk"] if "position" in names else ["sort_key"]
        return [(str(target.pk), spoken(str(self.spec.target), target.title)) for target in found.order_by(*order)[:50]]

    @cached_property
    def columns(self) -> list[Column]:
        """All columns with their cards."""
        found = {key: self._records(key) if key in self.counted else [] for key, _label in self.heads}
        hidden = self.by.access.hidden(self.kind)
        specs = [self.kind.fields[name] for name in self.board.card if name not in hidden]
        records = [record for listed in found.values() for record in listed]
        listed = lines(self.kind, records, specs, self.by, editable=False)
        cards = {line.id: line for line in (self.past.lines(listed) if self.past else listed)}
        made = []
        for key, label in self.heads:
            group = self.counted.get(key, {"count": 0, "sums": []})
            listed = [cards[str(record.pk)] for record in found[key]]
            made.append(Column(key, label, group["count"], group["sums"], listed, self._shown(key)))
        return made

    def _records(self, key: str) -> list[Record]:
        is_null = self.spec.kind == "link" or self.spec.nullable
        empty = Q(**{f"{self.spec.column}__isnull": True}) if is_null else Q(**{self.spec.column: ""})
        found, _following = page(self._with(self.asked, Q(**{self.spec.column: key}) if key else empty), limit=self._shown(key))
        return found

    def _shown(self, key: str) -> int:
        text = self.request.GET.get(f"show-{key}", "")
        return min(int(text), LONGEST) if text.isdigit() else STEP

    @property
    def targets(self) -> list[tuple[str, Any]]:
        """Where a card can go: key and label."""
        return self.heads

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """The frames, each with the address of its board."""
        return [(called(frame), self.link(within=frame.pk), frame == self.frame) for frame in self.frames]

    @property
    def place(self) -> str:
        """What the address to which a moved card is told adds to the card's own."""
        return f"place/?{urlencode({'by': self.board.by})}"

    @property
    def arranged(self) -> list[tuple[Any, str, bool]]:
        """Every field that can make the columns: label, address, whether it does."""
        specs = boardable(self.kind, self.by)
        return [(spec.label, self.link(by=spec.name, within=None), spec.name == self.board.by) for spec in specs]

    @property
    def summed(self) -> list[tuple[Any, str, bool]]:
        """Every number that the columns can add up: label, address, whether they do."""
        specs = [spec for spec in numbers(self.kind, self.by) if spec.kind in SUMMED]
        return [(spec.label, self.link(sum=spec.name), spec.name == self.board.sum) for spec in specs]

    @property
    def may_move(self) -> bool:
        """Whether the person may move any card."""
        if self.past is not None:
            return False
        action = self.kind.action(self.board.action) if self.board.action else None
        return self.by.may(action.may if action else "edit", self.kind)


def numbers(kind: RecordType, by: User) -> list[FieldSpec]:
    """The numbers that mean something when they are added up or compared."""
    specs = [spec for name, spec in kind.fields.items() if name != "version" and spec.kind in NUMERIC]
    return [spec for spec in specs if not hidden_among(kind, by, "", spec.name)]


def board_of(request: HttpRequest, by: User, kind: RecordType) -> Board:
    """The board that is asked for: the one that the type declares, or one by any other choice, pick-list or link.

    Raises:
        Missing: there is none by that field.
    """
    own, possible = kind.board, [spec.name for spec in boardable(kind, by)]
    if own is not None and own.by in by.access.hidden(kind):
        own = None
    wanted = request.GET.get("by") or (own.by if own is not None else "")
    usual = [name for name in [*kind.columns, *kind.custom] if name in possible]
    wanted = wanted or next((name for name in usual if kind.fields[name].kind != "link"), usual[0] if usual else "")
    adds = {spec.name for spec in numbers(kind, by) if spec.kind in SUMMED}
    total = next((name for name in (request.GET.get("sum", ""), kind.board.sum if kind.board else "") if name in adds), "")
    if own is not None and wanted == own.by:
        return replace(own, sum=total)
    if wanted not in possible:
        raise Missing(_("There is no such page."))
    card = kind.board.card if kind.board is not None else tuple(name for name in kind.columns if name in kind.fields)[1:4]
    return Board(by=wanted, sum=total, card=tuple(name for name in card if name != wanted))


def show(request: HttpRequest, by: User, kind: RecordType, tabs: Tabs, past: Past | None = None) -> HttpResponse:
    """The board's page."""
    with read_past(past.at if past else None, by):
        found = BoardPage(request, by, kind, board_of(request, by, kind), tabs, past)
        found.columns  # noqa: B018 - read while the past is open
    return render(request, f"{PAGES}/board.jinja", {"kind": kind, "board": found, "chips": filters.chips(request, by, kind)})


@opens
def place(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Move a card to another column."""
    if request.method != "POST":
        raise Missing(_("There is no such page."))
    board = board_of(request, by, kind)
    to = request.POST.get("to", "")
    action = kind.action(board.action) if board.action else None
    if action is None:
        store.update(kind, key, {board.by: to or None}, by)
    else:
        run(kind, action.name, key, by=by, arguments={next(iter(action.asks)): to})
    return HttpResponse(status=204)
