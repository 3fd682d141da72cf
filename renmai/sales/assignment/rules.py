"""The rules in force, read once by each process and again when one has changed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from renmai.kernel.criteria import Reader, matches
from renmai.kernel.overlay.version import rebuilds
from renmai.sales.assignment.model import AssignmentRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from renmai.sales.lead.model import Lead

_kept: dict[str, list[AssignmentRule]] = {}


@rebuilds
def forget(_is_any: bool) -> None:
    """Read them anew when they are next asked for: a trigger moves the number on which this hangs."""
    _kept.clear()


def in_force() -> list[AssignmentRule]:
    """The rules that are in use, the one that counts first at the head."""
    if "rules" not in _kept:
        _kept["rules"] = list(AssignmentRule.in_order().filter(active=True).select_related("otherwise_team", "otherwise_pool"))
    return _kept["rules"]


def fitting(lead: Lead, rules: Sequence[AssignmentRule], at: dt.datetime) -> AssignmentRule | None:
    """The first rule whose criteria a lead meets; relative dates are counted from ``at``."""
    reader = Reader(now=at)
    return next((rule for rule in rules if not rule.criteria or matches(rule.node, lead, reader)), None)
