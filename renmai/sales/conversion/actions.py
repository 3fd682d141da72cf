"""Converting a lead, and taking that back at any later time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.actions.making import make_of
from renmai.kernel.actions.run import concerns, note
from renmai.kernel.history.acting import acting
from renmai.kernel.records.fields import Boolean, Json, Link, Money, Text
from renmai.kernel.records.store import change
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ChangeSetState, Mode, RowAction
from renmai.kernel.transfer.run import keep_set
from renmai.sales.conversion.carrying import carry
from renmai.sales.conversion.making import COMPANY, HUMAN, join, own_values, take_shape
from renmai.sales.conversion.model import Conversion
from renmai.sales.conversion.undoing import take_back
from renmai.sales.lead.actions import override as overriding
from renmai.sales.lead.model import Lead, LeadStatus
from renmai.sales.opportunity.model import Opportunity
from renmai.sales.qualification.entry import require_entry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

OWNED = ("owner", "tags")
SALE = ("currency", "source", "campaign", *OWNED)
CONVERT_ASKS: dict[str, models.Field[Any, Any]] = {
    "account": Link("directory.Account", _("Account that exists already"), blank=True),
    "person": Link("directory.Person", _("Person that exists already"), blank=True),
    "opportunity_name": Text(_("Name of the opportunity"), blank=True),
    "amount": Money(_("Amount"), blank=True),
    "without_opportunity": Boolean(_("No opportunity yet"), blank=True),
    "override": Text(_("Reason to convert though conditions are not met"), blank=True),
    "take": Json(_("Values of the lead that are taken over"), shape=take_shape, default=dict, blank=True, editable=False),
}


@dataclass
class Became:
    """What a conversion came to."""

    conversion: Conversion
    made: list[Record] = field(default_factory=list)
    joined: list[Record] = field(default_factory=list)
    changed: list[Record] = field(default_factory=list)

    @property
    def all(self) -> list[Record]:
        """Every record that the lead became."""
        return [*self.made, *self.joined]


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
    take: dict[str, list[str]] | None = None,
) -> None:
    """Turn a lead into an account, a person and an opportunity, joining those that exist, and let its past stand on them.

    Args:
        take: of the joined account and person the fields that get the lead's value; the others stay as they are.

    Raises:
        Invalid, Forbidden: one of them cannot be made or changed, or the lead does not meet the conditions; then nothing is.
    """
    _enter(lead, by, override)
    with _recorded(lead, by) as became:
        account = _account(lead, account, (take or {}).get("account", []), became, by)
        person = _person(lead, person, (take or {}).get("person", []), account, became, by)
        opportunity = None
        if not without_opportunity:
            sale = {"name": opportunity_name or lead.company or lead.name, "amount": lead.expected_amount if amount is None else amount}
            opportunity = _made(lead, Opportunity, SALE, became, by, account=account, person=person, **sale)
        change(
            lead,
            by=by,
            status=LeadStatus.CONVERTED,
            converted_at=timezone.now(),
            converted_account=account,
            converted_person=person,
            converted_opportunity=opportunity,
        )
        carry(became.conversion, lead, became.all, by)


def _enter(lead: Lead, by: User, override: str) -> None:
    note(**{"from": lead.status, "to": str(LeadStatus.CONVERTED)})
    if not override:
        require_entry(lead, LeadStatus.CONVERTED, by)
    elif by.may("override", lead):
        overriding(lead, LeadStatus.CONVERTED)
    else:
        raise Forbidden(gettext("You may not go on where conditions are not met."))


def _account(lead: Lead, account: Account | None, names: list[str], became: Became, by: User) -> Account | None:
    if account is not None:
        return _joined(lead, account, names, became, by)
    if names:
        raise Invalid({"take": [gettext("Values are chosen only for an account or a person that is joined.")]})
    return _made(lead, Account, (*COMPANY, *OWNED), became, by, name=lead.company) if lead.company else None


def _person(lead: Lead, person: Person | None, names: list[str], account: Account | None, became: Became, by: User) -> Person:
    if person is not None:
        return _joined(lead, person, names, became, by)
    if names:
        raise Invalid({"take": [gettext("Values are chosen only for an account or a person that is joined.")]})
    return _made(lead, Person, (*HUMAN, *OWNED), became, by, account=account)


def _made(lead: Lead, model: Any, names: tuple[str, ...], became: Became, by: User, **values: Any) -> Any:
    own = own_values(lead, registry.of(model))
    record = make_of(lead, model, names, by=by, **values, **own)
    became.made.append(record)
    return record


def _joined(lead: Lead, record: Any, names: list[str], became: Became, by: User) -> Any:
    if join(lead, record, names, by):
        became.changed.append(record)
    became.joined.append(record)
    concerns(record)
    return record


@contextmanager
def _recorded(lead: Lead, by: User) -> Iterator[Became]:
    """Everything inside is one change set, which names what was made and what was changed."""
    name = gettext("Converted: %(title)s") % {"title": lead.title}
    held = ChangeSet(name=name, target=registry.of(lead).slug, map={"action": "convert"}, mode=Mode.UPDATE, state=ChangeSetState.DONE)
    held.ended_at = timezone.now()
    keep_set(held, by)
    became = Became(Conversion.objects.create(lead=lead, change_set=held.pk, status=lead.status, by=by))
    with acting(by, name, held.pk):
        yield became
    named = [(RowAction.CREATED, one) for one in became.made] + [(RowAction.UPDATED, one) for one in became.changed]
    ChangeSetRow.objects.bulk_create(
        ChangeSetRow(change_set=held, number=at, action=what, type=registry.of(one).slug, record_id=one.pk, version=one.version)
        for at, (what, one) in enumerate(named, 1)
    )
    held.created, held.updated, held.total_rows, held.done_rows = len(became.made), len(became.changed), len(named), len(named)
    held.save(update_fields=["created", "updated", "total_rows", "done_rows"])


@action(
    _("Undo the conversion"),
    icon="arrow-back-up",
    may="convert",
    when=Lead.is_converted,
    refusal=_("This lead is not converted."),
    fact="unconverted",
    danger=True,
)
def unconvert(lead: Lead, *, by: User) -> None:
    """Take a conversion back: what was made goes, unless somebody has worked on it; what was joined is as it was."""
    back = take_back(lead, by)
    note(**{"from": str(LeadStatus.CONVERTED), "to": lead.status}, gone=back.gone, kept=back.kept)
