"""Giving leads by rule. One at a time: whoever gives holds a lock until the transaction ends, so that turns and limits are exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from renmai.directory.pool.moving import How
from renmai.kernel.facts import say_many
from renmai.kernel.facts.say import UNSET
from renmai.kernel.facts.telling import telling
from renmai.kernel.history.acting import acting
from renmai.kernel.records.change_many import Change, change_many
from renmai.kernel.records.store import refs
from renmai.kernel.records.types import registry
from renmai.sales.assignment.choosing import Floor, Verdict, choose
from renmai.sales.assignment.floor import Standing
from renmai.sales.assignment.rules import fitting

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.sales.assignment.model import AssignmentRule
    from renmai.sales.lead.model import Lead

LOCK = 5_060_701  # one number for all assignments; PostgreSQL holds the lock until the transaction ends


@dataclass(frozen=True)
class Given:
    """What became of a lead for which a rule is."""

    lead: Lead
    verdict: Verdict


def hold() -> None:
    """Wait until nobody else gives leads. What is read from here on is what the one before has left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def fitted(leads: Sequence[Lead], rules: Sequence[AssignmentRule], floor: Floor) -> list[tuple[Lead, AssignmentRule]]:
    """Each lead for which a rule is, with the first that fits."""
    return [(lead, rule) for lead in leads if (rule := fitting(lead, rules, floor.now)) is not None]


def decide(fit: Sequence[tuple[Lead, AssignmentRule]], floor: Standing) -> list[Given]:
    """Who gets each lead. The caller holds the lock."""
    if sticky := [lead for lead, rule in fit if rule.sticky]:
        floor.know(sticky)
    found = []
    for lead, rule in fit:
        verdict = choose(rule, lead, floor)
        if verdict.user is not None:
            floor.gave(verdict.user)
        found.append(Given(lead, verdict))
    return found


def assign(leads: Sequence[Lead], rules: Sequence[AssignmentRule], *, tell: bool = True) -> list[Given]:
    """Give leads that are nobody's, in the caller's transaction, and say so.

    Args:
        leads: locked, or seen by nobody else yet.
        rules: in their order.
        tell: those who get them are notified.
    """
    floor = Standing()
    fit = fitted(leads, rules, floor)
    if not fit:
        return []
    hold()
    given = decide(fit, floor)
    floor.keep_turns()
    with telling(tell):
        write(given)
    return given


def write(given: Sequence[Given], told: Mapping[str, Any] = MappingProxyType({}), also: Sequence[User] = ()) -> None:
    """Store who has the leads now, and say of each by which rule and why.

    Args:
        told: what each fact says besides.
        also: people who are told besides those who get them.
    """
    kind = registry["leads"]
    changes = [Change(one.lead, values_of(one.verdict)) for one in given]
    with acting(None, _reason(given)):
        change_many(kind, changes, None, allow=lambda _record: None)
    happened: dict[str, list[tuple[list[Any], dict[str, Any], Any]]] = defaultdict(list)
    for one, change in zip(given, changes, strict=True):
        data, about = {**one.verdict.as_json(), **told}, [*refs(kind, one.lead), *also]
        if change.problem:
            continue
        if one.verdict.user is None:
            happened["unassigned"].append((about, data, UNSET))
        else:
            one.lead.moves(How.ASSIGNED, **data)
        for verb, said, _at in one.lead.events(change.before):
            happened[verb].append((about, said, UNSET))
    for verb, facts in happened.items():
        say_many(f"{kind.noun}.{verb}", facts, by=None)


def _reason(given: Sequence[Given]) -> str:
    """What the history says of one or several rules."""
    names = dict.fromkeys(str(one.verdict.rule.title) for one in given)
    return _("Assigned by rule: %(rules)s") % {"rules": ", ".join(names)}


def values_of(verdict: Verdict) -> dict[str, Any]:
    """What a lead holds by a verdict."""
    rule = verdict.rule
    if verdict.user is not None:
        return {"owner": verdict.user}
    if rule.otherwise_pool is not None:
        return {"pool": rule.otherwise_pool}
    return {"team": rule.otherwise_team} if rule.otherwise_team is not None else {}


def is_nobodys(lead: Lead) -> bool:
    """Open, without an owner, and not left to those of a pool."""
    return lead.owner_id is None and lead.pool_id is None and lead.deleted_at is None and lead.is_open()
