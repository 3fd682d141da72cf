"""The values of a field that is gone for good: taken out of every record and out of the history, with their files, behind the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from renmai.kernel.files.attached import forget_place
from renmai.kernel.history.acting import act_as
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.jobs.work import step
from renmai.kernel.overlay.type import CustomRecord
from renmai.kernel.records.custom import PREFIX
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.overlay.field import CustomField

WORK = "custom-erase"
PORTION = 1_000
ERASE = """
WITH portion AS (SELECT id FROM {table} WHERE id > %(after)s AND custom ? %(key)s AND {is_of} ORDER BY id LIMIT %(portion)s),
     erased AS (UPDATE {table} r SET custom = custom - %(key)s FROM portion WHERE portion.id = r.id RETURNING r.id)
SELECT id FROM erased ORDER BY id DESC
"""
FORGET = "UPDATE kernel_history SET changes = changes - %(name)s WHERE type = %(type)s AND part = '' AND changes ? %(name)s"


def ask(field: CustomField, by: User | None) -> None:
    """Queue the erasing of a field's values."""
    later(WORK, by=by, type=field.type, key=field.key)


def is_under_way(of: str, key: str) -> bool:
    """Whether the values of a field of that key are still being erased: a new one would lose its own."""
    waiting = Job.objects.filter(kind=WORK, state__in=[JobState.QUEUED, JobState.WORKING])
    return bool(waiting.filter(arguments__type=of, arguments__key=key).exists())


@work(WORK)
def erase(job: Job, *, type: str, key: str) -> None:
    """Take the values out of the records, then out of the history, where that has noted that they went."""
    kind, after = registry.get(type), UUID(int=0)
    table = kind.model._meta.db_table if kind is not None else CustomRecord._meta.db_table
    is_of = "of = %(type)s" if table == CustomRecord._meta.db_table else "true"
    told: dict[str, Any] = {"type": type, "key": key, "name": f"{PREFIX}{key}", "portion": PORTION}
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            act_as(job.by)
            cursor.execute(ERASE.format(table=table, is_of=is_of), {**told, "after": after})
            found = cursor.fetchall()
        if not found:
            break
        after = found[0][0]
        step(job, job.done + len(found))
    forget_place(type, told["name"])
    with connection.cursor() as cursor:
        cursor.execute(FORGET, told)
