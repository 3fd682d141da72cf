"""The rows of a document as a table of inputs. The server computes every amount; the page only asks again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from renmai.kernel.records.pages.cells import Writer
from renmai.kernel.records.pages.inputs import Inputs, stored, titles_in
from renmai.kernel.records.pages.typing import Errors, typed_values
from renmai.kernel.records.reading import titles_of, value_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import Rows
from renmai.kernel.ui.inputs import Input

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

KEY = re.compile(r"^(?P<name>[a-z_]+)\.(?P<key>[0-9a-f-]+)\.key$")


class Table:
    """The rows that a form shows."""

    def __init__(self, rows: Rows, by: User) -> None:
        self.rows, self.by = rows, by
        self.errors: Errors = {}
        self.keys: list[str] = []
        self.values: list[dict[str, Any]] = []
        self.computed: list[dict[str, str]] = []

    @property
    def label(self) -> Any:
        """What the rows are called."""
        return self.rows.model._meta.verbose_name_plural

    @property
    def editable(self) -> list[FieldSpec]:
        """Columns that are typed."""
        return [spec for spec in self.rows.fields.values() if spec.editable]

    @property
    def derived(self) -> list[FieldSpec]:
        """Columns that follow from the others."""
        return [spec for spec in self.rows.fields.values() if not spec.editable]

    def show(self, rows: Iterable[Any], document: Any) -> None:
        """Show stored or just computed rows."""
        found = list(rows)
        self.keys = [str(row.pk) for row in found]
        self.values = [stored(self.editable, row) for row in found]
        self.compute(found, document)

    def compute(self, rows: Iterable[Any], document: Any) -> None:
        """Take the derived amounts of rows."""
        found = list(rows)
        writers = [Writer(spec, "read", editable=False) for spec in self.derived]
        links = {spec.name: spec for spec in self.derived if spec.kind == "link"}
        wanted: dict[str, set[Any]] = {}
        for spec in links.values():
            wanted.setdefault(str(spec.target), set()).update(getattr(row, spec.field.attname) for row in found)
        titles = titles_of(wanted, self.by)
        self.computed = []
        for row in found:
            row.currency = getattr(document, "currency", "")
            item = {name: value_json(spec, row, titles) for name, spec in links.items()}
            self.computed.append({writer.spec.name: writer.cell(row, item).text for writer in writers})

    def read(self, form: QueryDict) -> tuple[list[dict[str, Any]], Errors]:
        """The rows as they were sent, in the order in which they stood.

        Returns:
            Raw rows for the store, and sentences named ``lines.2.quantity``.
        """
        self.keys = [found["key"] for name in form if (found := KEY.match(name)) and found["name"] == self.rows.name]
        given: list[dict[str, Any]] = []
        errors: Errors = {}
        for place, key in enumerate(self.keys):
            prefix = f"{self.rows.name}.{key}."
            values, problems = typed_values(self.editable, form, prefix=prefix)
            self.values.append({spec.name: form.get(prefix + spec.name, "") for spec in self.editable})
            errors |= {f"{self.rows.name}.{place}.{name}": sentences for name, sentences in problems.items()}
            given.append(self._given(key, values))
        self.errors = errors
        self.computed = [{} for _key in self.keys]
        return given, errors

    def renew(self, given: list[dict[str, Any]], changed: str) -> None:
        """Forget what an earlier choice had filled in, when a link of a row was chosen anew.

        Args:
            given: raw rows as ``read`` returned them.
            changed: name of the input that was just changed: ``lines.<key>.product``.
        """
        _name, _dot, rest = changed.partition(".")
        key, _dot, field = rest.partition(".")
        if key in self.keys and field in self.rows.fields and self.rows.fields[field].kind == "link":
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
        found = []
        for _key, inputs, computed in self.lines:
            texts = {made.name: made.shown or str(made.value) for made in inputs} | computed
            found.append([(spec.kind, texts.get(spec.name, "")) for spec in self.rows.fields.values()])
        return found

    def _given(self, key: str, values: dict[str, Any]) -> dict[str, Any]:
        """A new row takes the fields' own defaults where nothing was typed."""
        known = len(key) == 36
        kept = {name: value for name, value in values.items() if value not in (None, "")}
        return kept | {"id": key} if known else kept

    def add(self) -> None:
        """One more empty row."""
        taken = [int(key) for key in self.keys if key.isdigit()]
        self.keys.append(str(max(taken, default=0) + 1))
        self.values.append(stored([spec for spec in self.editable if spec.field.has_default()], self.rows.model()))
        self.computed.append({})

    @property
    def lines(self) -> list[tuple[str, list[Input], dict[str, str]]]:
        """Per row its key, its inputs and its derived amounts."""
        found = []
        titles = titles_in(self.editable, self.values, self.by)
        for place, (key, values, computed) in enumerate(zip(self.keys, self.values, self.computed, strict=True)):
            mine = {name.rpartition(".")[2]: said for name, said in self.errors.items() if name.startswith(f"{self.rows.name}.{place}.")}
            inputs = Inputs(self.by, prefix=f"{self.rows.name}-{key}", titles=titles).of(self.editable, values, mine)
            for made in inputs:
                made.form_name = f"{self.rows.name}.{key}.{made.name}"
            found.append((key, inputs, computed))
        return found
