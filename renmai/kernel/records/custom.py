"""Fields that a company makes itself: kept in the ``custom`` column, read and written as if each were a column.

A custom field has a name for people and programs (``custom.budget``) and a *column* (``custom__number_budget``): the way in which
its value is stored, then its key. The ORM reads it through an immutable function of the database that yields NULL and never an
error; a record reads it as an attribute. So whatever asks a ``FieldSpec`` for its column needs to know nothing about custom fields.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Transform

from renmai.kernel.files.values import held
from renmai.kernel.locale.sorting import sort_key
from renmai.kernel.locale.sorting_sql import function as in_order
from renmai.kernel.records.fields import Json
from renmai.kernel.records.kinds import clock, plain
from renmai.kernel.records.spec import FieldSpec

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

PREFIX = "custom."
COLUMN = "custom__"
ID_OF_LINK = "key"
ORDER = "order"
KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_KEY = 40
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True)
class Storage:
    """One way to keep a value in JSON.

    Attributes:
        output: the field that the database's function yields.
        encode: from the value of a clean field to canonical JSON.
        decode: back; raises ``ValueError`` for what is none.
    """

    output: models.Field[Any, Any]
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def _text(raw: Any) -> str:
    return raw if isinstance(raw, str) else ""


def _shaped(pattern: str, make: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Reads what the database's function reads, and nothing else."""
    shape = re.compile(pattern)

    def read(raw: Any) -> Any:
        if isinstance(raw, bool) or not isinstance(raw, str | int) or not shape.fullmatch(str(raw)):
            raise ValueError(raw)
        return make(str(raw))

    return read


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat()


def _yes(raw: Any) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _words(raw: Any) -> list[str]:
    return [str(item) for item in raw] if isinstance(raw, list) else []


STORAGES: dict[str, Storage] = {
    "text": Storage(models.TextField(), str, _text),
    "number": Storage(models.DecimalField(max_digits=40, decimal_places=10), plain, _shaped(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", Decimal)),
    "day": Storage(models.DateField(), dt.date.isoformat, _shaped(DAY, dt.date.fromisoformat)),
    "moment": Storage(
        models.DateTimeField(), _moment, _shaped(DAY + r"T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,6})?\+00:00", dt.datetime.fromisoformat)
    ),
    "yes": Storage(models.BooleanField(), bool, _yes),
    "id": Storage(
        models.UUIDField(), lambda value: str(getattr(value, "pk", value)), _shaped(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", UUID)
    ),
    "words": Storage(ArrayField(models.TextField()), list, _words),
    "json": Storage(models.JSONField(), lambda value: value, lambda raw: raw),
    "clock": Storage(models.TimeField(), clock, _shaped(r"([01][0-9]|2[0-3]):[0-5][0-9]", dt.time.fromisoformat)),
    ORDER: Storage(models.BinaryField(), sort_key, lambda raw: sort_key(_text(raw))),
    "place": Storage(models.TextField(), dict, lambda raw: raw if isinstance(raw, dict) else None),
    "files": Storage(models.TextField(), list, held),
}
STORAGES[ID_OF_LINK] = STORAGES["id"]
TEXTS = {"text", "long_text", "email", "phone", "url", "choice", "pick", "country", "currency"}
STORED_AS: dict[str, str] = {
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(["integer", "decimal", "money", "percent"], "number"),
    "date": "day",
    "moment": "moment",
    "boolean": "yes",
    "link": "id",
    "choices": "words",
    "json": "json",
    "file": "files",
    "time": "clock",
    "address": "place",
}


class CustomValue(Transform):
    """One value in the column, typed: ``renmai_number(custom, 'budget')``. The key is part of the SQL, so that an index can match it."""

    def __init__(self, expression: Any, *, storage: str, key: str) -> None:
        self.storage, self.key = storage, key
        super().__init__(expression, output_field=STORAGES[storage].output)

    def as_sql(self, compiler: Any, connection: Any, **_rest: Any) -> tuple[str, Any]:  # type: ignore[override]
        inner, params = compiler.compile(self.source_expressions[0])
        if self.storage == ORDER:
            return f"{in_order()}(renmai_text({inner}, '{self.key}'))", params
        function = "id" if self.storage == ID_OF_LINK else self.storage
        return f"renmai_{function}({inner}, '{self.key}')", params


class CustomValues(Json):
    """The column; ``custom__number_budget`` is one of its values."""

    def get_transform(self, lookup_name: str) -> Any:
        found = split(lookup_name)
        return partial(CustomValue, storage=found[0], key=found[1]) if found else super().get_transform(lookup_name)


def split(name: str) -> tuple[str, str] | None:
    """Storage and key in ``number_budget``, or None where it is no such name."""
    storage, _dash, key = name.partition("_")
    return (storage, key) if storage in STORAGES and KEY.fullmatch(key) else None


def first_field(name: str) -> tuple[str, str]:
    """The first field of a dotted name and what stands behind it: ``custom.partner`` and ``country`` of ``custom.partner.country``."""
    own = PREFIX if name.startswith(PREFIX) else ""
    step, _dot, rest = name.removeprefix(own).partition(".")
    return own + step, rest


def column_of(kind: str, key: str) -> str:
    """The column of a custom field of a kind."""
    return f"{COLUMN}{STORED_AS[kind]}_{key}"


def stored_in(column: str) -> str:
    """The column of the table that holds a column of a field: ``custom`` for those of custom fields."""
    return "custom" if column.startswith(COLUMN) else column


def output_of(column: str) -> models.Field[Any, Any]:
    """The field that the database yields for a column of a custom field."""
    return STORAGES[column.removeprefix(COLUMN).partition("_")[0]].output


def value_of(record: Record, name: str) -> Any:
    """What a record holds in ``custom__number_budget``; of a link the record at its end.

    Raises:
        AttributeError: the name is no column of a custom field.
    """
    found = split(name.removeprefix(COLUMN))
    if found is None:
        raise AttributeError(name)
    storage, key = found
    raw = record.custom.get(key)
    if raw is None:
        return {"text": "", "words": [], "files": []}.get(storage)
    try:
        value = STORAGES[storage].decode(raw)
    except (ValueError, TypeError, AttributeError):
        return None
    return _linked(record, key, value) if storage == "id" else value


def _linked(record: Record, key: str, value: UUID) -> Any:
    from renmai.kernel.records.types import registry

    spec = registry.of(record).fields.get(PREFIX + key)
    return spec.target_model._base_manager.filter(pk=value).first() if spec is not None else None


@dataclass(frozen=True, eq=False)
class CustomSpec(FieldSpec):
    """A custom field.

    Attributes:
        key: its name in the column.
        filterable: it has an index, so that lists are sorted and grouped by it and rights look at it.
        computed: the database works its value out; nobody writes it.
    """

    key: str = ""
    filterable: bool = False
    computed: bool = False

    @property
    def indexed(self) -> bool:
        return self.filterable

    @property
    def scopable(self) -> bool:
        return self.filterable

    @property
    def sort_column(self) -> str:
        """Text is ordered by the rule of its script."""
        return f"{COLUMN}{ORDER}_{self.key}" if self.kind == "text" else self.column

    @property
    def compared(self) -> str:
        """The database reads a value as what can be compared."""
        return self.column

    @property
    def nullable(self) -> bool:
        """A record may hold nothing under the key."""
        return True

    def put(self, record: Record, value: Any) -> None:
        """Set the value of a record, as the field's ``clean`` gives it."""
        record.custom = folded(record.custom, {self: value})

    def encode(self, value: Any) -> Any:
        """The value as JSON."""
        return STORAGES[STORED_AS[self.kind]].encode(value)


def folded(before: dict[str, Any], values: dict[CustomSpec, Any]) -> dict[str, Any]:
    """The column with some values set; nothing is kept for what is empty."""
    after = dict(before)
    for spec, value in values.items():
        if value in (None, "", [], {}):
            after.pop(spec.key, None)
        else:
            after[spec.key] = spec.encode(value)
    return after


def spread(raw: Any) -> dict[str, Any]:
    """``{"custom": {"budget": 1}}`` as ``{"custom.budget": 1}``.

    Raises:
        ValueError: it is no object.
    """
    found = dict(raw)
    own = found.pop("custom", None)
    if own in (None, ""):
        own = {}
    if not isinstance(own, dict):
        raise ValueError("custom")
    return {**{f"{PREFIX}{key}": value for key, value in own.items()}, **found}


def gathered(item: dict[str, Any]) -> dict[str, Any]:
    """``{"custom.budget": 1}`` as ``{"custom": {"budget": 1}}``: a record as the API gives it."""
    own = {name.removeprefix(PREFIX): value for name, value in item.items() if name.startswith(PREFIX)}
    rest = {name: value for name, value in item.items() if not name.startswith(PREFIX)}
    return {**rest, "custom": {**rest.get("custom", {}), **own}} if own else rest
