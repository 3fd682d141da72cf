"""The chips above a list: each condition in plain words, to change or take away, and the small form that makes another."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria import parse, stored
from renmai.kernel.criteria.words import in_words
from renmai.kernel.records.decode import decode
from renmai.kernel.records.pages.door import PAGES, go, page, query_of, with_query
from renmai.kernel.records.pages.typing import typed_value
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.ready import spoken
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui.inputs import Input
from renmai.kernel.ui.reader import current

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MINE = json.dumps({"field": "owner", "op": "eq", "value": {"var": "me"}})
MY_TEAM = json.dumps({"field": "team", "op": "eq", "value": {"var": "my_team"}})

TEXT_OPS = ["contains", "eq", "ne", "starts_with", "is_set", "is_empty"]
NUMBER_OPS = ["gte", "lte", "eq", "between", "is_set", "is_empty"]
TIME_OPS = ["last", "next", "this", "after", "before", "between", "is_set", "is_empty"]
ONE_OF_OPS = ["in", "not_in", "is_set", "is_empty"]
OPS: dict[str, list[str]] = {
    **dict.fromkeys(["text", "long_text", "email", "phone", "url"], TEXT_OPS),
    **dict.fromkeys(["integer", "decimal", "money", "percent"], NUMBER_OPS),
    **dict.fromkeys(["choice", "choices", "pick", "country", "currency", "link"], ONE_OF_OPS),
    **dict.fromkeys(["date", "moment"], TIME_OPS),
    "time": ["after", "before", "between", "is_set", "is_empty"],
    **{kind: ["contains", "is_set", "is_empty"] for kind in ("address", "file")},
    "boolean": ["eq"],
    "tags": ["contains", "is_set", "is_empty"],
}
OP_LABELS = {
    "contains": gettext_lazy("contains"),
    "eq": gettext_lazy("is"),
    "ne": gettext_lazy("is not"),
    "starts_with": gettext_lazy("starts with"),
    "is_set": gettext_lazy("is filled in"),
    "is_empty": gettext_lazy("is empty"),
    "gte": gettext_lazy("is at least"),
    "lte": gettext_lazy("is at most"),
    "between": gettext_lazy("is between"),
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
    "last": gettext_lazy("in the last"),
    "next": gettext_lazy("in the next"),
    "this": gettext_lazy("in this"),
    "after": gettext_lazy("is after"),
    "before": gettext_lazy("is before"),
}
UNITS = [
    ("day", gettext_lazy("days")),
    ("week", gettext_lazy("weeks")),
    ("month", gettext_lazy("months")),
    ("quarter", gettext_lazy("quarters")),
    ("year", gettext_lazy("years")),
]
THIS = [
    ("day", gettext_lazy("day")),
    ("week", gettext_lazy("week")),
    ("month", gettext_lazy("month")),
    ("quarter", gettext_lazy("quarter")),
    ("year", gettext_lazy("year")),
]
VALUELESS = {"is_set", "is_empty"}


@dataclass(frozen=True)
class Chip:
    """One condition: its words, and the addresses that change it and take it away."""

    words: str
    change: str
    remove: str


def conditions(request: HttpRequest) -> list[Any]:
    """The conditions in ``?filter=`` that all must hold."""
    return read(request.GET.get("filter", ""))


def read(text: str) -> list[Any]:
    """The conditions in a text that all must hold.

    Raises:
        Invalid: it is no JSON.
    """
    if not text:
        return []
    try:
        tree = decode(text)
    except (ValueError, RecursionError):
        raise Invalid({"filter": [_("The filter is not valid JSON.")]}) from None
    return list(tree["and"]) if isinstance(tree, dict) and list(tree) == ["and"] and isinstance(tree["and"], list) else [tree]


def as_text(found: list[Any]) -> str:
    """The conditions as the address holds them."""
    if not found:
        return ""
    return json.dumps(found[0] if len(found) == 1 else {"and": found}, ensure_ascii=False)


def address(request: HttpRequest, text: str) -> str:
    """The list with another filter."""
    return with_query(request, {"filter": text, "after": None, "limit": None, "deleted": None})


def chips(request: HttpRequest, by: User, kind: RecordType) -> list[Chip]:
    """The conditions in force, each in words."""
    found = conditions(request)
    made = []
    for place, tree in enumerate(found):
        rest = [other for other in found if other is not tree]
        query = QueryDict(mutable=True)
        query.update({**request.GET.dict(), "place": str(place)})
        change = f"{kind.path()}{'filter' if _is_simple(tree, kind) else 'criteria'}/?{query.urlencode()}"
        made.append(Chip(in_words(stored(tree, kind, by), current(), by), change, address(request, as_text(rest))))
    return made


def _is_simple(tree: Any, kind: RecordType) -> bool:
    """The condition goes into the small form: a field of the record, compared in one of the ways that it offers."""
    spec = kind.fields.get(str(tree.get("field", ""))) if isinstance(tree, dict) else None
    return spec is not None and (tree.get("op") == "within" or tree.get("op") in OPS.get(spec.kind, []))


def filterable(kind: RecordType, by: User) -> list[FieldSpec]:
    """The fields that a chip can be about."""
    hidden = by.access.hidden(kind)
    return [spec for name, spec in kind.fields.items() if name not in hidden and spec.kind in OPS and name != "name"]


@page
def edit(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The fields that a condition can be about; the form of one; sent, it leads to the list with it."""
    if request.method == "POST":
        return _changed(request, by, kind)
    if not {"field", "place"} & set(request.GET):
        asks = with_query(request, {"field": ""}) + ("&" if request.GET else "?") + "field="
        builder = f"{kind.path()}criteria/?{request.GET.urlencode()}"
        return render(request, f"{PAGES}/filter_menu.jinja", {"specs": filterable(kind, by), "asks": asks, "builder": builder})
    found = conditions(request)
    place = request.GET.get("place", "")
    tree = found[int(place)] if place.isdigit() and int(place) < len(found) else {}
    name = request.GET.get("field") or tree.get("field", "")
    spec = next((spec for spec in filterable(kind, by) if spec.name == name), None)
    if spec is None:
        raise Invalid({"field": [_("Lists cannot be filtered by that.")]})
    return render(request, f"{PAGES}/filter.jinja", {"kind": kind, "form": Form(request, by, spec, tree, place), "unit_labels": UNITS})


class Form:
    """One condition as a form."""

    def __init__(self, request: HttpRequest, by: User, spec: FieldSpec, tree: dict[str, Any], place: str) -> None:
        self.request, self.by, self.spec, self.tree, self.place = request, by, spec, tree, place
        self.list_query = request.GET.urlencode()
        self.ops = [(op, OP_LABELS[op]) for op in OPS[spec.kind]]
        within = tree.get("value") if tree.get("op") == "within" else None
        self.window: dict[str, str] = within if isinstance(within, dict) else {}
        self.op = request.GET.get("op") or next(iter(self.window), "") or tree.get("op", "") or OPS[spec.kind][0]

    @property
    def is_window(self) -> bool:
        """The condition is about a stretch of time counted from now."""
        return self.op in {"last", "next", "this"}

    @property
    def is_valueless(self) -> bool:
        """The condition needs no value."""
        return self.op in VALUELESS

    @property
    def amount(self) -> str:
        """How many units a window has."""
        return str(self.window.get(self.op, "30 days")).split(" ")[0]

    @property
    def unit(self) -> str:
        """The unit of a window."""
        return str(self.window.get(self.op, "30 days" if self.op != "this" else "month")).split(" ")[-1].rstrip("s")

    @property
    def units(self) -> list[tuple[str, Any]]:
        """The units to choose from."""
        return THIS if self.op == "this" else UNITS

    @property
    def inputs(self) -> list[Input]:
        """Where the value is typed."""
        given = self.tree.get("value") if self.tree.get("op") == self.op else None
        if self.op == "between":
            low, high = given if isinstance(given, list) and len(given) == 2 else ("", "")
            return [self._input("value", _("From"), low), self._input("value2", _("To"), high)]
        return [self._input("value", _("Value"), given)]

    def _input(self, name: str, label: str, value: Any) -> Input:
        spec = self.spec
        shown = Input(name, label, spec.kind, value="" if value is None else str(value), prefix="filter", native=current().era == "ce")
        if spec.kind in {"long_text", "email", "phone", "url", "tags", "address", "file"}:
            shown.kind = "text"
        if spec.kind == "link":
            shown.kind, shown.target = "links", spec.target
            shown.choices = self._titles(value)
        if spec.kind in {"choice", "choices", "pick"}:
            shown.kind, shown.choices = "checks", spec.choices
            shown.value = value if isinstance(value, list) else []
        if spec.kind in {"country", "currency"}:
            shown.kind, shown.value = "text", ", ".join(value) if isinstance(value, list) else ""
        return shown

    def _titles(self, value: Any) -> list[tuple[str, str]]:
        keys = value if isinstance(value, list) else []
        titles = titles_of({str(self.spec.target): set(keys)}, self.by).get(str(self.spec.target), {})
        return [(str(key), spoken(str(self.spec.target), title)) for key, title in titles.items()]


def _changed(request: HttpRequest, by: User, kind: RecordType) -> HttpResponse:
    """The list with the condition of the form in place of the old one, or beside the others."""
    found = conditions(request)
    place = request.GET.get("place", "")
    name = request.POST.get("field", "")
    spec = next((spec for spec in filterable(kind, by) if spec.name == name), None)
    if spec is None:
        raise Invalid({"field": [_("Lists cannot be filtered by that.")]})
    tree: dict[str, Any] = {"field": name}
    tree.update(_condition(request, by, spec))
    parse(tree, kind, by)
    if place.isdigit() and int(place) < len(found):
        found[int(place)] = tree
    else:
        found.append(tree)
    listed = {**dict.fromkeys(("place", "field", "op", "after", "limit")), "filter": as_text(found)}
    return go(request, f"{kind.path()}?{urlencode(query_of(request, listed))}")


def _condition(request: HttpRequest, by: User, spec: FieldSpec) -> dict[str, Any]:
    """Operator and value as criteria have them."""
    op = request.POST.get("op", "")
    if op in VALUELESS:
        return {"op": op}
    if op in {"last", "next"}:
        return {"op": "within", "value": {op: f"{request.POST.get('value', '')} {request.POST.get('unit', 'day')}s"}}
    if op == "this":
        return {"op": "within", "value": {"this": request.POST.get("unit", "month")}}
    if op == "between":
        return {"op": op, "value": [_value(spec, request.POST.get(name, ""), by) for name in ("value", "value2")]}
    if op in {"in", "not_in"}:
        given = request.POST.getlist("value")
        parts = [part.strip() for text in given for part in text.split(",")] if spec.kind in {"country", "currency"} else given
        return {"op": op, "value": [part for part in parts if part]}
    return {"op": op, "value": _value(spec, request.POST.get("value", ""), by)}


def _value(spec: FieldSpec, text: str, by: User) -> Any:
    """What was typed, as criteria have it."""
    if spec.kind in {"date", "moment"}:
        return str(typed_value(spec, text))[:10]
    if spec.kind in {"integer", "decimal", "money", "percent"}:
        return str(typed_value(spec, text))
    return text == "true" if spec.kind == "boolean" else text.strip()
