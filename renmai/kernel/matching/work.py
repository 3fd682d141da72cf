"""Looking for duplicates in a whole type, in the background; what is found waits until somebody has looked at it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from renmai.kernel.criteria import Reader, stored, to_q
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.work import step
from renmai.kernel.matching.apart import pairs_apart
from renmai.kernel.matching.batch import Found, Sketch
from renmai.kernel.matching.model import Pair, Verdict
from renmai.kernel.matching.portrait import keys_of, portrait
from renmai.kernel.matching.rule import Rule
from renmai.kernel.records.counting import estimate
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.jobs.model import Job

AT_ONCE = 2_000
KEEP = """
INSERT INTO kernel_pair (type, one, other, probability, levels, verdict, found_at, run)
SELECT %s, new.one, new.other, new.probability, new.levels, %s, %s, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::float8[], %s::jsonb[]) new (one, other, probability, levels)
ON CONFLICT (type, one, other) DO UPDATE SET probability = EXCLUDED.probability, levels = EXCLUDED.levels, run = EXCLUDED.run
"""


def look(kind: RecordType, by: User) -> Job:
    """Queue a look through all records of a type."""
    return later("find-duplicates", by=by, total=estimate(kind.model.objects.live()), type=kind.slug)


@work("find-duplicates")
def find_all(job: Job, *, type: str) -> None:
    """Find the pairs of a type; those that are open still and were not found again go, and what somebody has said of others stays."""
    kind = registry[type]
    rule = kind.duplicates
    found = pairs_apart(rule, _sketches(job, kind, rule)) if rule is not None else iter(())
    count = 0
    with transaction.atomic():
        while some := list(islice(found, AT_ONCE)):
            _keep(kind, some, job)
            count += len(some)
        Pair.objects.filter(type=kind.slug, verdict=Verdict.OPEN).exclude(run=job.pk).delete()
    job.result = {"pairs": count}


def _sketches(job: Job, kind: RecordType, rule: Rule) -> Iterator[Sketch]:
    """Every record to which the rule applies, as it is compared."""
    applies = to_q(stored(rule.criteria, kind), Reader()) if rule.criteria else Q()
    names = [kind.fields[name] for name in rule.names if name in kind.fields]
    columns = {"custom" if spec.name in kind.custom else spec.column for spec in names}
    rows = kind.model.objects.live().filter(applies).order_by("pk").only(*columns)
    for count, row in enumerate(rows.iterator(chunk_size=AT_ONCE), start=1):
        yield Sketch(str(row.pk), portrait(kind, rule, row), keys_of(kind, rule, row))
        if count % AT_ONCE == 0:
            step(job, count)


def _keep(kind: RecordType, found: Iterable[Found], job: Job) -> None:
    ordered = [(*sorted((UUID(pair.one), UUID(pair.other))), pair.probability, pair.levels) for pair in found]
    columns: list[list[Any]] = [list(column) for column in zip(*ordered, strict=True)]
    levels = [json.dumps(one) for one in columns.pop()]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [kind.slug, Verdict.OPEN, timezone.now(), job.pk, *columns, levels])
