"""Records as JSON, with the titles of everything they refer to read in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import TextField, Value

from renmai.kernel.access.masks import masked
from renmai.kernel.access.prepared import seen_by
from renmai.kernel.records.about import about_of
from renmai.kernel.records.custom import PREFIX
from renmai.kernel.records.prepared import GIVEN, Prepared, together
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, Rows, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

Titles = dict[str, dict[Any, str]]
Reader = Callable[[Any], Any]
COMMON = ["id", "type", "title"]


def as_json(
    kind: RecordType, records: Sequence[Record], by: User | None, names: Iterable[str] | None = None, *, known: Titles | None = None
) -> list[dict[str, Any]]:
    """The records as the API and the pages read them.

    Args:
        by: who reads; hidden fields and titles of records that may not be seen are left out. None reads everything.
        names: fields wanted besides ``id``, ``type`` and ``title``; all if not given, with custom fields together in ``custom``.
        known: titles that were read before (see ``titles_of``).
    """
    specs = _readable(kind, by, names)
    rows = {name: _rows_of(kind.collections[name], records) for name in kind.collections if any(spec.name == name for spec in specs)}
    abouts = about_of(records) if any(spec.kind == "abouts" for spec in specs) else {}
    titles = titles_of(_wanted(kind, specs, records, rows, abouts), by, known)
    own = {
        spec.name.removeprefix(PREFIX): _reader(kind, spec, rows, abouts, titles)
        for spec in specs
        if names is None and spec.name in kind.custom
    }
    flat = {spec.name: _reader(kind, spec, rows, abouts, titles) for spec in specs if names is not None or spec.name not in kind.custom}
    items = [{"id": str(record.pk), "type": kind.slug, "title": record.title} | _read(flat, record) for record in records]
    if own:
        for item, record in zip(items, records, strict=True):
            item["custom"] = _read(own, record)
    return _without(masked(kind, [record.pk for record in records], by), items, records)


def _without(hidden: Mapping[Any, frozenset[str]], items: list[dict[str, Any]], records: Sequence[Record]) -> list[dict[str, Any]]:
    """The items without what is hidden of each; ``masked`` names it."""
    for item, record in zip(items, records, strict=True):
        names = hidden.get(record.pk)
        if names is None:
            continue
        item["masked"] = sorted(names)
        item |= {name: None for name in names if name in item}
        if "custom" in item:
            item["custom"] |= {name.removeprefix(PREFIX): None for name in names if name.removeprefix(PREFIX) in item["custom"]}
    return items


def links_of(kind: RecordType, records: Sequence[Record], by: User, names: Iterable[str]) -> dict[str, set[Any]]:
    """What the links of records lead to, by type: what ``titles_of`` is to read for several kinds of records at once."""
    return _wanted(kind, _readable(kind, by, names), records, {}, {})


def _readable(kind: RecordType, by: User | None, names: Iterable[str] | None) -> list[FieldSpec]:
    hidden = by.access.hidden(kind) if by is not None else set()
    return [spec for name, spec in kind.fields.items() if (names is None or name in names) and name not in hidden | {"title"}]


def _rows_of(rows: Rows, records: Sequence[Record]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows.model._default_manager.filter(**{f"{rows.parent}__in": [record.pk for record in records]}):
        found[getattr(row, f"{rows.parent}_id")].append(row)
    return found


def _wanted(kind: RecordType, specs: list[FieldSpec], records: Sequence[Record], rows: Any, abouts: Any) -> dict[str, set[Any]]:
    """Which titles are needed, by type."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for spec in specs:
        if spec.kind == "link":
            wanted[str(spec.target)] |= {getattr(record, spec.field.attname) for record in records}
        elif spec.kind == "links":
            wanted[str(spec.target)].update(key for record in records for key in getattr(record, spec.column))
    for name, by_record in rows.items():
        for spec in kind.collections[name].fields.values():
            if spec.kind == "link":
                wanted[str(spec.target)].update(getattr(row, spec.field.attname) for found in by_record.values() for row in found)
    for found in abouts.values():
        for about in found:
            wanted[about.target_type].add(about.target_id)
    return wanted


def titles_of(wanted: Mapping[str, set[Any]], by: User | None, known: Titles | None = None) -> Titles:
    """Titles of the wanted records that the person may see, in one query; the deleted keep theirs.

    Args:
        known: titles that were read before and are not read again. Those that are read now are added to it, with None for what may
            not be seen.
    """
    titles: Titles = {} if known is None else known
    missing = {slug: keys - titles.get(slug, {}).keys() - {None} for slug, keys in wanted.items()}
    asked = {slug: keys for slug, keys in missing.items() if keys}
    for slug, keys in missing.items() if known is not None else ():
        titles.setdefault(slug, {}).update(dict.fromkeys(keys))
    for slug, key, title in together([(_titled(slug, by), list(keys)) for slug, keys in asked.items()]):
        titles.setdefault(slug, {})[key] = title
    return titles


def _titled(slug: str, by: User | None) -> Prepared[Record]:
    """The titles of those records of a type that a person may see."""
    named = (Value(slug, TextField()), "pk", "title")
    return seen_by(by, registry[slug].model, "titles", lambda rows: rows.filter(pk__among=GIVEN).order_by().values_list(*named))


def link_json(slug: str, key: Any, titles: Titles) -> dict[str, Any] | None:
    """A link as it is read."""
    if key is None:
        return None
    title = titles.get(slug, {}).get(key)
    if title is None:
        return {"id": None, "type": slug, "title": None, "hidden": True}
    return {"id": str(key), "type": slug, "title": title}


def _read(readers: Mapping[str, Reader], record: Record) -> dict[str, Any]:
    return {name: read(record) for name, read in readers.items()}


def _reader(kind: RecordType, spec: FieldSpec, rows: Any, abouts: Any, titles: Titles) -> Reader:
    """What a field is read with, found out once for all records."""
    if spec.kind == "lines":
        of, by_record = kind.collections[spec.name], rows[spec.name]
        return lambda record: [row_json(of, row, record, titles) for row in by_record.get(record.pk, [])]
    if spec.kind == "abouts":
        return lambda record: [link_json(about.target_type, about.target_id, titles) for about in abouts.get(record.pk, [])]
    if spec.kind == "custom":
        return lambda record: {}
    if spec.kind in {"link", "links"}:
        return lambda record: value_json(spec, record, titles)
    return spec.reader


def value_json(spec: FieldSpec, record: Any, titles: Titles) -> Any:
    """One value; links with their title."""
    if spec.kind == "link":
        return link_json(str(spec.target), getattr(record, spec.field.attname), titles)
    if spec.kind == "links":
        return [link_json(str(spec.target), key, titles) for key in getattr(record, spec.column)]
    return spec.read(record)


def row_json(rows: Rows, row: Any, document: Record, titles: Titles) -> dict[str, Any]:
    """One row of a document; its money is in the document's currency."""
    row.currency = getattr(document, "currency", "")
    return {"id": str(row.pk), **{name: value_json(spec, row, titles) for name, spec in rows.fields.items()}}
