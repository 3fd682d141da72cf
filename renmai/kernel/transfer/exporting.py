"""Exports asked for by the API, made in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renmai.kernel.criteria import condition
from renmai.kernel.files.store import close, make
from renmai.kernel.jobs.work import work
from renmai.kernel.records.listing import Question, sorts
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.export import Export, csv_lines, write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from renmai.kernel.access.user import User
    from renmai.kernel.jobs.model import Job


def export_of(slug: str, by: User, *, filter: Any, q: str, sort: str, fields: list[str], for_people: bool) -> Export:
    """The export that is asked for in the words of the API.

    Raises:
        Invalid, Forbidden: as ``Export.of``, ``sorts`` and ``condition`` say.
    """
    kind = registry[slug]
    where = condition(filter, kind, by) if filter else None
    return Export.of(Question(kind, by, where, q, sorts(kind, sort, by)), fields, for_people=for_people)


@work("export")
def export_job(job: Job, *, slug: str, format: str, **asked: Any) -> None:
    """Write the file and tell where it is."""
    assert job.by is not None
    stored = make(f"{slug}.{format}", by=job.by)
    write(export_of(slug, job.by, **asked), stored.path, format)
    close(stored)
    job.result = {"file": f"/api/v1/files/{stored.pk}/", "name": stored.name, "size": stored.size}


def write(export: Export, path: Path, format: str, *, bom: bool = True) -> None:
    """Write an export to the disk.

    Args:
        format: ``csv`` or ``xlsx``.
        bom: whether a CSV begins with a byte-order mark.
    """
    if format == "xlsx":
        write_xlsx(export, path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(export, bom=bom))
