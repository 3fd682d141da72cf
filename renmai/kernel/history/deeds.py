"""What a change set did to records and what became of it since, read from the history."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import JSONField

from renmai.kernel.history.model import BOOKKEEPING, History
from renmai.kernel.records.types import RecordType

BINNED = "deleted_at"
KEPT_APART = BOOKKEEPING | {BINNED, "deleted_by"}


@dataclass
class Deed:
    """What a change set did to one record.

    Attributes:
        began: when it first touched the record.
        made: the record did not exist before.
        changes: column → [what it held, what it was left with], as PostgreSQL writes them in JSON; own fields as ``custom.<key>``.
        parts: of which rows of it some changed: ``lines``, ``about``.
        since: column → what it was last set to by somebody else.
        parts_since: of which rows of it somebody else has changed some.
    """

    began: dt.datetime
    made: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    since: dict[str, Any] = field(default_factory=dict)
    parts_since: set[str] = field(default_factory=set)

    def take(self, row: History) -> None:
        """Add what the change set did next; over what somebody did in between, it goes back to that."""
        self.made |= row.operation == "I" and not row.part
        self.parts |= {row.part} - {""}
        for name, (old, new) in ({} if row.part else row.changes or {}).items():
            was = self.changes[name][0] if name in self.changes and name not in self.since else old
            self.changes[name] = [was, new]
            self.since.pop(name, None)

    def follow(self, row: History) -> None:
        """Add what somebody did after it."""
        if row.part:
            self.parts_since.add(row.part)
            return
        self.since |= {name: new for name, (_old, new) in (row.changes or {}).items()}

    @property
    def fields(self) -> dict[str, list[Any]]:
        """The columns that differ for it, without bookkeeping."""
        return {name: pair for name, pair in self.changes.items() if name not in KEPT_APART and pair[0] != pair[1]}

    @property
    def is_binned(self) -> bool:
        """Somebody has moved the record to the recycle bin since."""
        return self.since.get(BINNED) is not None

    def stands(self, name: str) -> bool:
        """Whether a column still holds what it was left with."""
        return name not in self.since or self.since[name] == self.changes[name][1]


def deeds(change_set: UUID, keys: Iterable[UUID], since: dt.datetime) -> dict[UUID, Deed]:
    """What a change set did to records, by their ids, in one query.

    Args:
        since: when the change set was made; nothing before it is read.
    """
    found: dict[UUID, Deed] = {}
    for row in History.objects.filter(record_id__in=list(keys), at__gte=since).order_by("id"):
        if row.change_set == change_set:
            found.setdefault(row.record_id, Deed(row.at)).take(row)
        elif row.record_id in found:
            found[row.record_id].follow(row)
    return found


def stored(kind: RecordType, name: str, value: Any) -> Any:
    """A value of the history as the column holds it; a link as an id."""
    column = kind.model._meta.get_field(name)
    if value is None:
        return None
    if isinstance(column, JSONField):
        return as_plain(value)
    if isinstance(column, ArrayField):
        return [column.base_field.to_python(one) for one in value]
    return column.to_python(value)  # type: ignore[union-attr]


def as_plain(value: Any) -> Any:
    """JSON that was read exactly, with its numbers as JSON columns hold them."""
    return json.loads(json.dumps(value, default=float))
