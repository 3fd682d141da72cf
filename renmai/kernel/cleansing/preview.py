"""What cleansing would change, before anything is changed: the records of a list, one portion after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.cleansing.rules import rule_of, tidied
from renmai.kernel.criteria import condition
from renmai.kernel.records.listing import Question
from renmai.kernel.records.pages.entries import Entries, tables_of
from renmai.kernel.records.pages.forms import writable
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

SHOWN = 50
LOOKED_AT = 5_000


@dataclass(frozen=True)
class Proposal:
    """A record, and what its fields should hold."""

    record: Record
    values: dict[str, Any]


@dataclass(frozen=True)
class Portion:
    """Some proposals, how many records were looked at for them, and the key behind which the next ones begin."""

    proposals: list[Proposal]
    looked_at: int
    following: UUID | None


def cleansable(kind: RecordType, by: User) -> list[FieldSpec]:
    """The fields that a person may tidy: those that they may write, lists and the company's own too, and for which there is a rule."""
    lists = [kind.fields[name] for name, table in tables_of(kind, by).items() if isinstance(table, Entries)]
    return [spec for spec in [*writable(kind, by), *lists] if rule_of(kind, spec) is not None]


def require_open(kind: RecordType, by: User) -> None:
    """Raise ``Forbidden`` where a person may change no record of a type."""
    if not by.may("edit", kind):
        raise Forbidden(_("You may see this but not change it."))


def chosen(kind: RecordType, by: User, names: Sequence[str]) -> list[FieldSpec]:
    """The fields of these names.

    Raises:
        Forbidden: the person may change no such record.
        Invalid: one of them is none that they may tidy.
    """
    require_open(kind, by)
    possible = {spec.name: spec for spec in cleansable(kind, by)}
    strange = [name for name in names if name not in possible]
    if strange or not names:
        words = {"name": ", ".join(strange), "valid": ", ".join(sorted(possible))}
        raise Invalid({"fields": [_("“%(name)s” cannot be tidied, only: %(valid)s.") % words]})
    return [possible[name] for name in names]


def rows(kind: RecordType, by: User, tree: Any = None, ids: Sequence[Any] | None = None) -> QuerySet[Any]:
    """What a person may change among the records of a list, in the order of their keys.

    Raises:
        Invalid: criteria that do not do.
    """
    where = condition(tree, kind, by) if tree else None
    found = Question(kind, by, where).rows().filter(pk__in=kind.model.objects.visible_to(by, "edit").values("pk"))
    return (found if ids is None else found.filter(pk__in=ids)).order_by("pk")


def proposals(kind: RecordType, specs: list[FieldSpec], found: QuerySet[Any]) -> Iterator[Proposal | None]:
    """What each record should hold; None for one that is as it should be."""
    for record in found.iterator(chunk_size=2_000):
        values = tidied(kind, specs, record)
        yield Proposal(record, values) if values else None


def portion(kind: RecordType, specs: list[FieldSpec], found: QuerySet[Any], after: UUID | None = None, limit: int = SHOWN) -> Portion:
    """The next proposals; a search that finds none ends after many records, and goes on when it is asked to."""
    behind = found.filter(pk__gt=after) if after else found
    made: list[Proposal] = []
    seen, last = 0, None
    for record in islice(behind.iterator(chunk_size=500), LOOKED_AT):
        seen, last = seen + 1, record.pk
        values = tidied(kind, specs, record)
        if values:
            made.append(Proposal(record, values))
        if len(made) == limit:
            break
    is_over = seen < LOOKED_AT and len(made) < limit
    return Portion(made, seen, None if is_over else last)
