"""Measuring how good the data of a type is, every night and when somebody asks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone
from procrastinate.contrib.django import app

from renmai.kernel.cleansing.model import QualityDay
from renmai.kernel.cleansing.rules import is_valid, rule_of, tidied
from renmai.kernel.jobs import later, work
from renmai.kernel.matching.rule import TraitKind
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.jobs.model import Job

STALE_AFTER = dt.timedelta(days=365)
KEPT = dt.timedelta(days=400)
UNMEASURED = {"lines", "custom", "ids", "tags", "json", "abouts", "links", "choices", "boolean", "file"}
SINGLE = {"email", "phone"}


def measured(kind: RecordType) -> list[FieldSpec]:
    """The fields of a type that are measured: those that people fill in, the company's own too, and the lists for which there is a rule."""
    lists = (name for name, spec in kind.fields.items() if spec.parts)
    specs = (kind.fields[name] for name in dict.fromkeys([*kind.as_coded.names, *lists]) if name in kind.fields)
    return [spec for spec in specs if spec.editable and spec.field is not None and _is_measured(kind, spec)]


def _is_measured(kind: RecordType, spec: FieldSpec) -> bool:
    return spec.kind not in UNMEASURED or (spec.kind == "json" and rule_of(kind, spec) is not None)


def is_measured(kind: RecordType) -> bool:
    """Types that stand in the rail hold the company's own data."""
    return kind.rail and not kind.acted and bool(measured(kind))


def measure(kind: RecordType) -> None:
    """Write down how good the fields of a type are today."""
    specs, today = measured(kind), timezone.localdate()
    numbers = _counted(kind, specs)
    valid, untidy = _looked_at(kind, [spec for spec in specs if rule_of(kind, spec) is not None])
    for spec in specs:
        filled = numbers[f"filled_{spec.name}"]
        values = {"rows": numbers["rows"], "filled": filled, "stale": numbers[f"stale_{spec.name}"], "repeated": _repeated(kind, spec)}
        values |= {"valid": valid.get(spec.name, 0) if rule_of(kind, spec) else filled, "untidy": untidy[spec.name]}
        QualityDay.objects.update_or_create(type=kind.slug, field=spec.name, day=today, defaults=values)
    QualityDay.objects.filter(type=kind.slug, day__lt=today - KEPT).delete()


def _is_filled(spec: FieldSpec) -> Q:
    """A text is empty as such, a list too, anything else as NULL, where it may be empty at all."""
    if spec.kind == "json" and not spec.nullable:
        return ~Q(**{spec.column: []})
    is_text = isinstance(spec.field, models.CharField | models.TextField)
    return ~(Q(**{spec.column: ""}) if is_text and not spec.nullable else Q(**{f"{spec.column}__isnull": True}))


def _counted(kind: RecordType, specs: list[FieldSpec]) -> dict[str, int]:
    """What the database counts by itself, in one pass."""
    old = Q(updated_at__lt=timezone.now() - STALE_AFTER)
    asked: dict[str, Any] = {"rows": Count("pk")}
    for spec in specs:
        asked[f"filled_{spec.name}"] = Count("pk", filter=_is_filled(spec))
        asked[f"stale_{spec.name}"] = Count("pk", filter=_is_filled(spec) & old)
    found: dict[str, int] = kind.model.objects.live().aggregate(**asked)
    return found


def _looked_at(kind: RecordType, specs: list[FieldSpec]) -> tuple[Counter[str], Counter[str]]:
    """By field, in how many records it holds what can be true, and in how many it would be tidied."""
    valid: Counter[str] = Counter()
    untidy: Counter[str] = Counter()
    for record in kind.model.objects.live().iterator(chunk_size=2_000) if specs else ():
        untidy.update(tidied(kind, specs, record).keys())
        for spec in specs:
            if getattr(record, spec.column) not in (None, "", {}, []) and is_valid(kind, spec, record):
                valid[spec.name] += 1
    return valid, untidy


def _repeated(kind: RecordType, spec: FieldSpec) -> int | None:
    """In how many records a field that should tell them apart holds what another one holds too."""
    traits = kind.duplicates.traits if kind.duplicates is not None else ()
    is_number = any(trait.kind == TraitKind.NUMBER and spec.name in trait.fields for trait in traits)
    if spec.kind not in SINGLE and not is_number:
        return None
    rows = kind.model.objects.live().filter(_is_filled(spec)).order_by().values(spec.column)
    return rows.annotate(times=Count("pk")).filter(times__gt=1).aggregate(all=Sum("times"))["all"] or 0


@work("measure-quality")
def do_measure(job: Job, *, slug: str) -> None:
    """Measure one type."""
    measure(registry[slug])


@app.periodic(cron="23 3 * * *")
@app.task(name="renmai.measure-quality", queueing_lock="renmai.measure-quality")
def measure_nightly(timestamp: int) -> None:
    """Every night, every type, each as a job of its own: one that fails is seen, and the others are done."""
    for kind in registry.all():
        if is_measured(kind):
            later("measure-quality", by=None, slug=kind.slug)
