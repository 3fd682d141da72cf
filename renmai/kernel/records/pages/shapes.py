"""As what the records of a type can be shown besides a list: on a board, in a calendar, as a graph."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest

from renmai.kernel.records.graph import has_graph
from renmai.kernel.records.pages.door import query_of, with_query
from renmai.kernel.records.pages.past import Past, ask_address
from renmai.kernel.records.pages.tabs import Tabs
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

DATED = {"date", "moment"}
COLUMNED = {"choice", "pick", "link"}


def boardable(kind: RecordType, by: User) -> list[FieldSpec]:
    """The fields that can make columns of a board."""
    hidden = by.access.hidden(kind)
    return [spec for name, spec in kind.fields.items() if name not in hidden and spec.kind in COLUMNED and spec.editable and spec.indexed]


def has_board(kind: RecordType, by: User) -> bool:
    """Whether the records can be shown as cards in columns."""
    return kind.board is not None or any(spec.name in {*kind.columns, *kind.custom} for spec in boardable(kind, by))


def datable(kind: RecordType, by: User) -> list[FieldSpec]:
    """The dates of a type that a person may see: those that people give first, and of these the columns of its list."""
    hidden = by.access.hidden(kind)
    found = [spec for name, spec in kind.fields.items() if name not in hidden and spec.kind in DATED]
    return sorted(found, key=lambda spec: (not spec.editable, spec.name not in kind.columns))


def has_calendar(kind: RecordType, by: User) -> bool:
    """Whether some date means more than when the record was made."""
    return any(spec.editable for spec in datable(kind, by))


class Shown:
    """The records of a type as one person asked to see them: what a list, a board, a calendar and a graph have in common."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType, tabs: Tabs, past: Past | None = None) -> None:
        self.request, self.by, self.kind, self.view_tabs, self.past = request, by, kind, tabs, past

    @cached_property
    def boards(self) -> bool:
        """They can be shown as cards in columns."""
        return has_board(self.kind, self.by)

    @cached_property
    def calendars(self) -> bool:
        """They can be shown on their days."""
        return has_calendar(self.kind, self.by)

    @cached_property
    def graphs(self) -> bool:
        """They can be shown with what they are related to."""
        return has_graph(self.kind, self.by)

    @property
    def query(self) -> str:
        """This page's query."""
        return urlencode(query_of(self.request, {}))

    @property
    def kept(self) -> dict[str, Any]:
        """This page's query without words and place."""
        return query_of(self.request, {"q": None, "after": None, "limit": None})

    def link(self, **changes: Any) -> str:
        """This page's address with parts of its query replaced."""
        return with_query(self.request, changes)

    @property
    def look_back(self) -> str:
        """The form that asks for a day of the past."""
        return ask_address(self.request, self.kind)
