"""Bringing back a field, a record and what was deleted; deleting for good; forgetting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Forbidden, Missing, Refused
from renmai.kernel.actions.run import run
from renmai.kernel.history.acting import acting
from renmai.kernel.history.model import History
from renmai.kernel.history.past import past
from renmai.kernel.history.purge import blank, empty_bin, purge
from renmai.kernel.history.read import changes_of
from renmai.kernel.history.restore import difference, rewind
from renmai.kernel.overlay.company import change_company
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

ACCOUNTS, QUOTES, PIPELINES, STAGES = registry["accounts"], registry["quotes"], registry["pipelines"], registry["stages"]
By = Callable[[User], Api]


def moment() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


@pytest.fixture
def account(alice: User) -> Any:
    return create(ACCOUNTS, {"name": "Siam Steel", "city": "Bangkok", "industry": "Steel"}, alice)


def test_the_difference_is_what_would_change(account: Any, alice: User) -> None:
    then = moment()
    changed = update(ACCOUNTS, account.pk, {"city": "Taipei", "annual_revenue": "5"}, alice)
    assert difference(ACCOUNTS, changed, then, alice) == {"city": ("Taipei", "Bangkok"), "annual_revenue": ("5.00", None)}


def test_one_field_is_brought_back_and_others_stay(account: Any, alice: User) -> None:
    then = moment()
    changed = update(ACCOUNTS, account.pk, {"city": "Taipei", "industry": "Rope"}, alice)
    back = rewind(ACCOUNTS, changed, then, alice, name="city")
    assert (back.city, back.industry, back.version) == ("Bangkok", "Rope", 3)
    assert changes_of(ACCOUNTS, back, alice)[0].reason.startswith("Brought back to ")  # type: ignore[union-attr]


def test_a_document_is_brought_back_with_its_lines(alice: User) -> None:
    lines = [{"description": "Steel", "quantity": "2", "unit_price": "10"}, {"description": "Rope", "quantity": "1", "unit_price": "3"}]
    quote = create(QUOTES, {"currency": "THB", "lines": lines}, alice)
    then = moment()
    changed = update(QUOTES, quote.pk, {"lines": [{"description": "Iron", "quantity": "1", "unit_price": "1"}]}, alice)
    back = rewind(QUOTES, changed, then, alice)
    assert [row.description for row in back.lines.order_by("position")] == ["Steel", "Rope"]
    assert str(back.total) == "23.00"


def test_bringing_back_can_be_brought_back(account: Any, alice: User) -> None:
    first = moment()
    update(ACCOUNTS, account.pk, {"city": "Taipei"}, alice)
    second = moment()
    back = rewind(ACCOUNTS, ACCOUNTS.model.objects.get(pk=account.pk), first, alice)
    assert rewind(ACCOUNTS, back, second, alice).city == "Taipei"


def test_bob_cannot_bring_back_what_is_alices(account: Any, alice: User, bob: User, api: By) -> None:
    then = moment()
    update(ACCOUNTS, account.pk, {"city": "Taipei"}, alice)
    path = f"accounts/{account.pk}/rewind/"
    assert api(bob).post(path, {"to": then.isoformat()}).status_code == 403
    assert api(alice).post(path, {"to": then.isoformat(), "field": "city"}).json()["item"]["city"] == "Bangkok"
    assert api(alice).post(path, {}).status_code == 422
    assert api(alice).post(path, {"to": then.isoformat(), "field": "nonsense"}).status_code == 422


def test_before_it_was_made_there_is_nothing_to_bring_back(alice: User) -> None:
    then = moment()
    account = create(ACCOUNTS, {"name": "Siam Steel"}, alice)
    with pytest.raises(Missing):
        difference(ACCOUNTS, account, then, alice)


def test_stages_go_with_their_pipeline_and_come_back_with_it(dao: User) -> None:
    pipeline = create(PIPELINES, {"name": "Partners"}, dao)
    kept, gone = (create(STAGES, {"name": name, "pipeline": str(pipeline.pk), "kind": "open", "probability": 5}, dao) for name in "AB")
    remove(STAGES, gone.pk, dao)
    remove(PIPELINES, pipeline.pk, dao)
    assert not STAGES.model.objects.live().filter(pipeline=pipeline).exists()
    run(PIPELINES, "restore", pipeline.pk, by=dao)
    assert list(STAGES.model.objects.live().filter(pipeline=pipeline)) == [kept]


def test_links_that_were_emptied_with_it_are_filled_again(account: Any, alice: User) -> None:
    child, other = (create(ACCOUNTS, {"name": name, "parent": str(account.pk)}, alice) for name in ("Child", "Other"))
    with transaction.atomic(), acting(alice):
        remove(ACCOUNTS, account.pk, alice)
        update(ACCOUNTS, child.pk, {"parent": None}, alice)
        update(ACCOUNTS, other.pk, {"parent": None}, alice)
    update(ACCOUNTS, other.pk, {"parent": str(child.pk)}, alice)
    run(ACCOUNTS, "restore", account.pk, by=alice)
    parents = [ACCOUNTS.model.objects.get(pk=found.pk).parent_id for found in (child, other)]
    assert parents == [account.pk, child.pk]


def test_only_an_admin_deletes_for_good_and_only_from_the_bin(account: Any, alice: User, dao: User, api: By) -> None:
    with pytest.raises(Missing):
        purge(ACCOUNTS, account.pk, dao)
    remove(ACCOUNTS, account.pk, alice)
    with pytest.raises(Forbidden):
        purge(ACCOUNTS, account.pk, alice)
    assert api(dao).client.delete(f"/api/v1/accounts/{account.pk}/?for_good=1").status_code == 204
    assert not ACCOUNTS.model.objects.filter(pk=account.pk).exists()


def test_deleting_for_good_leaves_no_value_and_empties_links(account: Any, alice: User, dao: User) -> None:
    child = create(ACCOUNTS, {"name": "Child", "parent": str(account.pk)}, alice)
    remove(ACCOUNTS, account.pk, alice)
    purge(ACCOUNTS, account.pk, dao)
    assert ACCOUNTS.model.objects.get(pk=child.pk).parent_id is None
    assert set(History.objects.filter(record_id=account.pk).values_list("changes", flat=True)) == {None}
    assert History.objects.filter(record_id=account.pk, operation="D", by_id=dao.pk).exists()


def test_what_others_cannot_be_without_stays(alice: User, dao: User) -> None:
    remove(registry["users"], alice.pk, dao)
    create(ACCOUNTS, {"name": "Siam"}, alice)
    with pytest.raises(Refused):
        purge(registry["users"], alice.pk, dao)


@pytest.mark.parametrize(("days", "left"), [(30, 1), (0, 2), (40, 2)])
def test_the_bin_is_emptied_after_the_days_of_the_company(alice: User, days: int, left: int) -> None:
    change_company(bin_days=days)
    for age in (31, 29):
        account = create(ACCOUNTS, {"name": f"{age} days"}, alice)
        remove(ACCOUNTS, account.pk, alice)
        ACCOUNTS.model.objects.filter(pk=account.pk).update(deleted_at=timezone.now() - dt.timedelta(days=age))
    empty_bin()
    assert ACCOUNTS.model.objects.count() == left


def test_what_is_forgotten_does_not_come_back_with_the_past(account: Any, alice: User) -> None:
    then = moment()
    update(ACCOUNTS, account.pk, {"city": "Taipei", "industry": "Rope"}, alice, reason="He moved")
    blank([account.pk], ["city"])
    with past(then, alice):
        before = ACCOUNTS.model.objects.visible_to(alice).get()
    assert (before.city, before.industry) == ("Taipei", "Steel")
    blank([account.pk])
    newest = changes_of(ACCOUNTS, account, alice)[0]
    assert (newest.changes, newest.reason, newest.by) == ({}, None, alice)
    with past(then, alice):
        assert ACCOUNTS.model.objects.visible_to(alice).get().industry == "Rope"


def test_the_bin_is_searched_narrowed_and_emptied_from_its_page(client: Client, account: Any, alice: User, dao: User) -> None:
    other = create(ACCOUNTS, {"name": "Chao Phraya"}, alice)
    for record in (account, other):
        remove(ACCOUNTS, record.pk, alice)
    client.force_login(dao)
    text = client.get("/recycle-bin/", {"q": "siam", "type": "accounts"}).content.decode()
    assert "Siam Steel" in text and "Chao Phraya" not in text and "Alice" in text
    assert "Siam Steel" not in client.get("/recycle-bin/", {"type": "leads"}).content.decode()
    client.post("/recycle-bin/", {"do": "restore", "item": [f"accounts/{account.pk}"]})
    client.post("/recycle-bin/", {"do": "purge", "item": [f"accounts/{other.pk}", f"accounts/{account.pk}"]})
    assert list(ACCOUNTS.model.objects.values_list("title", "deleted_at")) == [("Siam Steel", None)]


def test_the_bin_shows_only_what_one_may_bring_back(client: Client, account: Any, alice: User, bob: User) -> None:
    remove(ACCOUNTS, account.pk, alice)
    client.force_login(bob)
    assert "Siam Steel" not in client.get("/recycle-bin/").content.decode()
    client.post("/recycle-bin/", {"do": "restore", "item": [f"accounts/{account.pk}"]})
    assert ACCOUNTS.model.objects.get().deleted_at is not None


def test_the_page_shows_the_difference_before_it_brings_back(client: Client, account: Any, alice: User) -> None:
    then = moment().isoformat()
    update(ACCOUNTS, account.pk, {"city": "Taipei"}, alice)
    client.force_login(alice)
    path = f"/accounts/{account.pk}/rewind/"
    text = client.get(path, {"to": then}).content.decode()
    assert "Taipei" in text and "Bangkok" in text
    assert ACCOUNTS.model.objects.get().city == "Taipei"
    assert client.post(path, {"to": then, "field": "city", "version": 2}).status_code == 303
    assert ACCOUNTS.model.objects.get().city == "Bangkok"
    assert "rewind/?to=" in client.get(f"/accounts/{account.pk}/history/").content.decode()
