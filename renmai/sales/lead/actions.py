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
from renmai.kernel.actions.run import made
from renmai.kernel.records.fields import Boolean, Link, LongText, Money, Text
from renmai.kernel.records.store import change, create
from renmai.kernel.records.types import registry
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
        account = made(create(registry.of(Account), _account(lead), by))  # type: ignore[assignment]
    if person is None:
        person = made(create(registry.of(Person), _person(lead) | {"account": account}, by))  # type: ignore[assignment]
    opportunity = None
    if not without_opportunity:
        values = {
            "name": opportunity_name or lead.company or lead.name,
            "account": account,
            "person": person,
            "amount": lead.expected_amount if amount is None else amount,
            "currency": lead.currency,
            "source": lead.source,
            "campaign": lead.campaign,
            "owner": lead.owner,
        }
        opportunity = made(create(registry.of(Opportunity), values, by))
    change(
        lead,
        by=by,
        status=LeadStatus.CONVERTED,
        converted_at=timezone.now(),
        converted_account=account,
        converted_person=person,
        converted_opportunity=opportunity,
    )


def _account(lead: Lead) -> dict[str, Any]:
    same = ("industry", "employees", "country", "region", "city", "currency", "owner")
    return {"name": lead.company, **{name: getattr(lead, name) for name in same}}


def _person(lead: Lead) -> dict[str, Any]:
    same = ("name", "family_name", "given_name", "job_title", "email", "phone", "mobile", "country", "city", "source", "owner")
    return {name: value for name in same if (value := getattr(lead, name)) not in (None, "")}
