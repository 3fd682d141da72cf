"""A record opened to somebody, what comes with it, and how it ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.user import Share, Team, User
from renmai.kernel.actions.errors import Forbidden, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.facts.model import Fact
from renmai.kernel.notify.inbox import inbox
from renmai.kernel.notify.making import notify
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

ACCOUNTS, PEOPLE, NOTES, ROLES = (registry[slug] for slug in ("accounts", "people", "notes", "roles"))


@pytest.fixture
def account(alice: User) -> Record:
    """Of Alice."""
    return create(ACCOUNTS, {"name": "Acme"}, alice)


def shared(account: Record, by: User, to: User | Team, **how: Any) -> None:
    """Share it with a person or a team."""
    run(ACCOUNTS, "share", account.pk, by=by, arguments={"with": {"type": registry.of(to).slug, "id": str(to.pk)}, **how})


def seen(person: User, record: Record) -> bool:
    """Whether somebody sees a record now."""
    return bool(type(record).objects.visible_to(again(person)).filter(pk=record.pk).exists())


def test_it_is_closed_as_soon_as_it_is_taken_back(account: Record, alice: User, charlie: User) -> None:
    shared(account, alice, charlie)
    assert seen(charlie, account)
    run(ACCOUNTS, "unshare", account.pk, by=alice, arguments={"with": str(charlie.pk)})
    assert not seen(charlie, account)
    with pytest.raises(Refused):
        run(ACCOUNTS, "unshare", account.pk, by=alice, arguments={"with": str(charlie.pk)})


def test_what_belongs_to_it_comes_along_only_when_ticked(account: Record, alice: User, charlie: User, south: Team) -> None:
    person = create(PEOPLE, {"name": "Somchai", "account": str(account.pk)}, alice)
    shared(account, alice, south)
    assert not seen(charlie, person)
    shared(account, alice, south, relations=True)
    later = create(NOTES, {"body": "Wants a discount", "about": [{"type": "accounts", "id": str(account.pk)}]}, alice)
    assert seen(charlie, person) and seen(charlie, later)
    assert not again(charlie).may("edit", person)


def test_an_ended_share_opens_nothing_that_belongs_to_it_either(account: Record, alice: User, charlie: User) -> None:
    person = create(PEOPLE, {"name": "Somchai", "account": str(account.pk)}, alice)
    shared(account, alice, charlie, relations=True)
    Share.objects.update(until=timezone.now() - dt.timedelta(seconds=1))
    assert not seen(charlie, account) and not seen(charlie, person)


def test_who_was_given_a_record_to_change_does_not_give_it_on(account: Record, alice: User, bob: User, charlie: User) -> None:
    shared(account, alice, charlie, may="edit")
    assert again(charlie).may("edit", account)
    with pytest.raises(Forbidden):
        shared(account, again(charlie), bob)
    assert not again(charlie).may("delete", account)


def test_to_share_again_changes_the_share(account: Record, alice: User, charlie: User) -> None:
    shared(account, alice, charlie)
    shared(account, alice, charlie, may="edit")
    assert [share.may for share in Share.objects.all()] == ["edit"]


def test_a_person_and_a_team_at_once_are_refused(account: Record, alice: User, charlie: User, south: Team) -> None:
    both = {"user": str(charlie.pk), "team": str(south.pk)}
    assert Api(alice).post(f"accounts/{account.pk}/share/", both).status_code == 422


def test_the_bell_tells_who_was_given_something(account: Record, alice: User, charlie: User) -> None:
    shared(account, alice, charlie)
    notify(seq=Fact.objects.latest("seq").seq)
    assert [item.card.text for item in inbox(again(charlie), limit=9)[0]] == ["Alice shared Acme with Charlie"]


def test_the_dialog_shares_and_takes_back(account: Record, alice: User, charlie: User) -> None:
    browser, path = Client(SERVER_NAME="127.0.0.1"), f"/accounts/{account.pk}/sharing/"
    browser.force_login(alice)
    assert "Charlie" not in browser.get(path).content.decode()
    page = browser.post(path, {"user": str(charlie.pk), "may": "view"})
    assert page.status_code == 200 and "Charlie" in page.content.decode()
    assert browser.post(path, {"may": "view"}).status_code == 422
    assert "Charlie" not in browser.post(path, {"back": str(charlie.pk), "party": "user"}).content.decode()
    assert not seen(charlie, account)
