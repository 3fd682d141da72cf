"""Numbers that people say on the telephone: Q-2026-0042, from one sequence per type, with gaps where a transaction failed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from renmai.kernel.records.fields import Text
from renmai.kernel.records.indexed import index
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


class Number(Text):
    """The human number of a document.

    Args:
        prefix: the letters before year and number.
    """

    def __init__(self, label: Any = "", *, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        super().__init__(label, **{"blank": True, **options})


def number_fields(kind: RecordType) -> list[Number]:
    """The fields of a type that are numbered."""
    return _numbered(kind.model)


@lru_cache(maxsize=256)
def _numbered(model: type[Record]) -> list[Number]:
    return [field for field in model._meta.fields if isinstance(field, Number)]


def number_missing(kind: RecordType, records: list[Record]) -> None:
    """Give the next numbers to new records that brought none."""
    for field in number_fields(kind):
        without = [record for record in records if not getattr(record, field.name)]
        if not without:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT nextval('{sequence(kind)}') FROM generate_series(1, %s)", [len(without)])  # noqa: S608
            numbers = [row[0] for row in cursor.fetchall()]
        for record, number in zip(without, numbers, strict=True):
            setattr(record, field.name, f"{field.prefix}-{timezone.now().year}-{number:04d}")
            index(kind, record)


def sequence(kind: RecordType) -> str:
    """Name of a type's sequence."""
    return f"renmai_number_{kind.model._meta.db_table}"


def install_sequences(**_rest: Any) -> None:
    """Make the sequences that are missing; runs after each migration."""
    with connection.cursor() as cursor:
        for kind in registry.all():
            if number_fields(kind):
                cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {sequence(kind)}")
