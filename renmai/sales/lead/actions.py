"""What is done with leads."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renmai.directory.pool.moving import How
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import REQUIRED, action
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.run import note
from renmai.kernel.records.fields import Choice, LongText, Pick
from renmai.kernel.records.store import change
from renmai.kernel.records.types import registry
from renmai.sales.lead.model import CAUSES, QUALIFIED, RANK, Earlier, Lead, LeadStatus
from renmai.sales.qualification.entry import require_entry, unmet

CLOSED = _("This lead is closed.")


NO_STEP = _("There is no step of qualification left.")
WHY: dict[str, models.Field[Any, Any]] = {"reason": LongText(_("Reason"))}
BACK: dict[str, models.Field[Any, Any]] = {"to": Choice(Earlier, _("Back to")), **WHY}
WRONG = {cause: CAUSES[cause] for cause in ("wrong_data", "unreachable", "duplicate")}
CLOSING: dict[str, models.Field[Any, Any]] = {
    "cause": Pick(_("Cause"), options=CAUSES, blank=True),
    "reason": LongText(_("Reason in words"), blank=True),
}


@action(_("Qualify"), icon="circle-check", when=Lead.is_qualifiable, refusal=NO_STEP, fact="")
def qualify(lead: Lead, *, by: User) -> None:
    """Take a lead one step on: to marketing qualified, then to sales qualified.

    Raises:
        Invalid: with every condition of the step that it does not meet.
    """
    step = QUALIFIED[LeadStatus(lead.status)]
    require_entry(lead, step, by)
    change(lead, by=by, status=step)


@action(
    _("Qualify all the same"),
    icon="circle-dashed-check",
    may="override",
    when=Lead.is_qualifiable,
    refusal=NO_STEP,
    fact="overridden",
    asks=WHY,
)
def qualify_anyway(lead: Lead, *, by: User, reason: str) -> None:
    """Take a lead one step on whatever the conditions of the step say; which of them it did not meet stands in the fact."""
    step = QUALIFIED[LeadStatus(lead.status)]
    override(lead, step)
    change(lead, by=by, status=step)


def override(lead: Lead, step: str) -> None:
    """Let the fact of the running action say which conditions of a step did not hold."""
    note(to=str(step), unmet=[str(sentence) for said in unmet(lead, step, None).values() for sentence in said])


@action(
    _("Step back"), icon="arrow-back-up", when=Lead.is_begun, refusal=_("There is no step to go back to."), fact="stepped_back", asks=BACK
)
def step_back(lead: Lead, *, by: User, to: str, reason: str) -> None:
    """Take an open lead back to an earlier step. This is the only way back.

    Raises:
        Invalid: it has not come further than that.
    """
    if RANK[to] >= RANK[lead.status]:
        raise Invalid({"to": [gettext("The lead has not come further than this.")]})
    note(**{"from": lead.status})
    change(lead, by=by, status=to)


@action(_("Disqualify"), icon="circle-x", when=Lead.is_open, refusal=CLOSED, fact="disqualified", asks=CLOSING, danger=True)
def disqualify(lead: Lead, *, by: User, cause: str = "", reason: str = "") -> None:
    """Close a lead that will not become a customer, with a cause from the list, in words, or both."""
    if not cause and not reason:
        raise Invalid({"reason": [REQUIRED]})
    note(**{"from": lead.status}, reason=reason or _cause(lead, cause))
    change(lead, by=by, status=LeadStatus.DISQUALIFIED, disqualified_cause=cause, disqualified_reason=reason)


@action(
    _("Take out of circulation"),
    icon="phone-off",
    may="invalid",
    when=lambda lead: lead.pool_id is not None and lead.is_open(),
    refusal=_("Only an open lead of a pool is in circulation."),
    fact="",
    asks={"cause": Pick(_("Cause"), options=WRONG, default="wrong_data"), "reason": CLOSING["reason"]},
    danger=True,
)
def invalid(lead: Lead, *, by: User, cause: str = "wrong_data", reason: str = "") -> None:
    """Disqualify a lead of a pool that cannot be reached or is wrong, so that nobody claims it again."""
    lead.moves(How.INVALID, reason or _cause(lead, cause), cause=cause)
    change(lead, by=by, status=LeadStatus.DISQUALIFIED, disqualified_cause=cause, disqualified_reason=reason)


def _cause(lead: Lead, cause: str) -> str:
    """A cause as the company calls it."""
    return str(dict(registry.of(lead).fields["disqualified_cause"].choices).get(cause, cause))


@action(_("Reopen"), icon="rotate", when=Lead.is_disqualified, refusal=_("This lead is not disqualified."), fact="reopened")
def reopen(lead: Lead, *, by: User) -> None:
    """Take a disqualified lead back to the step on which it was; the facts keep why it had been closed."""
    note(**{"from": lead.status, "to": str(lead.reached())})
    change(lead, by=by, status=lead.reached(), disqualified_cause="", disqualified_reason="")
