"""One rule for every door: in random companies all that shows, counts, finds, exports or tells agrees with it, row for row."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.tests.world import ACCOUNTS, Person, World, world
from renmai.kernel.access.user import User
from renmai.kernel.access.visible import doors
from renmai.kernel.access.why import why
from renmai.kernel.actions.bulk import matching
from renmai.kernel.actions.errors import Forbidden
from renmai.kernel.approvals.held import waited_for
from renmai.kernel.approvals.mail import link
from renmai.kernel.approvals.panel import waiting_for_me
from renmai.kernel.charts.asks import Asks
from renmai.kernel.charts.drawing import draw
from renmai.kernel.comments.doing import may_see
from renmai.kernel.live.audience import Audience
from renmai.kernel.live.stream import Notice
from renmai.kernel.records.counting import count
from renmai.kernel.records.groups import groups
from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.reading import titles_of
from renmai.kernel.records.related import linking, newest
from renmai.kernel.search.find import find
from renmai.kernel.testing.people import Api, again
from renmai.kernel.transfer.export import Export

pytestmark = pytest.mark.property
SEEDS = range(6)
MOST = 200


@pytest.mark.parametrize("seed", SEEDS)
def test_every_door_agrees_with_the_rule(db: None, seed: int) -> None:
    company, dice = world(seed), random.Random(seed)
    for person in company.people:
        user, seen = again(person.user), company.seen_by(person)
        assert set(ACCOUNTS.model.objects.visible_to(user).values_list("pk", flat=True)) == seen
        rows = ACCOUNTS.model.objects
        through = [key for door in doors(user, ACCOUNTS.model) for key in rows.filter(door.rows).values_list("pk", flat=True)]
        assert sorted(through) == sorted(seen), "a row came through two doors, or through none"
        lists(user, seen)
        numbers(user, seen)
        belonging(company, user, seen)
        elsewhere(company, user, seen)
        exported(company, person, user)
        from_outside(company, user, seen, dice)
        approvals(company, person, user, seen, dice)


def lists(user: User, seen: set[Any]) -> None:
    """Pages of lists, however they are read, and what is found by words."""
    for order in ("-created_at", "created_at", "name"):
        assert walked(Question(ACCOUNTS, user, sorts=sorts(ACCOUNTS, order))) == seen
    assert {record.pk for record in page(Question(ACCOUNTS, user, words="A"), limit=MOST)[0]} == seen
    assert {hit.id for hit in find("A", user, types=["accounts"], limit=MOST)} == seen
    assert set(matching(ACCOUNTS, user, {}, "", deleted=False)) == seen


def walked(asked: Question) -> set[Any]:
    """Ids of all rows, page by page; none comes twice."""
    rows, after = page(asked, limit=7)
    while after:
        more, after = page(asked, limit=7, after=after)
        rows += more
    keys = [record.pk for record in rows]
    assert len(keys) == len(set(keys))
    return set(keys)


def numbers(user: User, seen: set[Any]) -> None:
    """Counts, groups and charts."""
    asked = Question(ACCOUNTS, user)
    assert count(asked) == (len(seen), False)
    assert sum(group["count"] for group in groups(asked, "country")) == len(seen)
    if user.may("view", ACCOUNTS):
        assert sum(part.value for part in draw(Asks("accounts", "country"), user).slices) == len(seen)


def belonging(company: World, user: User, seen: set[Any]) -> None:
    """The panels of what belongs to a record, and the graph around it."""
    if not user.may("view", ACCOUNTS):
        return
    parents = list({account.parent_id: account.parent for account in company.accounts if account.parent_id in seen}.values())
    for parent in parents[:2]:
        below = {account.pk for account in company.accounts if account.parent_id == parent.pk} & seen
        shown = newest(ACCOUNTS, parent, user, MOST)
        assert {record.pk for relation, records in shown.items() if relation.kind is ACCOUNTS for record in records} == below
    around = linking([(ACCOUNTS, parent) for parent in parents], user, MOST)
    assert {key for relation, key, _title, _to in around if relation.kind is ACCOUNTS} == {
        account.pk for account in company.accounts if account.parent_id in seen and account.pk in seen
    }


def elsewhere(company: World, user: User, seen: set[Any]) -> None:
    """Titles of links, who may be mentioned, live notices, and the answer to why."""
    everything = {account.pk for account in company.accounts}
    assert set(titles_of({"accounts": everything}, user).get("accounts", {})) == seen
    news = [Notice("accounts", str(key), 1, "account.updated") for key in everything]
    assert {notice.id for notice in Audience().heard(news, [user.pk]).get(user.pk, [])} == {str(key) for key in seen}
    for account in company.accounts[:2]:
        assert bool(may_see(ACCOUNTS, account, [user])) == (account.pk in seen)
        answer = why(account, user)
        assert answer.sees == bool(answer.open) == (account.pk in seen)
        assert bool(answer.would_open) == (account.pk not in seen)


def exported(company: World, person: Person, user: User) -> None:
    """A file holds what the roles let the person export; nothing that was only shared is taken along."""
    try:
        export = Export.of(Question(ACCOUNTS, user), ["name"], for_people=False)
    except Forbidden:
        assert company.granted(person) == set()
        return
    assert {str(key) for keys, *_columns in export.pages() for key in keys} == {str(key) for key in company.granted(person)}


def from_outside(company: World, user: User, seen: set[Any], dice: random.Random) -> None:
    """What a program is answered, and what a field that links to an account offers in a browser."""
    program, keys = Api(user), {str(key) for key in seen}
    for when in ({}, {"as_of": timezone.now().isoformat()}):
        assert {item["id"] for item in program.get("accounts/", limit=str(MOST), **when).json()["items"]} == keys
    assert sum(group["count"] for group in program.get("accounts/groups/", by="country").json()["items"]) == len(seen)
    account = dice.choice(company.accounts)
    found = {program.get(f"accounts/{account.pk}/{part}").status_code for part in ("", "timeline/", "history/", "access/")}
    assert found == {200 if account.pk in seen else 404}
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(user)
    offered = browser.get("/accounts/pick/")
    if user.may("view", ACCOUNTS):
        newest_first = sorted((one for one in company.accounts if one.pk in seen), key=lambda one: (one.created_at, one.pk), reverse=True)
        assert [item["id"] for item in offered.json()["items"]] == [str(one.pk) for one in newest_first[:10]]
    else:
        assert offered.status_code in {403, 404}


def approvals(company: World, person: Person, user: User, seen: set[Any], dice: random.Random) -> None:
    """The inbox, the panel of the first page, the page of a record that waits, a program that answers, and the link of a letter."""
    open_to, program = company.approvals_seen_by(person), Api(user)
    assert {item["id"] for item in program.get("approvals/", limit=str(MOST)).json()["items"]} == {str(key) for key in open_to}
    mine = {one.pk for one in company.approvals if user.pk in one.waiting_for}
    panel = waiting_for_me(user)
    assert {line.id for line in (panel["lines"] if panel else [])} == {str(key) for key in mine & open_to}
    for one in dice.sample(company.approvals, 3):
        account = next(account for account in company.accounts if account.pk == one.target_id)
        found = waited_for(account, user)
        assert (found and found.pk) == (one.pk if one.pk in open_to else None)
        assert program.get(f"approvals/{one.pk}/").status_code == (200 if one.pk in open_to else 404)
        answered = program.post(f"approvals/{one.pk}/approve/").status_code
        assert answered == (403 if one.pk in open_to else 404), "seeing is not answering"
        if one.pk in mine:
            letter = Client(SERVER_NAME="127.0.0.1").get(link(one, user)).content.decode()
            assert ('<div class="fact">' in letter) == (account.pk in seen)
