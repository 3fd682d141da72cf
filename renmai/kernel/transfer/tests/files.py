"""Files for the tests, and importing them as the command does."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from renmai.kernel.access.user import User
from renmai.kernel.files.store import keep
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet
from renmai.kernel.transfer.plan import Plan
from renmai.kernel.transfer.propose import propose
from renmai.kernel.transfer.read import look
from renmai.kernel.transfer.run import file_of, prepare, run

SHARED = Path(__file__).parents[4].parent / "shared" / "data"


def prepared(text: str, slug: str, *, by: User | None = None, name: str = "list.csv", **told: Any) -> ChangeSet:
    """A change set of a text, by the map that is told or by what is proposed."""
    stored = keep(name, [text.encode()], by=by)
    found = look(stored.path)
    proposal = propose(registry[slug], found)
    columns = {"columns": proposal.mapping, "name_template": proposal.name_template, "reading": proposal.reading.as_json()}
    return prepare(registry[slug], stored, Plan.of({**columns, **told}), found.layout, by=by)


def imported(text: str, slug: str, *, by: User | None = None, **told: Any) -> ChangeSet:
    """A change set that has run."""
    change_set = prepared(text, slug, by=by, **told)
    run(change_set, by=by)
    return change_set


def counts(change_set: ChangeSet) -> tuple[int, int, int, int]:
    """Created, updated, skipped, failed."""
    return change_set.created, change_set.updated, change_set.skipped, change_set.failed


def errors(change_set: ChangeSet) -> list[dict[str, str]]:
    """The rows that came back."""
    from renmai.kernel.files.model import StoredFile

    path = StoredFile.objects.get(pk=change_set.errors_file).path
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def source(change_set: ChangeSet) -> Path:
    """The stored file."""
    return file_of(change_set).path


def map_file(folder: Path, **told: Any) -> Path:
    """A ``map.json``."""
    path = folder / "map.json"
    path.write_text(json.dumps(told), "utf-8")
    return path
