"""What a formula gives, shown while it is being typed: its values for the newest records, or what is wrong with it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection, transaction
from django.utils.text import capfirst

from renmai.kernel.formula import BadFormula
from renmai.kernel.formula.compile import links, usable
from renmai.kernel.formula.functions import FUNCTIONS
from renmai.kernel.overlay.computed.plan import Plan, plan_of
from renmai.kernel.overlay.field import CustomField, CustomKind, Result, results, spec_of
from renmai.kernel.records.pages.cells import lines

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.types import RecordType

NEWEST = 5
KEY = "preview"


class Preview:
    """A formula that is not kept yet.

    Args:
        by: whose records are shown.
        formula: as far as it was typed.
        result: what it shall give; empty where that follows from it.
    """

    def __init__(self, kind: RecordType, by: User, formula: str, result: str) -> None:
        self.kind, self.by = kind, by
        self.made = CustomField(type=kind.slug, key=KEY, kind=CustomKind.FORMULA, formula=formula, result=result, label=KEY)
        self.problem, self.at = "", 0
        try:
            self.plan: Plan | None = plan_of(self.made)
        except BadFormula as problem:
            self.plan, self.problem, self.at = None, problem.problem, problem.at
        valid = results(self.plan) if self.plan is not None else []
        if valid and result not in valid:
            self.made.result = valid[0]

    @property
    def is_blank(self) -> bool:
        """Nothing was typed yet."""
        return not self.made.formula.strip()

    @property
    def before(self) -> str:
        """The formula up to what is wrong."""
        return str(self.made.formula)[: self.at]

    @property
    def behind(self) -> str:
        """The formula from what is wrong."""
        return str(self.made.formula)[self.at :]

    @property
    def gives(self) -> str:
        """What comes out."""
        return str(Result(self.made.result).label)

    @cached_property
    def rows(self) -> list[tuple[str, str]]:
        """Title and value of the newest records."""
        if self.plan is None:
            return []
        spec = spec_of(self.made, self.kind)
        records = list(self.kind.model.objects.visible_to(self.by).order_by("-created_at")[:NEWEST])
        for record in records:
            record.custom = {KEY: self._value(record.pk)}
        shown = lines(self.kind, records, [spec] if spec is not None else [], self.by, editable=False)
        return [(line.title, line.cells[0].text) for line in shown]

    def _value(self, key: Any) -> Any:
        """What comes out for one record, as it would be kept; nothing where it cannot be worked out."""
        assert self.plan is not None
        value = self.plan.value().replace("%", "%%")
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT ({value})::text FROM {self.plan.table} r WHERE r.id = %s", [key])  # noqa: S608
                found = cursor.fetchone()[0]
        except DatabaseError:
            return None
        return json.loads(found) if found else None


def names(kind: RecordType) -> dict[str, list[tuple[str, str]]]:
    """Everything that a formula over a type can name: its fields, the links that it can follow, and the functions."""
    own = [(name, capfirst(str(spec.label))) for name, spec in usable(kind).items()]
    led = [(f"{name}.…", capfirst(str(spec.label))) for name, spec in links(kind).items()]
    return {"fields": own, "links": led, "functions": [(f"{name}()", "") for name in FUNCTIONS]}
