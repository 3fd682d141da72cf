"""Rows of a form as tables of inputs. Of a document the server computes every amount; the page only asks again."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from renmai.kernel.records.pages.cells import Writer
from renmai.kernel.records.pages.inputs import Inputs, stored, titles_in
from renmai.kernel.records.pages.typing import Errors, typed_values, written
from renmai.kernel.records.reading import titles_of, value_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import Rows
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

KEY = re.compile(r"^(?P<name>[a-z_]+)\.(?P<key>[0-9a-f-]+)\.key$")


class Table(ABC):
    """Rows that a form shows and reads, whatever stands behind them.

    Args:
        name: of the record's field.
        label: what the rows are called.
        fields: of each row, by name.
        help: a sentence that explains them.

    Attributes:
        twin: the field that always holds the ``value`` of the primary row.
    """

    twin = ""

    def __init__(self, name: str, label: Any, fields: Mapping[str, FieldSpec], by: User, help: Any = "") -> None:
        self.name, self.label, self.fields, self.by, self.help = name, label, fields, by, help
        self.errors: Errors = {}
        self.keys: list[str] = []
        self.values: list[dict[str, Any]] = []
        self.computed: list[dict[str, str]] = []

    @property
    def editable(self) -> list[FieldSpec]:
        """Columns that are typed."""
        return [spec for spec in self.fields.values() if spec.editable]

    @property
    def derived(self) -> list[FieldSpec]:
        """Columns that follow from the others."""
        return [spec for spec in self.fields.values() if not spec.editable]

    @property
    def is_open(self) -> bool:
        """Shown at once; what most records have one of at most is unfolded when it is wanted."""
        return bool(self.derived) or len(self.keys) > 1 or any(name.partition(".")[0] == self.name for name in self.errors)

    @property
    def said(self) -> list[Any]:
        """What is wrong with the rows as a whole."""
        return self.errors.get(self.name, [])

    @abstractmethod
    def of(self, record: Record) -> None:
        """Show what a record holds."""

    def read(self, form: QueryDict) -> tuple[list[dict[str, Any]], Errors]:
        """The rows as they were sent, in the order in which they stood.

        Returns:
            Raw rows for the store, and sentences named ``lines.2.quantity``.
        """
        given: list[dict[str, Any]] = []
        for key in (found["key"] for name in form if (found := KEY.match(name)) and found["name"] == self.name):
            prefix = f"{self.name}.{key}."
            values, problems = typed_values(self.editable, form, prefix=prefix)
            raw: dict[str, Any] = {spec.name: form.get(prefix + spec.name, "") for spec in self.editable}
            for spec in self.editable:
                if spec.alone:
                    values[spec.name] = raw[spec.name] = form.get(f"{self.name}.{spec.name}") == key
            if self.is_blank(raw):
                continue
            problems = self.misfits(values) | problems
            self.errors |= {f"{self.name}.{len(given)}.{name}": sentences for name, sentences in problems.items()}
            self.keys.append(key)
            self.values.append(raw)
            given.append(self.given(key, values))
        self.computed = [{} for _key in self.keys]
        return given, self.errors

    def is_blank(self, raw: Mapping[str, Any]) -> bool:
        """A row in which nothing was typed and which is left out."""
        return False

    def misfits(self, values: Mapping[str, Any]) -> Errors:
        """What is wrong with a row, where the store would not say it of that row."""
        return {}

    def given(self, key: str, values: dict[str, Any]) -> dict[str, Any]:
        """A row as the store takes it."""
        return {name: value for name, value in values.items() if value not in (None, "")}

    def add(self) -> None:
        """One more empty row; the first is the one of which there is one."""
        taken = [int(key) for key in self.keys if key.isdigit()]
        begun = {spec.name: written(spec, spec.field.get_default()) for spec in self.editable if spec.field and spec.field.has_default()}
        first = {} if self.keys else {spec.name: True for spec in self.editable if spec.alone}
        self.keys.append(str(max(taken, default=0) + 1))
        self.values.append(begun | first)
        self.computed.append({})

    @property
    def lines(self) -> list[tuple[str, list[Input], dict[str, str]]]:
        """Per row its key, its inputs and its derived amounts."""
        found = []
        titles = titles_in(self.editable, self.values, self.by)
        for place, (key, values, computed) in enumerate(zip(self.keys, self.values, self.computed, strict=True)):
            mine = {name.rpartition(".")[2]: said for name, said in self.errors.items() if name.startswith(f"{self.name}.{place}.")}
            inputs = Inputs(self.by, prefix=f"{self.name}-{key}", titles=titles).of(self.editable, values, mine)
            for made, spec in zip(inputs, self.editable, strict=True):
                made.form_name = f"{self.name}.{made.name}" if spec.alone else f"{self.name}.{key}.{made.name}"
                if spec.alone:
                    made.kind, made.choices = "only", [(key, made.label)]
            found.append((key, inputs, computed))
        return found


class Lines(Table):
    """The rows of a document."""

    def __init__(self, rows: Rows, by: User) -> None:
        self.rows = rows
        self.found: list[Any] = []
        self.document: Any = None
        super().__init__(rows.name, rows.model._meta.verbose_name_plural, rows.fields, by)

    def of(self, record: Record) -> None:
        self.show(record.rows(self.name), record)

    def show(self, rows: Iterable[Any], document: Any) -> None:
        """Show stored or just computed rows."""
        found = list(rows)
        self.keys = [str(row.pk) for row in found]
        self.values = [stored(self.editable, row) for row in found]
        self.compute(found, document)

    def compute(self, rows: Iterable[Any], document: Any) -> None:
        """Take the derived amounts of rows."""
        self.hold(rows, document)
        self.computed = self._texts(self.derived)

    def hold(self, rows: Iterable[Any], document: Any) -> None:
        """Take stored or just computed rows, of which nothing is typed."""
        self.found, self.document = list(rows), document

    def _texts(self, specs: Iterable[FieldSpec]) -> list[dict[str, str]]:
        """Of each row its values, as they are read."""
        writers = [Writer(spec, "read", editable=False) for spec in specs]
        links = {writer.spec.name: writer.spec for writer in writers if writer.spec.kind == "link"}
        wanted: dict[str, set[Any]] = {}
        for spec in links.values():
            wanted.setdefault(str(spec.target), set()).update(getattr(row, spec.field.attname) for row in self.found)
        titles = titles_of(wanted, self.by)
        made = []
        for row in self.found:
            row.currency = getattr(self.document, "currency", "")
            item = {name: value_json(spec, row, titles) for name, spec in links.items()}
            made.append({writer.spec.name: writer.cell(row, item).text for writer in writers})
        return made

    def given(self, key: str, values: dict[str, Any]) -> dict[str, Any]:
        """A new row takes the fields' own defaults where nothing was typed."""
        return super().given(key, values) | ({"id": key} if len(key) == 36 else {})

    def renew(self, given: list[dict[str, Any]], changed: str) -> None:
        """Forget what an earlier choice had filled in, when a link of a row was chosen anew.

        Args:
            given: raw rows as ``read`` returned them.
            changed: name of the input that was just changed: ``lines.<key>.product``.
        """
        _name, _dot, rest = changed.partition(".")
        key, _dot, field = rest.partition(".")
        if self.derived and key in self.keys and field in self.fields and self.fields[field].kind == "link":
            place = self.keys.index(key)
            for spec in self.editable:
                if spec.name != field and not (spec.field.has_default() and spec.field.get_default() not in ("", None)):
                    given[place].pop(spec.name, None)
                    self.values[place][spec.name] = ""

    def take(self, rows: Iterable[Any], document: Any) -> None:
        """Fill in what the rows came to where nothing was typed, and the derived amounts."""
        found = list(rows)
        for values, row in zip(self.values, found, strict=True):
            settled = stored(self.editable, row)
            values |= {name: settled[name] for name, text in values.items() if text == ""}
        self.compute(found, document)

    @property
    def shown(self) -> list[list[tuple[str, str]]]:
        """Stored rows to be read: kind and text of each value."""
        specs = list(self.fields.values())
        return [[(spec.kind, texts[spec.name]) for spec in specs] for texts in self._texts(specs)]
