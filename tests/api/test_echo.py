"""A program may send back what it read: nothing changes by that, whatever it may see of it."""

from __future__ import annotations

from typing import Any

import pytest

from renmai.kernel.access.user import Role, User
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

ACCOUNTS, PEOPLE, OPPORTUNITIES, TASKS = (registry[slug] for slug in ("accounts", "people", "opportunities", "tasks"))


def give(user: User, **fields: Any) -> None:
    """Let the user do everything, save what ``fields`` keeps from them."""
    role = create(registry["roles"], {"name": "narrow", "rights": {"*": {"*": "own"}}, "fields": fields}, None)
    update(registry["users"], user.pk, {"roles": [str(role.pk)]}, None)
    user.refresh_from_db()
    user.__dict__.pop("access", None)


@pytest.mark.parametrize("slug", ["accounts", "people", "leads", "opportunities", "products", "quotes", "tasks", "tickets", "campaigns"])
def test_a_record_sent_back_as_it_was_read_stays_as_it_is(dao: User, slug: str) -> None:
    program = Api(dao)
    made = program.post(f"{slug}/", {"subject" if slug in {"tasks", "tickets"} else "name": "Acme"} if slug != "quotes" else {}).json()
    answer = program.patch(f"{slug}/{made['id']}/", made)
    assert (answer.status_code, answer.json()) == (200, made)


@pytest.mark.parametrize("name", ["id", "type", "title", "created_at", "created_by"])
def test_what_cannot_be_written_is_refused_by_name(dao: User, name: str) -> None:
    program = Api(dao)
    made = program.post("accounts/", {"name": "Acme"}).json()
    refusal = program.patch(f"accounts/{made['id']}/", {name: "other"})
    assert (refusal.status_code, [error["field"] for error in refusal.json()["errors"]]) == (422, [name])


def test_a_link_that_is_hidden_stays(alice: User, charlie: User) -> None:
    secret = create(ACCOUNTS, {"name": "Secret"}, charlie)
    deal = create(OPPORTUNITIES, {"name": "Fleet", "account": secret, "owner": alice}, None)
    program = Api(alice)
    read = program.get(f"opportunities/{deal.pk}/").json()
    assert read["account"] == {"id": None, "type": "accounts", "title": None, "hidden": True}
    assert program.patch(f"opportunities/{deal.pk}/", {**read, "name": "Fleet 2"}).status_code == 200
    deal.refresh_from_db()
    assert (deal.name, deal.account_id) == ("Fleet 2", secret.pk)  # type: ignore[attr-defined]


def test_a_hidden_link_in_a_row_and_in_what_a_task_is_about_stays(alice: User, charlie: User) -> None:
    secret = create(ACCOUNTS, {"name": "Secret"}, charlie)
    ann = create(PEOPLE, {"name": "Ann", "affiliations": [{"account": secret}], "owner": alice}, None)
    task = create(TASKS, {"subject": "Call", "about": [secret_ref(secret)], "owner": alice}, None)
    program = Api(alice)
    for path in (f"people/{ann.pk}/", f"tasks/{task.pk}/"):
        read = program.get(path).json()
        assert program.patch(path, read).status_code == 200
    dao = Api(create_admin())
    assert dao.get(f"people/{ann.pk}/").json()["affiliations"][0]["account"]["id"] == str(secret.pk)
    assert [about["id"] for about in dao.get(f"tasks/{task.pk}/").json()["about"]] == [str(secret.pk)]


def secret_ref(record: Any) -> dict[str, str]:
    return {"type": "accounts", "id": str(record.pk)}


def create_admin() -> User:
    roles = [str(Role.objects.get(name="admin").pk)]
    return create(registry["users"], {"name": "Root", "email": "root@example.com", "roles": roles}, None)  # type: ignore[return-value]


def test_an_object_without_id_is_no_link(dao: User) -> None:
    assert Api(dao).post("people/", {"name": "Ann", "account": {}}).status_code == 422


def test_a_conflict_tells_nothing_of_hidden_fields_and_links(alice: User, charlie: User) -> None:
    secret = create(ACCOUNTS, {"name": "Secret"}, charlie)
    deal = create(OPPORTUNITIES, {"name": "Fleet", "amount": "5", "account": secret, "owner": alice}, None)
    give(alice, opportunities={"amount": "hidden"})
    refusal = Api(alice).patch(f"opportunities/{deal.pk}/", {"amount": "1", "account": None, "name": "x", "version": 0})
    assert refusal.status_code == 412
    assert refusal.json()["theirs"] == {"account": {"id": None, "type": "accounts", "title": None, "hidden": True}, "name": "Fleet"}


def test_history_and_conflicts_read_like_the_record(dao: User) -> None:
    program = Api(dao)
    account = program.post("accounts/", {"name": "Acme"}).json()
    deal = program.post("opportunities/", {"name": "Fleet", "amount": "1200.5", "currency": "USD"}).json()
    path = f"opportunities/{deal['id']}/"
    link = {"id": account["id"], "type": "accounts", "title": "Acme"}
    program.patch(path, {"amount": "7", "account": account["id"]})
    assert program.get(f"{path}history/").json()["items"][0]["changes"] == {"amount": ["1200.50", "7.00"], "account": [None, link]}
    refusal = program.patch(path, {"amount": "8", "account": None, "version": 1}).json()
    assert refusal["original"] == {"amount": "1200.50", "account": None}
    assert refusal["theirs"] == {"amount": "7.00", "account": link}


def test_history_does_not_tell_the_id_of_what_may_not_be_seen(alice: User, charlie: User) -> None:
    secret = create(ACCOUNTS, {"name": "Secret"}, charlie)
    deal = create(OPPORTUNITIES, {"name": "Fleet", "owner": alice}, None)
    update(OPPORTUNITIES, deal.pk, {"account": secret}, None)
    told = Api(alice).get(f"opportunities/{deal.pk}/history/").content.decode()
    assert str(secret.pk) not in told and '"hidden": true' in told


@pytest.mark.parametrize("amount, status", [("5", 409), ("60.00", 201), (None, 201)])
def test_lines_and_another_amount_contradict_each_other(dao: User, amount: str | None, status: int) -> None:
    values = {"name": "Fleet", "currency": "USD", "amount": amount, "lines": [{"quantity": "3", "unit_price": "20"}]}
    assert Api(dao).post("opportunities/", values).status_code == status


def test_groups_and_timelines_do_not_tell_what_a_hidden_link_leads_to(alice: User, dao: User, charlie: User) -> None:
    secrets = [create(ACCOUNTS, {"name": f"Secret {number}"}, charlie) for number in (1, 2)]
    for secret in secrets:
        create(OPPORTUNITIES, {"name": "Fleet", "amount": "5", "currency": "USD", "account": secret, "owner": alice}, None)
    groups = Api(alice).get("opportunities/groups/", by="account", sum="amount").json()["items"]
    sums = [{"currency": "USD", "sum": "10.00"}]
    assert groups == [{"key": None, "label": "Hidden", "count": 2, "sums": sums, "base_sum": "10.00"}]
    lead = create(registry["leads"], {"name": "Ann", "owner": alice}, None)
    assert Api(dao).post(f"leads/{lead.pk}/convert/", {"account": str(secrets[0].pk)}).status_code == 200
    told = Api(alice).get(f"leads/{lead.pk}/timeline/").json()["items"][0]
    assert told["data"]["account"] == {"id": None, "type": "accounts", "title": None, "hidden": True}
