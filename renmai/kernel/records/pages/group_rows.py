"""The rows of one group of a list, read when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.api.records import question
from renmai.kernel.criteria import condition
from renmai.kernel.records.listing import Question, page
from renmai.kernel.records.pages.cells import lines
from renmai.kernel.records.pages.door import PAGES, query_of
from renmai.kernel.records.pages.door import page as opens
from renmai.kernel.records.pages.filters import as_text, conditions
from renmai.kernel.records.pages.grouped import is_grouped
from renmai.kernel.records.pages.listing import Column, chosen, title_label
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

SHOWN = 50


@opens
def rows(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The first rows of one group."""
    name, key = request.GET.get("group", ""), request.GET.get("key", "")
    if not is_grouped(request, by, kind):
        raise Invalid({"group": [_("There is no such field.")]})
    value: Any = key == "True" if kind.fields[name].kind == "boolean" else key
    tree = {"field": name, "op": "eq", "value": value} if key else {"field": name, "op": "is_empty"}
    asked = question(kind, request, by)
    also = condition(tree, kind, by)
    narrowed = Question(kind, by, also if asked.where is None else asked.where & also, asked.words, asked.sorts, asked.deleted)
    records, following = page(narrowed, limit=SHOWN)
    specs = chosen(by, kind, request.GET.get("columns", ""))
    listed = query_of(request, {"key": None, "group": None, "filter": as_text([*conditions(request), tree])})
    more = f"{kind.path()}?{urlencode(listed)}" if following else ""
    columns = [Column(spec, "", "") for spec in [kind.fields["title"], *specs]]
    found = lines(kind, records, specs, by, editable=by.may("edit", kind))
    about = {"kind": kind, "columns": columns, "lines": found, "title_label": title_label(kind), "more": more}
    return render(request, f"{PAGES}/group.jinja", about)
