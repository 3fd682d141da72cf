"""How the rest of the house sees a field: by name, kind and words, never by Django's classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from renmai.kernel.locale.phones import normalise_phone
from renmai.kernel.overlay.company import company
from renmai.kernel.records.kinds import CLEAN, EMPTY, READ, STEADY, TEXTUAL, amount

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record, Row

REMEMBERED = 1_000  # clean values of a field, which come again and again in imports
LONGEST_REMEMBERED = 60
FIXED_KINDS = {"tags": "tags", "external_ids": "ids", "custom": "custom"}


@dataclass(frozen=True, eq=False)
class FieldSpec:
    """One field of a record type (or one argument of an action).

    Attributes:
        name: its name in API, criteria, layouts and imports.
        kind: see ``kinds.py``.
        label: what people call it (lazy, translated).
        column: where the ORM finds it.
        told: the company's own sentence that explains it.
        must: the company wants it in every new record.
        chosen: the company's own choices, in place of those of the code.
        closed: choices that can be made no more; records that have them keep them.
    """

    name: str
    kind: str
    label: Any
    column: str
    field: Any
    editable: bool = True
    sortable: bool = False
    told: str = ""
    must: bool = False
    chosen: tuple[tuple[str, Any], ...] | None = None
    closed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, name: str, field: Any) -> FieldSpec:
        """The spec of a model field, or of a field that stands alone as an argument."""
        kind = FIXED_KINDS.get(name, str(getattr(field, "kind", "text")))
        called: str = getattr(field, "known_as", "") or name
        label: Any = field.verbose_name or name
        return cls(called, kind, label, name, field, bool(field.editable), bool(getattr(field, "sortable", False)))

    @cached_property
    def target(self) -> str | None:
        """Slug of the linked type."""
        if self.kind not in {"link", "links"}:
            return None
        from renmai.kernel.records.types import registry

        return registry.of(self.target_model).slug

    @cached_property
    def target_model(self) -> type[Record]:
        """Model of the linked type; a link that stands alone as an argument names it."""
        model = self.field.to if self.kind == "links" else self.field.remote_field.model
        if isinstance(model, str):
            from django.apps import apps

            model = apps.get_model(model)
        return model  # type: ignore[no-any-return]

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Value and label of each choice; for a pick-list those that come with the program or that the company added."""
        if self.chosen is not None:
            return list(self.chosen)
        if self.kind in {"pick", "choices"}:
            return list(self.field.options.items())
        return [(str(value), label) for value, label in (getattr(self.field, "choices", None) or [])]

    @property
    def offered(self) -> list[tuple[str, Any]]:
        """The choices that can still be made."""
        return [(value, label) for value, label in self.choices if value not in self.closed]

    @property
    def indexed(self) -> bool:
        """Lists may be grouped by it, and rights may look at it."""
        return True

    @cached_property
    def scopable(self) -> bool:
        """Rights by criteria may look at it: an index leads to the rows that have a value."""
        column = self.field
        if column is None:
            return self.name == "id"
        indexes = column.model._meta.indexes
        return bool(column.db_index or column.unique or any(index.fields[:1] == [column.name] for index in indexes))

    @property
    def required(self) -> bool:
        """A new record must bring a value of its own."""
        return self.must or bool(getattr(self.field, "required", False))

    @property
    def many(self) -> bool:
        """Holds a list."""
        return self.kind in {"tags", "json", "links", "lines", "abouts", "choices", "file"}

    @cached_property
    def parts(self) -> dict[str, FieldSpec]:
        """The fields of each entry of a list that is kept whole."""
        return {name: FieldSpec.of(name, part) for name, part in getattr(self.field, "parts", {}).items()}

    @property
    def in_rows(self) -> bool:
        """Forms show it as rows of inputs."""
        return self.kind in {"lines", "abouts"} or bool(self.parts)

    @property
    def alone(self) -> bool:
        """Of the rows of a record only one says yes."""
        return bool(getattr(self.field, "alone", False))

    @property
    def help(self) -> Any:
        """A sentence that explains it."""
        return self.told or (self.field.help_text if self.field is not None else "")

    @property
    def sort_column(self) -> str:
        """The column that orders it."""
        return "sort_key" if self.name in {"title", "name"} else self.column

    @property
    def compared(self) -> str:
        """What criteria look at: the column, or of files their names."""
        return f"{self.column}__names" if self.kind == "file" else self.column

    @property
    def nullable(self) -> bool:
        """The column may hold NULL."""
        return bool(self.field is not None and self.field.null)

    def currency(self, record: Any) -> str:
        """ISO 4217 code of what an amount of a record is in; the company's where the record says none."""
        return getattr(record, self.field.currency_field, "") or company().currency

    def put(self, record: Any, value: Any) -> None:
        """Set the value of a record, as ``clean`` gives it."""
        setattr(record, self.column, value)

    def clean(self, raw: Any) -> Any:
        """The stored value of a raw one.

        Raises:
            ValueError: with a sentence for people.
        """
        if isinstance(raw, str) and raw in self._known:
            return self._known[raw]
        if self.kind == "json":
            return self.field.shape(raw) if self.field.shape else raw
        if raw in EMPTY and not self.many and self.kind != "ids":
            return self.empty
        value = CLEAN[self.kind](self, raw)
        if isinstance(raw, str) and self.kind in STEADY and len(raw) <= LONGEST_REMEMBERED and len(self._known) < REMEMBERED:
            self._known[raw] = value
        return value

    @cached_property
    def _known(self) -> dict[str, Any]:
        return {}

    @cached_property
    def is_local(self) -> bool:
        """What it stores depends on the country of the record."""
        return self.kind == "phone" or getattr(self.field, "at_home", None) is not None

    def at_home(self, value: Any, country: str) -> Any:
        """A clean value as the country of its record has it: a telephone number becomes E.164.

        Args:
            country: ISO 3166-1 alpha-2, or empty.
        """
        if self.kind == "phone":
            return normalise_phone(value, country)
        settle = getattr(self.field, "at_home", None)
        return settle(value, country) if settle is not None else value

    @property
    def empty(self) -> Any:
        """The stored value of nothing."""
        if self.kind in TEXTUAL:
            return ""
        if self.kind == "boolean":
            return False
        return None if self.nullable or not self.field.has_default() else self.field.get_default()

    def read(self, record: Record | Row) -> Any:
        """The value as JSON; links as their id (titles are read in bulk)."""
        return self.reader(record)

    @cached_property
    def reader(self) -> Callable[[Any], Any]:
        """What ``read`` does, with all that depends on the field alone decided once: a list reads it for each of its rows."""
        if self.kind == "link":
            return attrgetter(self.field.attname)
        held = attrgetter(self.column)
        if self.kind == "money":
            return lambda record: None if (value := held(record)) is None else amount(value, self.currency(record))
        if self.kind not in READ:
            return held
        write = READ[self.kind]
        return lambda record: None if (value := held(record)) is None else write(value)
