"""Which ones: one language for filters, views, rules and rights."""

from __future__ import annotations

from typing import Any

from django.db.models import Q


def condition(tree: Any, kind: Any, by: Any) -> Q:
    """The SQL condition of a criteria tree."""
    return Q(**{tree["field"]: tree["value"]})
