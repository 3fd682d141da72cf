"""Where the values of a record come from, on a page and at the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from renmai.kernel.api.http import answer, api
from renmai.kernel.api.http import typed as typed_by_slug
from renmai.kernel.api.records import visible
from renmai.kernel.merging.golden import Golden, Origin, Said, rules_of
from renmai.kernel.records.kinds import moment
from renmai.kernel.records.pages.cells import Cell, lines
from renmai.kernel.records.pages.door import page
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@dataclass(frozen=True)
class Voice:
    """One value of a field with where it comes from.

    Attributes:
        whose: the record that was merged and says so; empty for the record itself.
    """

    cell: Cell
    value: Any
    whose: str
    origin: Origin | None

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        told = {"at": moment(self.origin.at), "way": self.origin.way, "name": self.origin.name} if self.origin else None
        return {"value": self.value, "record": self.whose or None, "source": told}


@dataclass(frozen=True)
class Lineage:
    """A field: what it holds and why, and what others say."""

    name: str
    label: str
    now: Voice
    others: list[Voice]


def lineage(kind: RecordType, record: Record, by: User) -> list[Lineage]:
    """The fields of a record that the person may read and of which something is said."""
    golden, hidden = Golden(kind, record, by), by.access.hidden(kind)
    specs = [
        spec
        for spec in kind.fields.values()
        if spec.editable and spec.name not in hidden and spec.kind not in {"custom", "lines", "abouts"}
    ]
    records = [one.record for one in golden.said]
    names = [spec.name for spec in specs]
    cells = [{cell.name: cell for cell in line.cells} for line in lines(kind, records, specs, by, editable=False)]
    values = as_json(kind, records, by, names)
    found = [_lineage(golden, spec, [row[spec.name] for row in cells], [item[spec.name] for item in values]) for spec in specs]
    return [one for one in found if not one.now.cell.is_empty or one.others]


def _lineage(golden: Golden, spec: FieldSpec, cells: list[Cell], values: list[Any]) -> Lineage:
    said, origin = golden.source(spec.name)
    now = Voice(cells[0], values[0], _whose(said), origin)
    others = [
        Voice(cell, value, _whose(one) or _("Before the merge"), one.origin(spec.name))
        for one, cell, value in zip(golden.said[1:], cells[1:], values[1:], strict=True)
        if not cell.is_empty and value != values[0]
    ]
    return Lineage(spec.name, str(spec.label), now, others)


def _whose(said: Said) -> str:
    return said.merge.title if said.merge else ""


@page
def sources(request: HttpRequest, by: User, kind: RecordType, key: Any) -> HttpResponse:
    """Where each value comes from, and what the records that were merged say."""
    record = visible(kind, key, by)
    about = {"kind": kind, "record": record, "lineage": lineage(kind, record, by), "rules": rules_of(kind), "by": by}
    return render(request, "kernel/merging/sources.jinja", about)


@api("GET")
def sources_of(_request: HttpRequest, by: User, slug: str, key: Any) -> HttpResponse:
    """The same for programs."""
    kind = typed_by_slug(slug)
    found = lineage(kind, visible(kind, key, by), by)
    return answer(
        {"items": [{"field": one.name, **one.now.as_json(), "others": [voice.as_json() for voice in one.others]} for one in found]}
    )
