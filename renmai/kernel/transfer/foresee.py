"""What each row of an import would do, found by a dry run and kept until the import starts."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from renmai.kernel.records.bulk import copy_values
from renmai.kernel.transfer.model import ChangeSet, ForeseenRow, RowAction

if TYPE_CHECKING:
    from renmai.kernel.transfer.batch import Result

KEPT = ("number", "action", "type", "record_id", "title", "reason", "changes")
THERE = {RowAction.UPDATED, RowAction.SKIPPED}

Laid = dict[str, Any]


class Foresight:
    """Lays aside what rows do while the transaction in which they do it is rolled back; on disk, since files have no limit of rows."""

    def __init__(self) -> None:
        self._rows = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self._links = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115

    def take(self, results: Iterable[Result]) -> None:
        """Take what became of a batch, the batches in the order of the file."""
        _lay(self._rows, results)

    def take_links(self, results: Iterable[Result]) -> None:
        """Take which links to others of the type were set at last."""
        _lay(self._links, results)

    def keep(self, change_set: ChangeSet) -> None:
        """Keep all of it in place of what an earlier dry run found."""
        rows = heapq.merge(_laid(self._rows), _laid(self._links), key=lambda row: int(row["number"]))
        with transaction.atomic():
            forget(change_set)
            values = ((change_set.pk, *(row[name] for name in KEPT)) for row in _joined(rows))
            copy_values(ForeseenRow, ("change_set_id", *KEPT), values)

    def close(self) -> None:
        """What was laid aside goes."""
        self._rows.close()
        self._links.close()


def _lay(file: Any, results: Iterable[Result]) -> None:
    for result in sorted(results, key=lambda result: result.number):
        json.dump(_told(result), file, cls=DjangoJSONEncoder)
        file.write("\n")


def _told(result: Result) -> Laid:
    """What is kept of a result; a record that is not there yet has no id."""
    record, action = result.record, result.action
    return {
        "number": result.number,
        "action": str(action),
        "type": result.type,
        "record_id": str(record.pk) if record is not None and action in THERE else None,
        "title": record.title if record is not None else "",
        "reason": result.reason if action != RowAction.ALSO_MADE else "",
        "changes": result.changes,
    }


def _laid(file: Any) -> Iterator[Laid]:
    file.seek(0)
    for line in file:
        row = json.loads(line)
        yield {**row, "record_id": row["record_id"] and UUID(row["record_id"])}


def _joined(rows: Iterable[Laid]) -> Iterator[Laid]:
    """Rows in their order, with their late links."""
    for _number, group in groupby(rows, key=lambda row: row["number"]):
        found = list(group)
        late = [row for row in found if not row["action"]]
        for row in found:
            if row["action"] in {RowAction.CREATED, RowAction.UPDATED}:
                row["changes"] |= {name: pair for one in late for name, pair in one["changes"].items()}
                row["reason"] = " ".join(filter(None, [row["reason"], *(one["reason"] for one in late)]))
            if row["action"]:
                yield row


def forget(change_set: ChangeSet) -> None:
    """What was foreseen holds no longer."""
    ForeseenRow.objects.filter(change_set=change_set).delete()
