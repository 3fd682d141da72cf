"""What the sample company's people do from day to day: contacts, notes, tasks and tickets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from renmai.demo.staff import service
from renmai.demo.story import Story
from renmai.kernel.records.record import Record

STORIED, LEADS_TOUCHED, ACCOUNT_NOTES, TICKETS = 1100, 700, 350, 300
SOLVED_SHARE = 0.8
HOURS = {"low": 72, "normal": 24, "high": 8, "urgent": 4}


def make_activities(story: Story) -> None:
    """Whole stories for the opportunities of late, and something on leads and accounts."""
    latest = sorted(story.records["opportunities"], key=lambda one: one.path[-1][0])[-story.count(STORIED) * 2 :]
    for opportunity in story.rng.sample(latest, story.count(STORIED)):
        _tell_sale(story, opportunity)
    for lead in story.rng.sample(story.records["leads"], story.count(LEADS_TOUCHED)):
        _tell_lead(story, lead)
    for account in story.rng.choices(story.records["accounts"], k=story.count(ACCOUNT_NOTES)):
        at = story.after(account.created_at, story.days_ago(account.created_at) * story.rng.random())
        known = [person for person in account.people if person.created_at <= at]
        _note(story, at, account.owner, [account], story.rng.choice(known))


def _fill(story: Story, text: str, person: Any, product: Any = None) -> str:
    product = product or story.records["products"][0]
    return text.format(person=person.title, product=product.name)


def _tell_sale(story: Story, opportunity: Any) -> None:
    """A contact or two for each stage it went through, a note, and what is to be done next."""
    about = [opportunity, opportunity.account, opportunity.person]
    for at, stage in opportunity.path:
        _contact(story, at, opportunity.owner, about, stage.position, opportunity.person, opportunity.product)
    if story.rng.random() < 0.6:
        begin, end = opportunity.path[0][0], opportunity.path[-1][0]
        _note(story, begin + (end - begin) * story.rng.random(), opportunity.owner, about, opportunity.person)
    if opportunity.is_open():
        _task(story, story.rng.triangular(-16, 6, 0), opportunity, about)
    elif story.rng.random() < 0.5:
        _task(story, max(0.5, story.days_ago(opportunity.path[-1][0]) + 4), opportunity, about)


def _contact(story: Story, at: dt.datetime, owner: Any, about: list[Record], stage: int, person: Any, product: Any = None) -> None:
    words = story.rng.choice([one for one in story.words.followups if one["stage"] == stage] or story.words.followups)
    happened = min(story.now, at + dt.timedelta(minutes=story.rng.randint(0, 90)))
    story.add(
        "follow-ups",
        happened,
        owner,
        about=about,
        method=words["method"],
        subject=_fill(story, words["subject"], person, product),
        body=_fill(story, words["body"], person, product),
        happened_at=happened,
    )
    story.touch(about, happened)


def _note(story: Story, at: dt.datetime, owner: Any, about: list[Record], person: Any) -> None:
    words = story.rng.choice(story.words.notes)
    story.add("notes", at, owner, about=about, subject=words["subject"], body=_fill(story, words["body"], person))


def _task(story: Story, days_ago: float, opportunity: Any, about: list[Record]) -> None:
    """A task that was due so many days ago, or will be; most past ones are done."""
    owner, due = opportunity.owner, story.at(days_ago)
    words = story.rng.choice(story.words.tasks)
    done = due if due < story.now and (opportunity.is_closed() or story.rng.random() < 0.6) else None
    task = story.add(
        "tasks",
        max(opportunity.path[-1][0], story.at(max(0.2, days_ago + 6))) if done is None else min(due, story.at(days_ago + 6)),
        owner,
        about=about,
        subject=_fill(story, words["subject"], opportunity.person, opportunity.product),
        body=words["body"],
        due_at=due,
        done_at=done,
        priority=story.rng.choice(["normal", "normal", "normal", "high", "low"]),
    )
    if done:
        story.happen(task, "done", done, owner)


def _tell_lead(story: Story, lead: Any) -> None:
    """A first contact, for some a second, and for some of the open ones a plan."""
    for number in range(story.rng.randint(1, 2)):
        at = story.after(lead.created_at, story.days_ago(lead.created_at) * story.rng.random())
        _contact(story, at, lead.owner, [lead], 1 + number, lead)
    if lead.is_open() and story.rng.random() < 0.4:
        words = story.rng.choice([one for one in story.words.followups if one["stage"] == 1])
        due = story.at(story.rng.triangular(-12, 3, 0))
        body = _fill(story, words["subject"], lead)
        story.add("follow-ups", story.at(1), lead.owner, about=[lead], method="call", body=body, due_at=due)


def make_tickets(story: Story) -> None:
    """Questions and trouble of customers; most are solved, mostly in time."""
    people = service(story)
    customers = [account for account in story.records["accounts"] if account.lifecycle == "customer"] or story.records["accounts"]
    for _ in range(story.count(TICKETS)):
        _ticket(story, story.rng.choice(customers), story.rng.choice(people))


def _ticket(story: Story, account: Any, owner: Any) -> None:
    rng = story.rng
    solved = rng.random() < SOLVED_SHARE
    at = story.at(rng.triangular(3, 300, 10) if solved else rng.triangular(0.1, 4, 0.5))
    at = max(at, account.people[0].created_at)
    priority = rng.choices(["low", "normal", "high", "urgent"], weights=[2, 6, 2, 1])[0]
    end = min(story.now, at + dt.timedelta(hours=HOURS[priority] * rng.triangular(0.05, 1.4, 0.4)))
    words: dict[str, Any] = rng.choice(story.words.tickets)
    status = rng.choice(["resolved", "closed", "closed"]) if solved else rng.choice(["new", "open", "open", "waiting"])
    ticket = story.add(
        "tickets",
        at,
        owner,
        **words,
        account=account,
        person=account.people[0],
        priority=priority,
        status=status,
        resolved_at=end if solved else None,
    )
    if solved:
        story.happen(ticket, "resolved", end, owner)
