"""Lists that a record keeps whole, and what it is about, as rows of its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.records.kinds import EMPTY, parsed
from renmai.kernel.records.pages.rows import Lines, Table
from renmai.kernel.records.pages.typing import Errors, written
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

ANY = FieldSpec("record", "any", gettext_lazy("Record"), "record", None)


class Entries(Table):
    """The entries of a list that is kept whole, such as e-mail addresses."""

    def __init__(self, kind: RecordType, spec: FieldSpec, by: User) -> None:
        self.spec = spec
        super().__init__(spec.name, spec.label, spec.parts, by, spec.help)
        self.twin = kind.twins.get(spec.name, "") if "value" in spec.parts else ""

    def of(self, record: Record) -> None:
        self.show(getattr(record, self.spec.column))

    def show(self, entries: list[dict[str, Any]]) -> None:
        """Show entries as they are stored."""
        self.keys = [str(number) for number, _entry in enumerate(entries, start=1)]
        self.values = [{name: _written(spec, entry.get(name)) for name, spec in self.fields.items()} for entry in entries]
        self.computed = [{} for _entry in entries]

    def is_blank(self, raw: Mapping[str, Any]) -> bool:
        """Nothing but what every row begins with."""
        return not any(
            raw[spec.name] for spec in self.editable if not spec.alone and not (spec.field.has_default() and spec.field.get_default())
        )

    def misfits(self, values: Mapping[str, Any]) -> Errors:
        """Each part by its own rule: the list as a whole is refused with its first sentence only."""
        found: Errors = {}
        for spec in self.editable:
            if values.get(spec.name) is None:
                found |= {spec.name: [REQUIRED]} if spec.required else {}
                continue
            try:
                spec.clean(values[spec.name])
            except ValueError as problem:
                found[spec.name] = [str(problem)]
        return found


class Abouts(Table):
    """What an activity is about."""

    def __init__(self, kind: RecordType, spec: FieldSpec, by: User) -> None:
        self.kind = kind
        super().__init__(spec.name, spec.label, {ANY.name: ANY}, by, _("The first one is the main one."))

    @property
    def is_open(self) -> bool:
        return True

    def of(self, record: Record) -> None:
        self.show(as_json(self.kind, [record], self.by, [self.name])[0][self.name])

    def show(self, links: list[dict[str, Any]]) -> None:
        """Show links as they are read, those to hidden records too, which stay."""
        self.keys = [str(number) for number, _link in enumerate(links, start=1)]
        self.values = [{ANY.name: f"{link['type']}/{link['id'] or ''}"} for link in links]
        self.computed = [{} for _link in links]

    def is_blank(self, raw: Mapping[str, Any]) -> bool:
        return not raw[ANY.name]

    def given(self, key: str, values: dict[str, Any]) -> dict[str, Any]:
        slug, _slash, found = str(values[ANY.name]).partition("/")
        return {"type": slug, "id": found} if found else {"id": None, "type": slug, "title": None, "hidden": True}

    @property
    def lines(self) -> list[tuple[str, list[Input], dict[str, str]]]:
        found = super().lines
        for _key, (made,), _computed in found:
            if str(made.value).endswith("/"):
                made.shown = _("Hidden")
        return found


def _written(spec: FieldSpec, value: Any) -> Any:
    """A part of an entry, which is kept as JSON, as it stands in a form."""
    return written(spec, None if value in EMPTY else parsed(spec.kind, value))


def tables_of(kind: RecordType, by: User) -> dict[str, Table]:
    """The rows that a person writes in the form of a type, by field."""
    arranged = kind.arranged(by)
    specs = [spec for spec in arranged.specs.values() if spec.editable and spec.in_rows and spec.name not in arranged.hidden]
    return {spec.name: _table(kind, spec, by) for spec in specs if by.access.field(kind.slug, spec.name) == "write"}


def _table(kind: RecordType, spec: FieldSpec, by: User) -> Table:
    if spec.kind == "abouts":
        return Abouts(kind, spec, by)
    if spec.kind == "lines":
        return Lines(kind.collections[spec.name], by)
    return Entries(kind, spec, by)
