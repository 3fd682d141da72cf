"""From the rows of the overlay to what every record type is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from renmai.kernel.overlay.change import FieldChange
from renmai.kernel.overlay.computed.plan import looked_at, plans
from renmai.kernel.overlay.field import CustomField, CustomKind, spec_of
from renmai.kernel.overlay.layout import Layout
from renmai.kernel.overlay.type import CustomRecordType, CustomType
from renmai.kernel.overlay.version import rebuilds
from renmai.kernel.records.arrangement import Arrangement
from renmai.kernel.records.custom import CustomSpec
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import registry

COMPUTED = {CustomKind.FORMULA, CustomKind.ROLL_UP}


@rebuilds
def rebuild(is_any: bool) -> None:
    """Make the company's types, and give each type the company's fields."""
    types = CustomType.objects.live() if is_any else CustomType.objects.none()
    registry.overlay([CustomRecordType(each) for each in types.order_by("created_at")])
    made: dict[str, dict[str, CustomSpec]] = defaultdict(dict)
    fields = list(CustomField.objects.live().order_by("position", "created_at")) if is_any else []
    for field in fields:
        kind = registry.get(field.type)
        spec = spec_of(field, kind) if kind is not None else None
        if spec is not None:
            made[field.type][spec.name] = spec
    changed: dict[str, dict[str, Callable[[FieldSpec], FieldSpec]]] = defaultdict(dict)
    for change in FieldChange.objects.live() if is_any else FieldChange.objects.none():
        changed[change.type][change.field] = change.apply
    arranged = layouts(is_any)
    for kind in registry.all():
        kind.overlay(made[kind.slug], changed[kind.slug], arranged[kind.slug])
    registry.reads = {plan.node: frozenset(looked_at(plan)) for plan in plans(field for field in fields if field.kind in COMPUTED)}


def layouts(is_any: bool) -> dict[str, list[tuple[Any, Arrangement]]]:
    """The layouts of each type by role, in their order; the one for everybody comes last."""
    found: dict[str, list[tuple[Any, Arrangement]]] = defaultdict(list)
    rows = Layout.objects.live() if is_any else Layout.objects.none()
    for layout in sorted(rows, key=lambda one: (one.role_id is None, one.position, one.created_at)):
        kind = registry.get(layout.type)
        if kind is not None:
            found[layout.type].append((layout.role_id, layout.arrangement(kind)))
    return found
