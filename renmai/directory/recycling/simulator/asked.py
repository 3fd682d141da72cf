"""What is asked of the simulator, from outside, and what it answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.directory.pool.model import Pool
from renmai.directory.recycling.model import MOST_DAYS, RecyclingRule
from renmai.directory.recycling.simulator.compare import Compared, Tried, evenness
from renmai.directory.recycling.simulator.world import Gone
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.records.kinds import clean_moment

PERIOD = dt.timedelta(days=90)
RULE, POOL = {"days", "active"}, {"daily_limit", "holding_limit", "cooldown_days"}
MOST = 1_000_000
SHOWN = 1_000


def tried(given: dict[str, Any]) -> Tried:
    """What is to be tried; the last ninety days if no period is named.

    Raises:
        Invalid: with what does not do.
    """
    last = _moment(given, "to", timezone.now())
    first = _moment(given, "from", last - PERIOD)
    rules = {key: _rule(change) for key, change in _mapping(given, "rules", RecyclingRule, RULE).items()}
    pools = {key: _limits(change) for key, change in _mapping(given, "pools", Pool, POOL).items()}
    return Tried(first, last, rules, pools)


def _moment(given: dict[str, Any], name: str, otherwise: dt.datetime) -> dt.datetime:
    try:
        return clean_moment(None, given[name]) if given.get(name) else otherwise  # type: ignore[arg-type]
    except ValueError as problem:
        raise Invalid({name: [str(problem)]}) from None


def _mapping(given: dict[str, Any], name: str, model: Any, fields: set[str]) -> dict[str, Any]:
    """What is said of each rule or pool, by its id."""
    said = given.get(name) or {}
    if not isinstance(said, dict) or not all(isinstance(change, dict) for change in said.values()):
        raise Invalid({name: [_("A JSON object is expected.")]})
    if not said.keys() <= {str(key) for key in model.objects.live().values_list("pk", flat=True)}:
        raise Invalid({name: [_("There is no such record.")]})
    if strange := {field for change in said.values() for field in change} - fields:
        valid = ", ".join(sorted(fields))
        raise Invalid({name: [_("There is no field “%(name)s”. Fields: %(valid)s.") % {"name": min(strange), "valid": valid}]})
    return said


def _rule(change: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(change.get("active", True), bool):
        raise Invalid({"rules": [_("Yes or no is expected here.")]})
    if "days" in change and (not isinstance(change["days"], int) or not 1 <= change["days"] <= MOST_DAYS):
        raise Invalid({"rules": [_("This is a number from 1 to %(most)s.") % {"most": MOST_DAYS}]})
    return change


def _limits(change: dict[str, Any]) -> dict[str, int | None]:
    if not all(value is None or (isinstance(value, int) and 0 <= value <= MOST) for value in change.values()):
        raise Invalid({"pools": [_("This is a number from 0 to %(most)s.") % {"most": MOST}]})
    return change


def as_json(found: Compared) -> dict[str, Any]:
    """Both sides and what differs, the first thousand of each."""
    names = dict(User.objects.filter(pk__in=found.people()).values_list("pk", "title"))
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "rules_from": found.ruled.isoformat(),
        "happened": {"gone": len(found.happened), "claims": sum(found.claims.values()), **evenness(found.claims)},
        "would": {"gone": len(found.played.gone), "claims": sum(found.played.claims.values()), **evenness(found.played.claims)},
        "lost": [_gone(one) for one in found.lost[:SHOWN]],
        "kept": [_gone(one) for one in found.kept[:SHOWN]],
        "denied": [
            {"at": one.at.isoformat(), "record": str(one.record), "owner": str(one.owner), "why": one.why} for one in found.denied[:SHOWN]
        ],
        "people": [_person(found, key, names.get(key, "")) for key in found.people()],
    }


def _gone(one: Gone) -> dict[str, str]:
    keys = {"record": one.record, "owner": one.owner, "pool": one.pool, "rule": one.rule}
    return {"at": one.at.isoformat(), **{name: str(key) for name, key in keys.items()}}


def _person(found: Compared, key: Any, name: str) -> dict[str, Any]:
    return {
        "id": str(key),
        "name": name,
        "claims": found.claims.get(key, 0),
        "would_claim": found.played.claims.get(key, 0),
        "denied": sum(one.owner == key for one in found.denied),
        "lost": sum(one.owner == key for one in found.happened),
        "would_lose": sum(one.owner == key for one in found.played.gone),
        "would_hold": found.played.held.get(key, 0),
    }
