"""The fields that the code gives a type: the same whatever a company makes, so they are found once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renmai.kernel.records.fields import Kinded
from renmai.kernel.records.record import Record
from renmai.kernel.records.spec import FIXED_KINDS, FieldSpec

UNLISTED = {"of", "id", "sort_key", "search", "match_keys", "password", "last_login", "preferences"}


def coded(model: Any, collections: Mapping[str, Any]) -> tuple[dict[str, FieldSpec], dict[str, FieldSpec]]:
    """The noun's own fields, its rows and what it is about among them; and those that all types have.

    Args:
        collections: the rows of its documents, by name.
    """
    own: dict[str, FieldSpec] = {}
    common: dict[str, FieldSpec] = {}
    base = {column.name for column in Record._meta.fields} | {"title"}
    for column in model._meta.fields:
        if column.name not in UNLISTED and (isinstance(column, Kinded) or column.name in FIXED_KINDS):
            (common if column.name in base else own)[column.name] = FieldSpec.of(column.name, column)
    own |= {name: FieldSpec(name, "lines", rows.model._meta.verbose_name_plural, name, None) for name, rows in collections.items()}
    own |= {name: FieldSpec(name, kind, label, name, None) for name, kind, label in getattr(model, "extra_fields", [])}
    return own, common
