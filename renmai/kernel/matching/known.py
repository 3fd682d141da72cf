"""Which rule is in force for a type: the company's, else the one that the type declares."""

from __future__ import annotations

from collections import defaultdict

from renmai.kernel.matching.model import DuplicateRule
from renmai.kernel.overlay.version import rebuilds
from renmai.kernel.overlay.view import rebuild as types_first
from renmai.kernel.records.types import registry

__all__ = ["take_over", "types_first"]


@rebuilds
def take_over(is_any: bool) -> None:
    """Put the company's rules in place of those of the code; types are made before, since this module names what makes them."""
    own: dict[str, list[DuplicateRule]] = defaultdict(list)
    for rule in DuplicateRule.objects.live().order_by("sort_key", "pk") if is_any else ():
        own[rule.record_type].append(rule)
    for kind in registry.all():
        kind.__dict__.pop("duplicates", None)
        if kind.slug in own:
            in_use = next((rule for rule in own[kind.slug] if rule.active), None)
            kind.__dict__["duplicates"] = in_use.rule(kind) if in_use is not None else None
