"""``/api/v1/assignment-rules/<id>/trial/`` and ``/api/v1/leads/fairness/``: a rule tried on past leads, and who got how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.api.contributed import describe_paths, who_may
from renmai.kernel.api.http import answer, api
from renmai.kernel.api.operations import (
    COUNT,
    DATE,
    DECIMAL,
    ID,
    LINK,
    MAYBE_NUMBER,
    MOMENT,
    TEXT,
    UUID,
    YES_NO,
    Schema,
    operation,
    query,
    several,
    whole,
)
from renmai.kernel.api.records import visible
from renmai.kernel.overlay.company import company
from renmai.kernel.records.types import registry
from renmai.sales.assignment.choosing import link
from renmai.sales.assignment.fairness import Asked, Gift, Share, report
from renmai.sales.assignment.form import DAYS
from renmai.sales.assignment.model import AssignmentRule
from renmai.sales.assignment.trial import MOST_DAYS, told, trial

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

LOT: Schema = whole(
    user=LINK,
    would=COUNT,
    did=COUNT,
    would_value=DECIMAL,
    did_value=DECIMAL,
    outside_hours=MAYBE_NUMBER,
    would_rows=several(UUID),
    did_rows=several(UUID),
)
TRIAL: Schema = whole(
    days=COUNT,
    looked_at=COUNT,
    decided=COUNT,
    is_cut=YES_NO,
    same=COUNT,
    currency=TEXT,
    people=several(LOT),
    nobody=several(UUID),
)
GIFT: Schema = whole(lead=LINK, at=MOMENT, value={**DECIMAL, "type": ["string", "null"]}, rule=TEXT)
SHARE: Schema = whole(
    user=LINK,
    leads=COUNT,
    value=DECIMAL,
    unvalued=COUNT,
    working_hours={"type": "number"},
    leads_per_hour=MAYBE_NUMBER,
    value_per_hour=MAYBE_NUMBER,
    rows=several(GIFT),
)
EVENNESS: Schema = whole(gini=MAYBE_NUMBER, max_to_median=MAYBE_NUMBER)
FAIRNESS: Schema = whole(
    **{"from": DATE, "to": DATE},
    currency=TEXT,
    evenness=whole(leads_per_hour=EVENNESS, value_per_hour=EVENNESS),
    people=several(SHARE),
)
PAST = query("days", {"type": "integer", "minimum": 1, "maximum": MOST_DAYS}, f"of how many days; {DAYS} if left out", 30)
describe_paths(
    {
        "/api/v1/assignment-rules/{id}/trial/": {
            "get": operation(
                "Try a rule on past leads",
                TRIAL,
                parameters=[ID, PAST],
                told="Who would have got each lead by this rule, in use or not, beside who did. Nothing is changed.",
            )
        }
    },
    to=who_may("edit", "assignment-rules"),
)
describe_paths(
    {
        "/api/v1/leads/fairness/": {
            "get": operation(
                "Who got how many leads",
                FAIRNESS,
                parameters=[
                    query("from", DATE, "the first day; 30 days in all if left out", "2026-11-01"),
                    query("to", DATE, "the last day; today if left out", "2026-11-30"),
                    query("rule", UUID, "only leads given by this assignment rule"),
                    query("pool", UUID, "only leads of this pool"),
                ],
                told="For each working hour too, with the Gini coefficient and the highest rate beside the median; days are the company's.",
            )
        }
    },
    to=who_may("view", "leads"),
)


@api("GET")
def trial_of(request: HttpRequest, by: User, key: Any) -> HttpResponse:
    """What a rule, in use or not, would have done with the leads of the last ``days``."""
    rule: Any = visible(registry.of(AssignmentRule), key, by)
    if not by.may("edit", rule):
        raise Forbidden(_("Only administrators change this."))
    text = request.GET.get("days", str(DAYS))
    if not text.isdecimal() or not 0 < int(text) <= MOST_DAYS:
        raise Invalid({"days": [_("This is a number from 1 to %(most)s.") % {"most": MOST_DAYS}]})
    tried = trial(rule, by, int(text))
    return answer(
        {
            "days": tried.days,
            "looked_at": tried.looked_at,
            "decided": len(tried.rows),
            "is_cut": tried.is_cut,
            "same": sum(one.is_same for one in tried.rows),
            "currency": company().currency,
            "people": [told(lot) for lot in tried.lots],
            "nobody": [str(one.lead.pk) for one in tried.nobody],
        }
    )


@api("GET")
def fairness(request: HttpRequest, by: User) -> HttpResponse:
    """Who got how many leads, and what they are worth, from ``from`` to ``to``, of a ``rule`` or ``pool``."""
    if not by.may("view", registry["leads"]):
        raise Forbidden(_("You may not see leads."))
    asked = Asked.of(request.GET.dict())
    found = report(asked, by)
    return answer(
        {
            "from": asked.first.isoformat(),
            "to": asked.last.isoformat(),
            "currency": company().currency,
            "evenness": found.evenness,
            "people": [share_json(one) for one in found.shares],
        }
    )


def share_json(share: Share) -> dict[str, Any]:
    """One person's share, with the rows behind it."""
    return {
        "user": link(share.user, "users"),
        "leads": share.leads,
        "value": f"{share.value:f}",
        "unvalued": share.unvalued,
        "working_hours": round(share.hours, 4),
        "leads_per_hour": share.leads_per_hour,
        "value_per_hour": share.value_per_hour,
        "rows": [gift_json(gift) for gift in share.gifts],
    }


def gift_json(gift: Gift) -> dict[str, Any]:
    """One lead that somebody got."""
    value = None if gift.value is None else f"{gift.value:f}"
    return {"lead": link(gift.lead, "leads"), "at": gift.at.isoformat(), "value": value, "rule": gift.rule}
