"""``/settings/layouts/<type>/<id>/``: the sections and fields of a layout, to be dragged into their order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria.words import in_words
from renmai.kernel.overlay.layout import Layout
from renmai.kernel.overlay.pages.fields import FOLDER
from renmai.kernel.overlay.pages.layouts import layout_of, require_admin
from renmai.kernel.records import store
from renmai.kernel.records.arrangement import Arrangement, Part, Rule, coded, difference
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.ui.reader import current

LEFT_OUT = "-"
NEW = "new"


@dataclass(frozen=True)
class Item:
    """A field in the editor, with what is said of it.

    Attributes:
        only: the condition under which it is shown, in words.
    """

    spec: FieldSpec
    rule: Rule
    only: str


@dataclass(frozen=True)
class Card:
    """A section in the editor.

    Attributes:
        words: code and name of each language, with what the section is called there.
        is_own: the company made it, so that it can be taken away; what stands in it goes back to its place.
    """

    part: Part
    items: list[Item]
    words: list[tuple[str, str, str]]
    is_own: bool


@page
def arrange(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Put sections and fields in order, name sections, leave fields out."""
    require_admin(by)
    layout = layout_of(kind, key)
    if request.method != "POST":
        return _show(request, kind, layout)
    parts, left_out = _read(request.POST, kind)
    rules = {name: {**rule, "hidden": False} for name, rule in layout.arrangement(kind).fitting.items()}
    for name in left_out:
        rules[name] = {**rules.get(name, {}), "hidden": True}
    values = {"sections": difference(coded(kind), parts), "rules": rules}
    try:
        store.update(registry["layouts"], layout.pk, values, by, version=int(request.POST.get("version") or 0))
    except Invalid as problem:
        layout.sections, layout.rules = values["sections"], rules
        return _show(request, kind, layout, [text for found in problem.errors.values() for text in found])
    messages.success(request, _("Saved."))
    return redirect("layout", slug=kind.slug, key=layout.pk)


def _read(sent: QueryDict, kind: RecordType) -> tuple[list[Part], list[str]]:
    """The sections with their fields, in the order of the page, and the fields that were left out.

    The form names them one after the other: ``item=section:person``, ``item=field:name``…
    """
    known = {part.key: part for part in coded(kind)}
    parts: list[Part] = []
    left_out: list[str] = []
    names = left_out
    for item in sent.getlist("item"):
        what, _colon, name = item.partition(":")
        if what == "field" and name in kind.fields:
            names.append(name)
        elif what == "section" and name != LEFT_OUT:
            parts.append(_part(sent, name, known, {part.key for part in parts}))
            names = parts[-1].names
        elif what == "section":
            names = left_out
    return [part for part in parts if part.key in known or part.names], left_out


def _part(sent: QueryDict, key: str, known: dict[str, Part], taken: set[str]) -> Part:
    title = " ".join(sent.get(f"title.{key}", "").split())
    words = {code: word for code, _name in settings.LANGUAGES if (word := sent.get(f"title.{key}.{code}", "").strip())}
    if key in known:
        return Part(key, known[key].label, [], title, words)
    title = title or _("More")
    free = key if not key.startswith(NEW) else _free(title, taken | known.keys())
    return Part(free, title, [], title, words)


def _free(title: str, taken: set[str]) -> str:
    stem = slugify(title) or "section"
    return next(key for number in count(1) if (key := stem if number == 1 else f"{stem}-{number}") not in taken)


def _show(request: HttpRequest, kind: RecordType, layout: Layout, problems: list[Any] | None = None) -> HttpResponse:
    arranged = layout.arrangement(kind)
    known = {part.key for part in coded(kind)}
    only = told_conditions(arranged, request.user)
    cards = [_card(arranged, part, only, is_own=part.key not in known) for part in arranged.parts]
    hidden = [name for part in arranged.parts for name in part.names if arranged.rule(name).hidden]
    about = {
        "kind": kind,
        "layout": layout,
        "cards": cards,
        "blank": Card(Part(NEW, "", []), [], _words({}), is_own=True),
        "left_out": _items(arranged, hidden, only),
        "misfits": layout.misfits,
        "problems": problems or [],
    }
    return render(request, f"{FOLDER}/layout.jinja", about, status=422 if problems else 200)


def told_conditions(arranged: Arrangement, by: Any) -> dict[str, str]:
    """The condition of each field that is shown only in some cases, in words."""
    return {name: in_words(node, current(), by) for name, node in arranged.conditions.items()}


def _card(arranged: Arrangement, part: Part, only: dict[str, str], *, is_own: bool) -> Card:
    shown = [name for name in part.names if not arranged.rule(name).hidden]
    return Card(part, _items(arranged, shown, only), _words(part.titles), is_own)


def _items(arranged: Arrangement, names: list[str], only: dict[str, str]) -> list[Item]:
    return [Item(arranged.specs[name], arranged.rule(name), only.get(name, "")) for name in names]


def _words(said: Any) -> list[tuple[str, str, str]]:
    return [(code, name, said.get(code.lower(), said.get(code, ""))) for code, name in settings.LANGUAGES]


@require_POST
@page
def reset_section(request: HttpRequest, by: User, kind: RecordType, key: Any, section: str) -> HttpResponse:
    """Put a section back as it comes with Renmai, with everything that is said of its fields."""
    require_admin(by)
    layout = layout_of(kind, key)
    names = {name for part in coded(kind) if part.key == section for name in part.names}
    kept = [_without(entry, names) for entry in layout.sections if entry["key"] != section]
    values = {"sections": kept, "rules": {name: rule for name, rule in layout.rules.items() if name not in names}}
    store.update(registry["layouts"], layout.pk, values, by)
    messages.success(request, _("The section is as it was delivered."))
    return redirect("layout", slug=kind.slug, key=layout.pk)


def _without(entry: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {**entry, "fields": [name for name in entry["fields"] if name not in names]} if "fields" in entry else entry
