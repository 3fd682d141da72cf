"""Leads that come in without an owner are given by rule, in the transaction that makes them; those of an imported file by a job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from renmai.kernel.facts import Fact, listens
from renmai.kernel.facts.say import listens_where
from renmai.kernel.facts.timeline import explains
from renmai.kernel.history.acting import change_set_of_now
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import step
from renmai.kernel.overlay import version
from renmai.kernel.records.types import registry
from renmai.sales.assignment import untouched
from renmai.sales.assignment.actions import assign_by_rule
from renmai.sales.assignment.desk import assign, hold, is_nobodys
from renmai.sales.assignment.model import Turn
from renmai.sales.assignment.rules import in_force
from renmai.sales.assignment.words import why
from renmai.sales.lead.model import Lead
from renmai.sales.scoring import listeners as scoring

__all__ = ["scoring", "untouched"]

AT_ONCE = 200  # so that whoever makes a lead meanwhile waits for no more than these

registry.contribute("leads", assign_by_rule)


@listens_where(lambda kind: kind == "lead.created")  # after those who score it, which rules may look at
def give(facts: list[Fact]) -> None:
    """At once, so that the answer tells who has it and nothing is ever given twice."""
    if not (rules := in_force()):
        return
    leads = [lead for fact in facts if is_nobodys(lead := fact.subjects[0])]  # type: ignore[attr-defined]
    if change_set_of_now() is None:
        assign(leads, rules)
    elif leads and any(rule.imports for rule in rules):
        later("assign-leads", by=None, total=len(leads), keys=[str(lead.pk) for lead in leads])


@work("assign-leads")
def give_imported(job: Job, keys: Sequence[str]) -> None:
    """Some at a time; those that have an owner by now are left alone, so that it may be run again."""
    for start in range(0, len(keys), AT_ONCE):
        with transaction.atomic():
            give_some(keys[start : start + AT_ONCE])
        step(job, min(start + AT_ONCE, len(keys)))


def give_some(keys: Sequence[Any]) -> None:
    """Give those of some imported leads that are still nobody's, by the rules that are for files, too."""
    hold()
    rows = Lead.objects.live().filter(pk__in=keys, owner=None).select_for_update(of=("self",)).order_by("created_at", "pk")
    assign([lead for lead in rows if is_nobodys(lead)], [rule for rule in in_force() if rule.imports], tell=False)


@explains("lead.assigned", "lead.unassigned")
def explain(data: dict[str, Any]) -> str:
    """Why somebody has it, where a rule gave it."""
    return why(data) if data.get("why") else ""


@listens("assignment-rule.created", "assignment-rule.updated", "assignment-rule.deleted", "assignment-rule.restored")
def follow_rules(facts: list[Fact]) -> None:
    """This process knows the rule at once; others, or with other shares, begin with the first turn again."""
    version.refresh()
    anew = [fact.subjects[0].pk for fact in facts if {"receivers", "way"} & set(fact.data.get("fields", []))]  # type: ignore[attr-defined]
    Turn.objects.filter(rule__in=anew).delete()
