"""Lists of a record, and what it is about, as rows of its form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry

ACCOUNTS, PEOPLE, TASKS = registry["accounts"], registry["people"], registry["tasks"]


@pytest.fixture
def page(client: Client, alice: User) -> Client:
    """Alice's browser."""
    client.force_login(alice)
    return client


@pytest.fixture
def person(alice: User) -> Any:
    emails = [{"value": "a@x.example", "kind": "work"}, {"value": "b@x.example", "kind": "home"}]
    return create(PEOPLE, {"name": "Mina Suwan", "emails": emails, "country": "TH"}, alice)


def rows(name: str, *entries: dict[str, str], primary: int = 1) -> dict[str, str]:
    """Entries as a form sends them."""
    sent = {f"{name}.shown": "1", f"{name}.primary": str(primary)}
    for number, entry in enumerate(entries, start=1):
        sent |= {f"{name}.{number}.key": str(number), **{f"{name}.{number}.{part}": text for part, text in entry.items()}}
    return sent


def form(person: Any, **more: str) -> dict[str, str]:
    """What stands in the form of a person and is sent with every save."""
    same = {name: getattr(person, name) for name in ("name", "email", "phone", "country", "city")}
    return {**same, "version": str(person.version), **more}


A, B = {"value": "a@x.example", "kind": "Work"}, {"value": "b@x.example", "kind": "Home"}


def test_a_new_record_brings_its_entries(page: Client) -> None:
    phone = {"value": "081 234 5678", "kind": "Mobile"}
    place = {"kind": "billing", "lines": "1 Silom Road\r\nFloor 3", "city": "Bangkok", "country": "TH"}
    page.post("/people/new/", {"name": "Mina", "country": "TH", **rows("phones", phone), **rows("addresses", place)})
    made = PEOPLE.model.objects.get()
    assert made.phones == [{"value": "+66812345678", "kind": "mobile", "primary": True}]
    assert made.phone == "+66812345678"
    assert (made.addresses[0]["kind"], made.addresses[0]["lines"], made.city) == ("billing", "1 Silom Road\nFloor 3", "Bangkok")


def test_another_entry_becomes_the_primary_one(page: Client, person: Any) -> None:
    page.post(f"/people/{person.pk}/edit/", form(person, **rows("emails", A, B, primary=2)))
    person.refresh_from_db()
    assert person.email == "b@x.example"
    assert [entry["primary"] for entry in person.emails] == [False, True]


def test_a_row_that_was_removed_is_gone_and_an_empty_one_is_left_out(page: Client, person: Any) -> None:
    page.post(f"/people/{person.pk}/edit/", form(person, **rows("emails", A, {"value": "", "kind": "Work"}, primary=2)))
    person.refresh_from_db()
    assert [(entry["value"], entry["primary"]) for entry in person.emails] == [("a@x.example", True)]


def test_what_is_wrong_is_said_beside_its_row_and_nothing_typed_is_lost(page: Client, person: Any) -> None:
    answer = page.post(f"/people/{person.pk}/edit/", form(person, **rows("emails", A, {"value": "nobody", "kind": "Club"})))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="emails-2-value-problem">This is not an e-mail address.' in text
    assert 'id="emails-1-value-problem"' not in text
    assert 'value="nobody"' in text and 'value="Club"' in text


def test_rows_that_were_left_alone_do_not_rule_the_single_field(page: Client, person: Any) -> None:
    page.post(f"/people/{person.pk}/edit/", form(person, email="new@x.example", **rows("emails", A, B)))
    person.refresh_from_db()
    assert person.email == "new@x.example"
    assert [entry["value"] for entry in person.emails] == ["new@x.example", "b@x.example"]


def test_an_account_chosen_in_its_field_is_not_undone_by_the_affiliations_below(page: Client, alice: User) -> None:
    old, new = (create(ACCOUNTS, {"name": name}, alice) for name in ("Old Ltd", "New Ltd"))
    person = create(PEOPLE, {"name": "Mina", "account": str(old.pk)}, alice)
    row = person.affiliations.get()
    place = {f"affiliations.{row.pk}.key": str(row.pk), f"affiliations.{row.pk}.account": str(old.pk)}
    sent = form(person, account=str(new.pk), **place, **{"affiliations.shown": "1", "affiliations.primary": str(row.pk)})
    page.post(f"/people/{person.pk}/edit/", sent)
    person.refresh_from_db()
    assert person.account == new


def test_entries_that_both_changed_are_shown_side_by_side(page: Client, person: Any, dao: User) -> None:
    update(PEOPLE, person.pk, {"emails": [{"value": "theirs@x.example"}]}, dao)
    answer = page.post(f"/people/{person.pk}/edit/", form(person, **rows("emails", A, {"value": "mine@x.example", "kind": "Work"})))
    text = answer.content.decode()
    assert answer.status_code == 412
    assert "<dt>Theirs</dt><dd>theirs@x.example · Work · Primary</dd>" in text
    assert 'value="mine@x.example"' in text


def test_a_row_is_added_where_it_was_asked_for(page: Client) -> None:
    text = page.post("/people/rows/", {"name": "Mina", "add": "phones", **rows("emails", A)}).content.decode()
    assert 'name="phones.1.value"' in text
    assert 'name="emails.2.value"' not in text


def test_what_an_activity_is_about_is_chosen_in_its_form(page: Client, alice: User) -> None:
    first, second = (create(ACCOUNTS, {"name": name}, alice) for name in ("First Ltd", "Second Ltd"))
    begun = page.get(f"/tasks/new/?about=accounts/{first.pk}").content.decode()
    assert f'value="accounts/{first.pk}"' in begun and 'value="First Ltd"' in begun
    about = rows("about", {"record": f"accounts/{second.pk}"}, {"record": f"accounts/{first.pk}"})
    page.post("/tasks/new/", {"subject": "Call", **about})
    (task,) = as_json(TASKS, list(TASKS.model.objects.all()), alice, ["about"])
    assert [link["title"] for link in task["about"]] == ["Second Ltd", "First Ltd"]


def test_what_may_not_be_seen_stays_among_what_it_is_about(page: Client, alice: User, charlie: User) -> None:
    hidden, seen = create(ACCOUNTS, {"name": "Hidden Ltd"}, charlie), create(ACCOUNTS, {"name": "Seen Ltd"}, alice)
    task = create(TASKS, {"subject": "Call", "about": [{"type": "accounts", "id": str(hidden.pk)}], "owner": str(alice.pk)}, None)
    shown = page.get(f"/tasks/{task.pk}/edit/").content.decode()
    assert 'name="about.1.record" value="accounts/"' in shown and "Hidden Ltd" not in shown
    about = rows("about", {"record": "accounts/"}, {"record": f"accounts/{seen.pk}"})
    page.post(f"/tasks/{task.pk}/edit/", {"subject": "Call", "version": "1", **about})
    (read,) = as_json(TASKS, [task], None, ["about"])
    assert {link["title"] for link in read["about"]} == {"Hidden Ltd", "Seen Ltd"}


def test_a_record_of_any_type_is_found_for_a_row(page: Client, alice: User, charlie: User) -> None:
    ours = create(ACCOUNTS, {"name": "Lantern Ltd"}, alice)
    create(ACCOUNTS, {"name": "Lantern Foreign"}, charlie)
    items = page.get("/pick/?q=lantern").json()["items"]
    assert [(item["id"], item["title"], item["subtitle"].partition(" ")[0]) for item in items] == [
        (f"accounts/{ours.pk}", "Lantern Ltd", "account")
    ]
