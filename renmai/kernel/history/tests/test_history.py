"""Every change, whoever makes it and however, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.run import run
from renmai.kernel.history.acting import act_as
from renmai.kernel.history.read import changes_of
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again

ACCOUNTS, QUOTES, PEOPLE, NOTES = registry["accounts"], registry["quotes"], registry["people"], registry["notes"]
By = Callable[[User], Api]


def by_hand(statement: str, *values: Any) -> None:
    """A statement that somebody types at the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renmai.by', '', true), set_config('renmai.reason', '', true)")
        cursor.execute(statement, values)


@pytest.fixture
def account(alice: User) -> Any:
    return create(ACCOUNTS, {"name": "Siam Steel", "city": "Bangkok"}, alice)


def test_a_statement_typed_by_hand_is_told_as_the_databases(account: Any, alice: User) -> None:
    by_hand("UPDATE directory_account SET city = 'Taipei' WHERE id = %s", account.pk)
    newest = changes_of(ACCOUNTS, account, alice)[0]
    assert (newest.actor, newest.by, newest.changes) == ("database", None, {"city": ["Bangkok", "Taipei"]})


def test_what_renmai_does_itself_is_told_as_its_own(alice: User) -> None:
    made = create(ACCOUNTS, {"name": "Siam Steel", "owner": alice}, None)
    assert changes_of(ACCOUNTS, made, alice)[0].actor == "renmai"


def test_a_reason_goes_with_a_change_from_the_api(account: Any, alice: User, api: By) -> None:
    program = api(alice)
    assert program.patch(f"accounts/{account.pk}/", {"city": "Taipei", "reason": "They moved"}).status_code == 200
    assert program.get(f"accounts/{account.pk}/history/").json()["items"][0]["reason"] == "They moved"


def test_the_reason_for_deleting_is_kept(account: Any, alice: User, dao: User) -> None:
    Api(alice).client.delete(f"/api/v1/accounts/{account.pk}/", '{"reason": "Closed"}', content_type="application/json")
    newest = changes_of(ACCOUNTS, account, dao)[0]
    assert (newest.verb, newest.reason) == ("deleted", "Closed")


def test_one_verb_is_one_change_however_many_rows_it_touches(alice: User, api: By) -> None:
    quote = create(QUOTES, {"currency": "THB", "lines": [{"description": "Steel", "quantity": "2", "unit_price": "10"}]}, alice)
    line = quote.rows("lines")[0]
    lines = [{"id": str(line.pk), "quantity": "3"}, {"description": "Delivery", "quantity": "1", "unit_price": "5"}]
    update(QUOTES, quote.pk, {"lines": lines}, alice)
    newest, first = api(alice).get(f"quotes/{quote.pk}/history/").json()["items"]
    assert first["verb"] == "created"
    before, after = newest["changes"]["lines"]
    assert [row["quantity"] for row in before] == ["2"]
    assert [(row["quantity"], row.get("description")) for row in after] == [("3", None), ("1", "Delivery")]
    assert newest["changes"]["total"] == ["20.00", "35.00"]


def test_a_row_that_is_taken_away_is_told_whole(alice: User, api: By) -> None:
    quote = create(QUOTES, {"currency": "THB", "lines": [{"description": "Steel", "quantity": "2", "unit_price": "10"}]}, alice)
    update(QUOTES, quote.pk, {"lines": []}, alice)
    before, after = api(alice).get(f"quotes/{quote.pk}/history/").json()["items"][0]["changes"]["lines"]
    assert (before[0]["description"], before[0]["unit_price"], after) == ("Steel", "10", [])


def test_sharing_stands_in_the_history(account: Any, alice: User, charlie: User, api: By) -> None:
    run(ACCOUNTS, "share", account.pk, by=alice, arguments={"with": {"type": "users", "id": str(charlie.pk)}})
    before, after = api(alice).get(f"accounts/{account.pk}/history/").json()["items"][0]["changes"]["shares"]
    assert (before, after[0]["may"]) == ([], "view")


def test_what_a_note_is_about_stands_in_its_history(account: Any, alice: User, api: By) -> None:
    other = create(ACCOUNTS, {"name": "Chao Phraya"}, alice)
    about = {"type": "accounts", "id": str(account.pk)}
    note = create(NOTES, {"body": "Called", "about": [about]}, alice)
    update(NOTES, note.pk, {"about": [about, {"type": "accounts", "id": str(other.pk)}]}, alice)
    before, after = api(alice).get(f"notes/{note.pk}/history/").json()["items"][0]["changes"]["about"]
    assert (before, [link["title"] for link in after]) == ([], ["Chao Phraya"])


def test_own_fields_are_told_one_by_one(account: Any, alice: User) -> None:
    by_hand('UPDATE directory_account SET custom = \'{"budget": 5, "size": "L", "same": 1}\' WHERE id = %s', account.pk)
    act_as(alice)
    ACCOUNTS.model.objects.filter(pk=account.pk).update(custom={"budget": 7, "same": 1})
    assert changes_of(ACCOUNTS, account, alice)[0].changes == {"custom.budget": [5, 7], "custom.size": ["L", None]}


def test_the_history_of_people_teams_and_roles_is_kept_too(alice: User, dao: User, api: By) -> None:
    role = Role.objects.get(name="rep")
    update(registry["users"], alice.pk, {"roles": [str(role.pk), str(Role.objects.get(name="manager").pk)]}, dao)
    newest = api(dao).get(f"users/{alice.pk}/history/").json()["items"][0]
    assert [[link["title"] for link in side] for side in newest["changes"]["roles"]] == [["rep"], ["rep", "manager"]]


def test_a_hidden_field_stays_hidden(account: Any, alice: User, api: By) -> None:
    update(ACCOUNTS, account.pk, {"city": "Taipei", "phone": "021234567"}, alice)
    Role.objects.filter(name="rep").update(fields={"accounts": {"city": "hidden"}})
    newest = api(again(alice)).get(f"accounts/{account.pk}/history/").json()["items"][0]
    assert set(newest["changes"]) >= {"phone"}
    assert "Taipei" not in str(newest)


def test_the_history_is_narrowed_to_a_field_and_to_a_person(account: Any, alice: User, dao: User, api: By) -> None:
    update(ACCOUNTS, account.pk, {"city": "Taipei"}, alice)
    update(ACCOUNTS, account.pk, {"industry": "Steel"}, dao)
    path, program = f"accounts/{account.pk}/history/", api(dao)
    assert [set(item["changes"]) for item in program.get(path, field="city").json()["items"]] == [{"city"}]
    assert [item["by"]["title"] for item in program.get(path, by=str(dao.pk)).json()["items"]] == ["Dao"]
    assert program.get(path, by="nonsense").status_code == 422


def test_the_page_tells_values_in_the_readers_words(client: Client, account: Any, alice: User, dao: User) -> None:
    parent = create(ACCOUNTS, {"name": "Siam Group"}, alice)
    update(ACCOUNTS, account.pk, {"parent": str(parent.pk), "country": "TH", "annual_revenue": "1200.5", "currency": "THB"}, alice)
    update(registry["users"], dao.pk, {"language": "th", "era": "be"}, dao)
    client.force_login(dao)
    text = client.get(f"/accounts/{account.pk}/history/").content.decode()
    assert "Siam Group" in text and "ไทย" in text and "1,200.50" in text and "2569" in text


def test_a_page_of_history_asks_no_more_queries_for_more_changes(
    client: Client, account: Any, alice: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(alice)
    parents = [create(ACCOUNTS, {"name": f"Group {number}"}, alice) for number in range(8)]
    for parent in parents:
        update(ACCOUNTS, account.pk, {"parent": str(parent.pk)}, alice)
    client.get(f"/accounts/{account.pk}/history/")
    with django_assert_max_num_queries(14):
        client.get(f"/accounts/{account.pk}/history/")


def test_the_history_of_what_is_in_the_bin_is_open_to_who_may_delete(client: Client, account: Any, alice: User, bob: User) -> None:
    remove(ACCOUNTS, account.pk, alice)
    answers = []
    for user in (alice, bob):
        client.force_login(user)
        answers.append(client.get(f"/accounts/{account.pk}/history/").status_code)
    assert answers == [200, 404]
