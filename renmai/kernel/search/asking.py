"""Rows that answer a query, as far as the reader may see what they answer with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from renmai.kernel.access.reading import reading
from renmai.kernel.records.indexed import search_fields, texts
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.search.text import lexemes, parse

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.search.terms import Term

LOOKED_AT_AGAIN = 2_000


def answering(rows: QuerySet[Any, Any], kind: RecordType, by: User, text: str) -> QuerySet[Any, Any]:
    """Those of some rows that answer what a person typed; none when there is nothing to look for.

    Where fields that are searched are hidden from the reader, the first 2,000 rows are looked at again without them, so that a
    search does not tell what they hold.
    """
    asked = parse(text)
    if asked is None:
        return rows.none()
    matching = rows.filter(search__matches=str(asked))
    if not is_restricted(kind, by):
        return matching
    ids = list(matching.values_list("pk", flat=True)[:LOOKED_AT_AGAIN])
    return matching.filter(pk__in=seen_to_answer(kind, asked, by, ids))


def is_restricted(kind: RecordType, by: User) -> bool:
    """Whether some field by which the type is searched is hidden from the reader."""
    return not hidden_somewhere(kind, by).isdisjoint(spec.name for spec in search_fields(kind))


def hidden_somewhere(kind: RecordType, by: User) -> set[str]:
    """The fields that are hidden from the reader on all records of a type, or on some."""
    masks = by.access.masks.get(kind.model._meta.db_table)
    return by.access.hidden(kind) | (masks.names if masks is not None else set())


def seen_to_answer(kind: RecordType, asked: Term, by: User, ids: list[UUID]) -> set[UUID]:
    """Those of some records that answer by the fields the reader may see."""
    hidden = by.access.hidden(kind)
    specs = [spec for spec in search_fields(kind) if spec.name not in hidden]
    with reading(by):
        return {record.pk for record in kind.model.objects.filter(pk__in=ids) if asked.found_in(_lexemes_of(record, specs))}


def _lexemes_of(record: Any, specs: list[FieldSpec]) -> set[str]:
    return set(lexemes((spec.kind, text) for spec in specs for text in texts(getattr(record, spec.column))))
