"""What is done with leads."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import REQUIRED, action
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.actions.making import make_of
from renmai.kernel.actions.run import note
from renmai.kernel.records.fields import Boolean, Choice, Link, LongText, Money, Pick, Text
from renmai.kernel.records.store import change
from renmai.kernel.records.types import registry
from renmai.sales.lead.model import CAUSES, QUALIFIED, RANK, Earlier, Lead, LeadStatus
from renmai.sales.opportunity.model import Opportunity
from renmai.sales.qualification.entry import require_entry, unmet

CLOSED = _("This lead is closed.")


NO_STEP = _("There is no step of qualification left.")
WHY: dict[str, models.Field[Any, Any]] = {"reason": LongText(_("Reason"))}
BACK: dict[str, models.Field[Any, Any]] = {"to": Choice(Earlier, _("Back to")), **WHY}
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
    _override(lead, step, by)
    change(lead, by=by, status=step)


def _override(lead: Lead, step: str, by: User) -> None:
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


def _cause(lead: Lead, cause: str) -> str:
    """A cause as the company calls it."""
    return str(dict(registry.of(lead).fields["disqualified_cause"].choices).get(cause, cause))


@action(_("Reopen"), icon="rotate", when=Lead.is_disqualified, refusal=_("This lead is not disqualified."), fact="reopened")
def reopen(lead: Lead, *, by: User) -> None:
    """Take a disqualified lead back to the step on which it was; the facts keep why it had been closed."""
    note(**{"from": lead.status, "to": str(lead.reached())})
    change(lead, by=by, status=lead.reached(), disqualified_cause="", disqualified_reason="")


COMPANY = ("industry", "employees", "country", "region", "city", "currency", "owner")
HUMAN = ("name", "family_name", "given_name", "job_title", "email", "phone", "mobile", "country", "region", "city", "source", "owner")
SALE = ("currency", "source", "campaign", "owner")
CONVERT_ASKS: dict[str, models.Field[Any, Any]] = {
    "account": Link("directory.Account", _("Account that exists already"), blank=True),
    "person": Link("directory.Person", _("Person that exists already"), blank=True),
    "opportunity_name": Text(_("Name of the opportunity"), blank=True),
    "amount": Money(_("Amount"), blank=True),
    "without_opportunity": Boolean(_("No opportunity yet"), blank=True),
    "override": Text(_("Reason to convert though conditions are not met"), blank=True),
}


def _enter_conversion(lead: Lead, by: User, override: str) -> None:
    note(**{"from": lead.status, "to": str(LeadStatus.CONVERTED)})
    if not override:
        require_entry(lead, LeadStatus.CONVERTED, by)
    elif by.may("override", lead):
        _override(lead, LeadStatus.CONVERTED, by)
    else:
        raise Forbidden(gettext("You may not go on where conditions are not met."))


@action(
    _("Convert"),
    icon="arrows-exchange",
    when=Lead.is_convertible,
    refusal=_("This lead was converted before."),
    fact="converted",
    asks=CONVERT_ASKS,
)
def convert(
    lead: Lead,
    *,
    by: User,
    account: Account | None = None,
    person: Person | None = None,
    opportunity_name: str = "",
    amount: Any = None,
    without_opportunity: bool = False,
    override: str = "",
) -> None:
    """Turn a lead into an account, a person and an opportunity, joining those that exist. Can be done only once.

    Raises:
        Invalid, Forbidden: one of them cannot be made, or the lead does not meet the conditions; then nothing is.
    """
    _enter_conversion(lead, by, override)
    if account is None and lead.company:
        account = make_of(lead, Account, COMPANY, by=by, name=lead.company)
    person = person or make_of(lead, Person, HUMAN, by=by, account=account)
    opportunity = None
    if not without_opportunity:
        sale = {"name": opportunity_name or lead.company or lead.name, "amount": lead.expected_amount if amount is None else amount}
        opportunity = make_of(lead, Opportunity, SALE, by=by, account=account, person=person, **sale)
    change(
        lead,
        by=by,
        status=LeadStatus.CONVERTED,
        converted_at=timezone.now(),
        converted_account=account,
        converted_person=person,
        converted_opportunity=opportunity,
    )
