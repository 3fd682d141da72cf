"""What stands under a title among results: the field that answered where the title does not show it, else the subtitle of its type."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, Func, JSONField, TextField, Value

from renmai.kernel.access.prepared import seen_by
from renmai.kernel.records.indexed import texts
from renmai.kernel.records.prepared import GIVEN, Prepared, together
from renmai.kernel.records.reading import titles_of
from renmai.kernel.search.fold import HAN, fold
from renmai.kernel.search.highlight import highlight, words_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.spec import FieldSpec
    from renmai.kernel.records.types import RecordType

LONGEST, BEFORE = 90, 30
Named = tuple["RecordType", UUID, str]
Held = dict[str, Any]
Link = tuple[str, UUID] | None
_HAN = re.compile(f"[{HAN}]")


def beneath(found: Iterable[Named], text: str, by: User) -> dict[UUID, str]:
    """The line under each title, in two queries at most.

    Args:
        found: type, id and title of each record.
        text: what was typed.
        by: who reads; neither a hidden field nor the title of what may not be seen is told.
    """
    named, words = list(found), words_of(text)
    missed = {key: [word for word in words if not _stands(word, title)] for _kind, key, title in named}
    held = _held(named, by)
    links = {key: _link(kind, held.get(key, {}), bool(missed[key])) for kind, key, _title in named}
    titles = _titles(links.values(), by)
    lines = {key: (_line(kind, held.get(key, {}), titles.get(links[key], ""), missed[key]), title) for kind, key, title in named}
    return {key: "" if fold(line) in fold(title) else line for key, (line, title) in lines.items()}


def _specs(kind: RecordType, by: User) -> list[FieldSpec]:
    """Subtitle, what is searched, and what it lies with, as far as the reader may see them."""
    hidden = by.access.hidden(kind)
    names = dict.fromkeys([kind.subtitle, *kind.search, kind.lies_with])
    return [kind.fields[name] for name in names if name and name not in hidden]


def _held(named: list[Named], by: User) -> dict[UUID, Held]:
    """The values of these fields, by record and name; one query for all types."""
    keys: dict[RecordType, list[UUID]] = defaultdict(list)
    for kind, key, _title in named:
        keys[kind].append(key)
    specs = {kind.slug: _specs(kind, by) for kind in keys}
    rows = together([(_values(kind, specs[kind.slug]), ids) for kind, ids in keys.items()])
    return {key: dict(zip((spec.name for spec in specs[slug]), values, strict=True)) for slug, key, values in rows}


def _values(kind: RecordType, specs: list[FieldSpec]) -> Prepared[Any]:
    columns = tuple(spec.column for spec in specs)
    values = Func(*(F(column) for column in columns), function="jsonb_build_array", output_field=JSONField())
    asked = Value(kind.slug, TextField()), "pk", values
    return seen_by(None, kind.model, ("beneath", columns), lambda rows: rows.filter(pk__among=GIVEN).order_by().values_list(*asked))


def _link(kind: RecordType, held: Held, is_missed: bool) -> Link:
    """Type and id of what may answer by its title, or is the subtitle."""
    name = kind.lies_with if is_missed and kind.lies_with in held else kind.subtitle if _is_link(kind) else ""
    return (str(kind.fields[name].target), UUID(held[name])) if held.get(name) else None


def _line(kind: RecordType, held: Held, linked: str, missed: list[str]) -> str:
    if linked and any(_stands(word, linked) for word in missed):
        return linked
    told = next((text for text in _texts(kind, held) if any(_stands(word, text) for word in missed)), "") if missed else ""
    if told:
        return _cut(told, missed)
    return linked if _is_link(kind) else _subtitle(kind, held)


def _texts(kind: RecordType, held: Held) -> Iterator[str]:
    for name, value in held.items():
        if kind.fields[name].kind != "link":
            yield from texts(value)


def _titles(links: Iterable[Link], by: User) -> dict[Link, str]:
    wanted: dict[str, set[Any]] = defaultdict(set)
    for slug, key in filter(None, links):
        wanted[slug].add(key)
    return {(slug, key): title for slug, found in titles_of(wanted, by).items() for key, title in found.items()}


def _is_link(kind: RecordType) -> bool:
    return bool(kind.subtitle) and kind.fields[kind.subtitle].kind == "link"


def _subtitle(kind: RecordType, held: Mapping[str, Any]) -> str:
    value = held.get(kind.subtitle)
    return str(dict(kind.fields[kind.subtitle].choices).get(value, value)) if value not in (None, "") else ""


def _stands(word: str, text: str) -> bool:
    """Whether a word stands in a text, perhaps as its pinyin."""
    if word in fold(text):
        return True
    return word.isascii() and _HAN.search(text) is not None and any(is_hit for _part, is_hit in highlight(text, word))


def _cut(text: str, words: list[str]) -> str:
    """A long text around the first of the words."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    places = [place for word in words if (place := line.casefold().find(word)) >= 0]
    start = max(0, min(places, default=0) - BEFORE)
    return f"{'…' if start else ''}{line[start : start + LONGEST]}…"
