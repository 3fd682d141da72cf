"""The page of one record: its facts, its timeline with the composer, and what belongs to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.access.verbs import open_verbs
from renmai.kernel.actions.action import Action
from renmai.kernel.actions.common import COMMON
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.sharing import share, unshare
from renmai.kernel.api.records import reachable, visible
from renmai.kernel.approvals.held import FREE, waited_for
from renmai.kernel.comments.model import SIGNS
from renmai.kernel.comments.reading import Said, of_facts
from renmai.kernel.facts.timeline import Card, cards_of, told_of
from renmai.kernel.files.field import taken_in
from renmai.kernel.history.past import past as read_past
from renmai.kernel.merging.actions import can_merge
from renmai.kernel.merging.preview import Joined, merged_into, survival
from renmai.kernel.records import store
from renmai.kernel.records.pages import rows
from renmai.kernel.records.pages.beginning import given
from renmai.kernel.records.pages.cells import Cell, Line, lines
from renmai.kernel.records.pages.door import PAGES, done, elsewhere, typed, with_query
from renmai.kernel.records.pages.door import page as opens
from renmai.kernel.records.pages.forms import totals
from renmai.kernel.records.pages.inputs import Inputs
from renmai.kernel.records.pages.news import news_of
from renmai.kernel.records.pages.past import Past, ask_address, asked
from renmai.kernel.records.pages.typing import Errors, as_typed, typed_values
from renmai.kernel.records.reading import Titles, links_of, titles_of
from renmai.kernel.records.related import newest
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, Relation, registry
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.approvals.model import Approval
    from renmai.kernel.records.arrangement import Arrangement
    from renmai.kernel.records.record import Record

CARDS = 30
RELATED = 5
FIRST_BUTTONS = 3
SMALL_PRINT = ["created_at", "created_by", "updated_at", "updated_by"]


@dataclass(frozen=True)
class Panel:
    """Records of another type that belong to this one: the newest, and whether there are more."""

    kind: RecordType
    lines: list[Line]
    has_more: bool
    all_href: str
    new_href: str


@dataclass(frozen=True)
class Entry:
    """One card of the timeline; an activity brings what was written in it."""

    card: Card
    kind: RecordType
    cells: list[Cell]
    line: Line | None
    actions: list[Action]
    said: Said | None = None
    warning: Any = ""

    @property
    def has_subject(self) -> bool:
        """It is called something other than how its text begins."""
        return self.line is not None and not any(cell.kind == "long_text" and cell.text for cell in self.cells)

    def at_home(self, kind: RecordType) -> bool:
        """It stands on the page of a record of the type that it is about."""
        return self.kind is kind

    @property
    def others(self) -> list[dict[str, Any]]:
        """What else it is about."""
        return self.card.about[1:]


class Page:
    """One record as one person sees it."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, record: Record, past: Past | None = None) -> None:
        self.request, self.by, self.kind, self.record, self.past = request, by, kind, record, past
        self.related = newest(kind, record, by, RELATED + 1)
        self.told, self.earlier = told_of(record, limit=CARDS, after=request.GET.get("before") or None)
        self.known = self._titles()
        shown = lines(kind, [record], self._shown(), by, editable=self.may_edit, known=self.known)
        self.cells = {cell.name: cell for cell in (past.lines(shown) if past else shown)[0].cells}

    def _titles(self) -> Titles:
        """Titles of what the record, its timeline and those that belong to it link to, read together."""
        wanted: dict[str, set[Any]] = defaultdict(set, self.told.links())
        several = [(self.kind, [self.record], [spec.name for spec in self._shown()])]
        several += [
            (relation.kind, found, [spec.name for spec in telling(relation.kind, relation.field)])
            for relation, found in self.related.items()
        ]
        for kind, records, names in several:
            for slug, keys in links_of(kind, records, self.by, names).items():
                wanted[slug] |= keys
        known: Titles = {}
        return titles_of(wanted, self.by, known)

    @property
    def may_edit(self) -> bool:
        return "edit" in self._open

    @property
    def may_delete(self) -> bool:
        return "delete" in self._open

    @cached_property
    def _possible(self) -> list[Action]:
        """What can be done with the record as it stands, and is the person's to do where roles allow it."""
        deleted, waits = self.record.deleted_at is not None, self.approval is not None
        actions = [action for action in self.kind.all_actions if action.on_deleted == deleted and (action.name in FREE or not waits)]
        return [action for action in actions if action.on_page and action.is_for(self.record, self.by)]

    @cached_property
    def _open(self) -> set[str]:
        """The verbs that the person may do to the record; the past is only looked at."""
        if self.past is not None:
            return set()
        always = set() if self.record.deleted_at is not None or self.approval is not None else {"edit", "delete"}
        return open_verbs(self.by, self.record, always | {action.may for action in self._possible})

    @cached_property
    def approval(self) -> Approval | None:
        """The approval that the record waits for: until then it is only looked at."""
        return waited_for(self.record, self.by)

    @property
    def may_be_known(self) -> bool:
        """Whether there may be records of other types that are the same, which the page then looks for by itself."""
        return bool(self.kind.duplicates and self.kind.duplicates.also) and self.past is None and self.record.deleted_at is None

    @property
    def news(self) -> list[str]:
        """Parts that other domains bring, which the page loads by itself."""
        return news_of(self.record) if self.past is None and self.record.deleted_at is None else []

    @property
    def merged(self) -> list[Joined]:
        """What was merged into the record and can be taken apart."""
        asked = getattr(self.record, "is_survivor", can_merge(self.kind))
        return merged_into(self.kind, self.record.pk, self.by) if asked else []

    def _shown(self) -> list[FieldSpec]:
        hidden = self.by.access.hidden(self.kind)
        hidden |= self.arranged.unshown(self.record, self.by)
        specs = [self.kind.fields[name] for name in dict.fromkeys([*self.arranged.names, *SMALL_PRINT])]
        return [spec for spec in specs if spec.name not in hidden and spec.kind not in {"lines", "custom"}]

    @cached_property
    def arranged(self) -> Arrangement:
        """The layout by which the person sees it."""
        return self.kind.arranged(self.by)

    @property
    def facts(self) -> list[tuple[Any, list[Cell]]]:
        """Headings with the facts below them."""
        found = [(label, [self.cells[name] for name in names if name in self.cells]) for label, names in self.arranged.sections]
        return [(label, cells) for label, cells in found if cells]

    @property
    def badges(self) -> list[Cell]:
        """Where it stands, beside its title: what its board goes by, or its first choice."""
        by = self.kind.board.by if self.kind.board else "status"
        return [self.cells[by]] if by in self.cells and self.cells[by].text and not self.cells[by].links else []

    @property
    def totals(self) -> list[tuple[Any, str]]:
        """Label and amount of every sum of a document."""
        return totals(self.kind, self.record, self.by)

    @property
    def topics(self) -> str:
        """What the related panels follow: changes of their types, and of the record where further parts tell of it."""
        own = [f"{self.kind.slug}/{self.record.pk}"] if self.beside else []
        return " ".join([*own, *(panel.kind.slug for panel in self.panels)])

    @property
    def beside(self) -> list[str]:
        """Addresses of the further parts of the page; the past has none."""
        is_now = self.past is None and self.record.deleted_at is None
        return [f"{self.kind.path(self.record)}{part}/" for part in self.kind.beside] if is_now else []

    @property
    def small_print(self) -> dict[str, Cell]:
        """Who made and changed it."""
        return {name: self.cells[name] for name in SMALL_PRINT if name in self.cells}

    @cached_property
    def actions(self) -> list[Action]:
        """What the person may do with it now."""
        return [action for action in self._possible if action.may in self._open]

    @property
    def may_share(self) -> bool:
        """Whether its sharing has a dialog."""
        return share in self.actions

    @property
    def buttons(self) -> list[Action]:
        """The first actions, as buttons."""
        own = (action for action in self.actions if action.on_deleted or not (action in COMMON or action.place))
        return [action for action in own if not action.danger][:FIRST_BUTTONS]

    @property
    def menu(self) -> list[Action]:
        """The other actions."""
        shown = {action.name for action in [*self.buttons, share, unshare]}
        return [action for action in self.actions if action.name not in shown]

    @cached_property
    def tables(self) -> list[rows.Lines]:
        """The rows of a document."""
        made = []
        for name, collection in self.kind.collections.items():
            table = rows.Lines(collection, self.by)
            table.hold(self.record.rows(name), self.record)
            made.append(table)
        return made

    @cached_property
    def panels(self) -> list[Panel]:
        """What belongs to it."""
        found = [self._panel(relation.kind, relation, records) for relation, records in self.related.items()]
        return sorted(found, key=lambda panel: (not panel.lines, panel.kind.rank))

    def _panel(self, kind: RecordType, relation: Relation, found: list[Record]) -> Panel:
        listed = lines(kind, found[:RELATED], telling(kind, relation.field), self.by, editable=False, known=self.known)
        criteria = f'{{"field": "{relation.field}", "op": "in", "value": ["{self.record.pk}"]}}'
        if self.past is not None:
            follow = self.past.follow
            listed = [replace(line, path=follow(line.path)) for line in listed]
            return Panel(kind, listed, len(found) > RELATED, follow(with_path(kind.path(), criteria)), "")
        new = f"{kind.path()}new/?{relation.field}={self.record.pk}" if self.by.may("create", kind) else ""
        return Panel(kind, listed, len(found) > RELATED, with_path(kind.path(), criteria), new)

    def read(self) -> None:
        """Read now what the page will show: it is written when the past is closed again."""
        self.tables, self.panels, self.timeline  # noqa: B018

    @property
    def look_back(self) -> str:
        """The form that asks for a day of the past."""
        return ask_address(self.request, self.kind)

    @cached_property
    def timeline(self) -> tuple[list[Entry], str]:
        """The newest cards, and the address of those before."""
        more = with_query(self.request, {"before": self.earlier}) if self.earlier else ""
        return entries(cards_of(self.told, self.by, self.known), self.by, self.known), more

    @property
    def changed(self) -> str:
        """Who else changed it last, in a sentence for somebody who is writing in an older version."""
        if self.record.updated_by_id == self.by.pk:
            return ""
        who = self.cells.get("updated_by")
        return _("%(name)s changed this just now. What you type is kept.") % {"name": who.text if who and who.text else _("Somebody")}


def telling(kind: RecordType, without: str) -> list[FieldSpec]:
    """The two columns that say most about a record in a line: where it stands and what it is worth, else the first."""
    specs = [kind.fields[name] for name in kind.columns if name not in {"title", "name", "number", "subject", without}]
    stand = kind.board.by if kind.board else ""
    return sorted(specs, key=lambda spec: not (spec.kind in {"choice", "money"} or spec.name == stand))[:2]


def with_path(path: str, criteria: str) -> str:
    """A list with a filter."""
    return f"{path}?{urlencode({'filter': criteria})}"


def entries(cards: list[Card], by: User, known: Titles) -> list[Entry]:
    """Cards with what was written in the activities they made, one question per type."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for card in cards:
        if _is_writing(card):
            wanted[card.about[0]["type"]].add(card.about[0]["id"])
    written: dict[str, Line] = {}
    records: dict[str, Record] = {}
    for slug, keys in wanted.items():
        kind = registry[slug]
        found = list(kind.model.objects.visible_to(by).filter(pk__in=keys))
        records |= {str(record.pk): record for record in found}
        specs = [kind.fields[name] for name in [*kind.composer, *kind.card]]
        written |= {line.id: line for line in lines(kind, found, specs, by, editable=False, known=known)}
    comments = of_facts((card.comment for card in cards if card.comment), by)
    made = []
    for card in cards:
        kind = registry[card.about[0]["type"]]
        line = written.get(card.about[0]["id"]) if _is_writing(card) else None
        record = records.get(card.about[0]["id"]) if line else None
        possible = [action for action in kind.actions if record is not None and not action.danger and action.is_for(record, by)]
        warning = record.warning() if record is not None else ""
        made.append(Entry(card, kind, line.cells if line else [], line, possible, comments.get(card.comment), warning))
    return made


def _is_writing(card: Card) -> bool:
    """Whether the card tells of an activity that somebody wrote down."""
    return bool(card.about) and bool(registry[card.about[0]["type"]].composer) and card.fact.kind.endswith((".created", ".imported"))


@opens
def record(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """The page of a record; one in the recycle bin can be looked at by who may delete."""
    past = asked(request, kind)
    if past is not None:
        return _past(request, by, kind, key, past)
    found = reachable(kind, key, by, **(survival(kind) if can_merge(kind) else {}))
    if used := elsewhere(request, kind, found):
        return used
    made = Page(request, by, kind, found)
    return render(
        request, f"{PAGES}/record.jinja", {"kind": kind, "record": found, "page": made, "composers": composers(by, kind), "signs": SIGNS}
    )


def _past(request: HttpRequest, by: User, kind: RecordType, key: Any, past: Past) -> HttpResponse:
    with read_past(past.at, by):
        found = visible(kind, key, by)
        made = Page(request, by, kind, found, past)
        made.read()
    return render(request, f"{PAGES}/record.jinja", {"kind": kind, "record": found, "page": made, "composers": [], "signs": SIGNS})


@dataclass
class Composer:
    """The form of one kind of activity below the tabs of the composer."""

    kind: RecordType
    inputs: list[Input]
    general: Iterable[Any] = ()


def composers(by: User, about: RecordType) -> list[Composer]:
    """The kinds of activity that can be written down on a timeline."""
    if "about" in about.fields:
        return []
    kinds = [kind for kind in registry.all() if kind.composer and by.may("create", kind)]
    return [composer(kind, by) for kind in reversed(kinds)]


def composed(kind: RecordType, by: User) -> list[FieldSpec]:
    """The fields of the short form: those that the type names, and what else the person's layout always needs."""
    arranged = kind.arranged(by)
    needed = [name for name in arranged.always_needed if name not in arranged.defaults]
    names = dict.fromkeys([*kind.composer, *(name for name in needed if name in arranged.names)])
    return [arranged.specs[name] for name in names]


def composer(kind: RecordType, by: User, values: dict[str, Any] | None = None, errors: Errors | None = None) -> Composer:
    """An empty form, or one that was sent and does not do."""
    specs = composed(kind, by)
    return Composer(kind, Inputs(by, prefix=f"new-{kind.slug}").of(specs, values or {}, errors), (errors or {}).get("", []))


@opens
def compose(request: HttpRequest, by: User, kind: RecordType, key: Any, activity: str) -> HttpResponse:
    """Write down an activity about a record."""
    found, made = visible(kind, key, by), typed(activity, by)
    specs = composed(made, by)
    sent, refused = taken_in(request, specs, by)
    values, errors = typed_values(specs, sent)
    errors |= refused
    if not errors:
        try:
            store.create(made, given(made, values, by) | {"about": [{"type": kind.slug, "id": str(found.pk)}]}, by, via="page")
            return done()
        except Invalid as problem:
            errors = problem.errors
    form = composer(made, by, {spec.name: as_typed(spec, sent) for spec in specs}, errors)
    return render(request, f"{PAGES}/composer_form.jinja", {"kind": kind, "record": found, "composer": form}, status=422)
