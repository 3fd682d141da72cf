"""Looking back: lists, boards and record pages as of a day, and the small form that asks for the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.history import past as history
from renmai.kernel.locale.dates import format_date
from renmai.kernel.locale.dates import parse_date as typed_date
from renmai.kernel.records.pages.cells import Cell, Line
from renmai.kernel.records.pages.door import PAGES, go, page, with_query
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

Errors = dict[str, list[Any]]


@dataclass(frozen=True)
class Past:
    """What a page of the past says of itself.

    Attributes:
        at: the moment.
        asked: as the address has it.
        missing: names of the fields that did not exist then.
        back: address of the same page today.
        change: address of the form that asks for another day.
    """

    at: dt.datetime
    asked: str
    missing: set[str]
    back: str
    change: str

    @property
    def is_day(self) -> bool:
        """A day is meant, as it was at its end."""
        return len(self.asked) == 10

    def lines(self, lines: list[Line]) -> list[Line]:
        """Rows that lead to pages of the past, and tell which of their fields there were not yet."""
        return [self._line(line) for line in lines]

    def _line(self, line: Line) -> Line:
        mark = (line.mark, self.asked, frozenset(self.missing))
        return replace(line, path=self.follow(line.path), mark=mark, write=lambda: [self._cell(cell) for cell in line.cells])

    def _cell(self, cell: Cell) -> Cell:
        if cell.name not in self.missing:
            return cell
        return Cell(cell.name, "text", cell.label, _("not yet there"), is_plain=True)

    def follow(self, path: str) -> str:
        """The address of another page as of the same day."""
        return f"{path}{'&' if '?' in path else '?'}{urlencode({'as_of': self.asked})}"


def asked(request: HttpRequest, kind: RecordType) -> Past | None:
    """The past that an address asks for, if it does.

    Raises:
        Invalid: no past day.
    """
    text = request.GET.get("as_of", "")
    at = history.as_of(text)
    if at is None:
        return None
    return Past(at, text, history.missing(kind, at), with_query(request, {"as_of": None, "after": None}), ask_address(request, kind))


def ask_address(request: HttpRequest, kind: RecordType) -> str:
    """The form that asks for a day and leads back to this page."""
    return f"{kind.path()}as-of/?{urlencode({'back': request.get_full_path()})}"


@page
def ask(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """Ask for a day and, where it matters, a time of day; sent, they lead to the same page as of then."""
    back = request.POST.get("back") or request.GET.get("back", "")
    if not back.startswith(kind.path()):
        back = kind.path()
    if request.method != "POST":
        return _form(request, kind, back, {"day": _written(back)}, {})
    given = {name: request.POST.get(name, "").strip() for name in ("day", "time")}
    try:
        text = _read(given)
        history.as_of(text)
    except Invalid as problem:
        return _form(request, kind, back, given, {"day": [str(problem)]})
    except ValueError as problem:
        return _form(request, kind, back, given, {"day": [str(problem)]})
    return go(request, _with_moment(back, text))


def _read(given: dict[str, str]) -> str:
    """What was typed, as the address has it.

    Raises:
        ValueError: with a sentence.
    """
    if not given["day"]:
        raise ValueError(_("This is needed."))
    day = typed_date(given["day"], current().era, current().language)
    if not given["time"]:
        return day.isoformat()
    try:
        clock = dt.time.fromisoformat(given["time"])
    except ValueError:
        raise ValueError(_("A time of day is written as 14:30.")) from None
    return timezone.make_aware(dt.datetime.combine(day, clock.replace(tzinfo=None))).isoformat()


def _with_moment(address: str, text: str) -> str:
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"as_of", "after", "limit", "q"}]
    return f"{parts.path}?{urlencode([*query, ('as_of', text)])}"


def _written(address: str) -> str:
    """The day that the page shows now, as its reader writes it."""
    text = dict(parse_qsl(urlsplit(address).query)).get("as_of", "")[:10]
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return ""
    return text if current().era == "ce" else format_date(day, current(), numeric=True)


def _form(request: HttpRequest, kind: RecordType, back: str, values: dict[str, str], errors: Errors) -> HttpResponse:
    native = current().era == "ce"
    day = Input("day", _("Day"), "date", values.get("day", ""), errors=errors.get("day", []), required=True, native=native, prefix="as-of")
    time = Input("time", _("Time of day"), "text", values.get("time", ""), prefix="as-of", placeholder="14:30")
    time.help = _("Without one, the day is shown as it ended.")
    about = {"address": f"{kind.path()}as-of/", "back": back, "inputs": [day, time]}
    return render(request, f"{PAGES}/as_of.jinja", about, status=422 if errors else 200)
