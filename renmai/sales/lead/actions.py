"""What is done with leads."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.access.user import User
from renmai.kernel.actions.action import action
from renmai.kernel.actions.making import make_of
from renmai.kernel.records.fields import Boolean, Link, LongText, Money, Text
from renmai.kernel.records.store import change
from renmai.sales.lead.model import QUALIFIED, Lead, LeadStatus
from renmai.sales.opportunity.model import Opportunity

CLOSED = _("This lead is closed.")


@action(_("Qualify"), icon="circle-check", when=Lead.is_qualifiable, refusal=_("There is no step of qualification left."), fact="qualified")
def qualify(lead: Lead, *, by: User) -> None:
    """Take a lead one step on: to marketing qualified, then to sales qualified."""
    change(lead, by=by, status=QUALIFIED[LeadStatus(lead.status)])


@action(
    _("Disqualify"),
    icon="circle-x",
    when=Lead.is_open,
    refusal=CLOSED,
    fact="disqualified",
    asks={"reason": LongText(_("Reason"))},
    danger=True,
)
def disqualify(lead: Lead, *, by: User, reason: str) -> None:
    """Close a lead that will not become a customer."""
    change(lead, by=by, status=LeadStatus.DISQUALIFIED, disqualified_reason=reason)


COMPANY = ("industry", "employees", "country", "region", "city", "currency", "owner")
HUMAN = ("name", "family_name", "given_name", "job_title", "email", "phone", "mobile", "country", "region", "city", "source", "owner")
SALE = ("currency", "source", "campaign", "owner")
CONVERT_ASKS: dict[str, models.Field[Any, Any]] = {
    "account": Link("directory.Account", _("Account that exists already"), blank=True),
    "person": Link("directory.Person", _("Person that exists already"), blank=True),
    "opportunity_name": Text(_("Name of the opportunity"), blank=True),
    "amount": Money(_("Amount"), blank=True),
    "without_opportunity": Boolean(_("No opportunity yet"), blank=True),
}


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
) -> None:
    """Turn a lead into an account, a person and an opportunity, joining those that exist. Can be done only once.

    Raises:
        Invalid, Forbidden: one of them cannot be made; then nothing is.
    """
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
