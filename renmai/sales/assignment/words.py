"""Rules, and why somebody got a lead by one, as people say them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renmai.kernel.criteria.words import in_words
from renmai.kernel.locale.dates import format_moment
from renmai.kernel.locale.reader import locale_of
from renmai.kernel.ui.reader import current
from renmai.sales.assignment.model import Way

if TYPE_CHECKING:
    from renmai.sales.assignment.model import AssignmentRule

NAMELESS = "…"


def why(told: Mapping[str, Any]) -> str:
    """Why somebody, or nobody, got a lead.

    Args:
        told: what the fact keeps: ``rule``, ``why`` and ``passed``.
    """
    said = [_("Rule “%(rule)s”: %(reason)s.") % {"rule": _title(told, "rule"), "reason": _reason(told)}]
    if hours := told.get("untouched"):
        person = _title(told, "former")
        said.insert(0, _("%(person)s had not touched it for %(hours)s working hours.") % {"person": person, "hours": hours})
    if at := told["why"].get("works_at"):
        said.append(_("Nobody works now; the next begins at %(moment)s.") % {"moment": _moment(at)})
    if passed := passed_over(told):
        said.append(_("Passed over: %(people)s.") % {"people": "; ".join(passed)})
    return " ".join(said)


def _title(told: Mapping[str, Any], name: str) -> str:
    """What a record of the fact is called, as far as the reader may see it."""
    return (told.get(name) or {}).get("title") or NAMELESS


def passed_over(told: Mapping[str, Any]) -> list[str]:
    """Who was passed over, each with the reason."""
    return [
        _("%(person)s (%(reason)s)") % {"person": one["user"]["title"], "reason": PASSED[one["code"]](one)}
        for one in told.get("passed", [])
    ]


def _reason(told: Mapping[str, Any]) -> str:
    reason: Mapping[str, Any] = told["why"]
    if reason["code"] == "known":
        return _("already looks after %(record)s") % {"record": _title(told, "known")}
    return REASONS[reason["code"]](reason)


def _turn(reason: Mapping[str, Any]) -> str:
    count = reason.get("of", 1)
    return _("next in turn of %(count)s people") % {"count": count} if count > 1 else _("the only one who could get it")


def _load(reason: Mapping[str, Any]) -> str:
    load = reason.get("load", 0)
    return ngettext("has the fewest open leads, %(count)s", "has the fewest open leads, %(count)s", load) % {"count": load}


REASONS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "turn": _turn,
    "load": _load,
    "weight": lambda one: (
        _("next in turn by weight, %(weight)s of %(weights)s") % {"weight": one.get("weight"), "weights": one.get("weights")}
    ),
    "otherwise": lambda _one: _("no receiver could get it, so it goes to whom the rule names then"),
    "nobody": lambda _one: _("nobody could get it"),
}
PASSED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "inactive": lambda _one: _("no longer works here"),
    "away": lambda one: _("on leave until %(moment)s") % {"moment": _moment(one["until"])},
    "capacity": lambda one: _("at capacity, %(load)s of %(limit)s") % {"load": one["load"], "limit": one["limit"]},
    "language": lambda one: _("does not work in %(languages)s") % {"languages": ", ".join(_language(code) for code in one["languages"])},
    "hours": lambda one: (
        _("does not work until %(moment)s") % {"moment": _moment(one["until"])} if one.get("until") else _("has no working hours")
    ),
    "had": lambda _one: _("had it before"),
}


def _moment(text: str) -> str:
    return format_moment(dt.datetime.fromisoformat(text), current())


def _language(code: str) -> str:
    return str(Locale.parse(locale_of(current().language)).languages.get(code, code))


def sentence(rule: AssignmentRule) -> str:
    """A rule in one sentence: which leads go to whom, and how."""
    leads = in_words(rule.node, current()) if rule.criteria else ""
    goes = _way(rule, named(rule))
    return (
        _("Leads where %(conditions)s → %(goes)s") % {"conditions": leads, "goes": goes}
        if leads
        else _("All leads → %(goes)s") % {"goes": goes}
    )


def _way(rule: AssignmentRule, people: str) -> str:
    if len(rule.rows("receivers")) == 1 and rule.rows("receivers")[0].user_id:
        return people
    phrases = {
        Way.IN_TURN: _("%(people)s in turn"),
        Way.WEIGHTED: _("%(people)s by weight"),
        Way.LEAST_LOADED: _("whoever of %(people)s has the fewest open leads"),
    }
    return phrases[Way(rule.way)] % {"people": people}


def named(rule: AssignmentRule) -> str:
    """The receivers by name, with their weights where these count."""
    found = []
    for one in rule.rows("receivers"):
        name = str(one.user.title) if one.user_id else _("team %(team)s") % {"team": one.team.title}
        found.append(f"{name} × {one.weight}" if rule.way == Way.WEIGHTED and one.weight != 1 else name)
    return ", ".join(found)


def conditions(rule: AssignmentRule) -> Iterable[str]:
    """What else it says, each in a few words."""
    if rule.capacity:
        yield ngettext("at most %(count)s open lead each", "at most %(count)s open leads each", rule.capacity) % {"count": rule.capacity}
    if rule.sticky:
        yield _("known customers stay with their owner")
    if rule.same_language:
        yield _("who speaks the lead’s language first")
    if rule.working_hours:
        yield _("who works now first")
    if rule.imports:
        yield _("imported files too")
    if rule.untouched_hours:
        hours = rule.untouched_hours
        yield ngettext(
            "passed on when untouched for %(count)s working hour", "passed on when untouched for %(count)s working hours", hours
        ) % {"count": hours}
    yield _otherwise(rule)


def _otherwise(rule: AssignmentRule) -> str:
    if rule.otherwise_user is not None:
        return _("else to %(person)s") % {"person": rule.otherwise_user.title}
    if rule.otherwise_team is not None:
        return _("else to team %(team)s, owned by nobody") % {"team": rule.otherwise_team.title}
    if rule.otherwise_pool is not None:
        return _("else into the pool %(pool)s") % {"pool": rule.otherwise_pool.title}
    return _("else to nobody")
