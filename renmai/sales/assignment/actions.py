"""Giving a lead by rule when somebody asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.directory.pool.moving import How
from renmai.directory.pool.rules import held, lock_quota, require_room
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Refused
from renmai.kernel.records.store import change
from renmai.sales.assignment.desk import decide, fitted, hold, values_of
from renmai.sales.assignment.floor import Standing
from renmai.sales.assignment.rules import in_force
from renmai.sales.assignment.words import why
from renmai.sales.lead.model import Lead


def _in_line(_arguments: Mapping[str, Any]) -> tuple[()]:
    """Wait before the lead is locked, as everybody does who gives by rule: so nobody waits for who waits for them."""
    hold()
    return ()


@action(
    gettext_lazy("Assign by rule"),
    icon="arrows-split",
    may="assign",
    when=Lead.is_open,
    refusal=gettext_lazy("This lead is closed."),
    fact="",
    holds=_in_line,
)
def assign_by_rule(lead: Lead, *, by: User) -> None:
    """Give an open lead to whoever the first rule that fits says, whoever has it now.

    Raises:
        Refused: no rule fits, nobody can have it, with who was passed over and why, or they hold as many from its pool as that allows.
    """
    floor = Standing()
    fit = fitted([lead], in_force(), floor)
    if not fit:
        raise Refused(_("No assignment rule fits this lead."))
    verdict = decide(fit, floor)[0].verdict
    if verdict.user is None:
        raise Refused(why(verdict.as_json()))
    if lead.pool is not None:
        lock_quota(verdict.user)
        require_room(lead.pool, verdict.user, held(lead.pool, verdict.user), by=by)
    floor.keep_turns()
    lead.moves(How.ASSIGNED, **verdict.as_json())
    change(lead, by=by, **values_of(verdict))
