"""What merging does stands in the history under one change set each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from renmai.kernel.history.acting import acting
from renmai.kernel.records.types import RecordType
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ChangeSetState, Mode, RowAction
from renmai.kernel.transfer.run import keep_set

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


@contextmanager
def one_change_set(kind: RecordType, action: str, name: str, records: Sequence[Record], by: User | None) -> Iterator[UUID]:
    """Everything inside is one change set, which names the records."""
    asked = {"action": action, "arguments": {"ids": [str(record.pk) for record in records]}}
    made = ChangeSet(name=name, target=kind.slug, map=asked, mode=Mode.UPDATE, state=ChangeSetState.DONE, ended_at=timezone.now())
    made.updated = made.total_rows = made.done_rows = len(records)
    keep_set(made, by)
    with acting(by, name, made.pk):
        yield made.pk
    rows = [ChangeSetRow(change_set=made, number=at, action=RowAction.UPDATED) for at, _record in enumerate(records, 1)]
    for row, record in zip(rows, records, strict=True):
        row.type, row.record_id, row.version = kind.slug, record.pk, record.version
    ChangeSetRow.objects.bulk_create(rows)
