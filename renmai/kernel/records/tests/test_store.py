"""Creating, changing and deleting: what every noun's record goes through."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Conflict, Forbidden, Invalid, Missing, Refused
from renmai.kernel.facts import Fact
from renmai.kernel.history.model import BOOKKEEPING, ExternalId, History
from renmai.kernel.records.change_many import Change, change_many
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

ACCOUNTS, PEOPLE = registry["accounts"], registry["people"]


def test_a_new_record_belongs_to_its_maker_and_their_team(alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Acme"}, alice)
    assert (account.owner, account.team) == (alice, alice.team)


def test_the_team_follows_a_new_owner(alice: User, charlie: User, dao: User) -> None:
    account = create(ACCOUNTS, {"name": "Acme"}, alice)
    assert update(ACCOUNTS, account.pk, {"owner": charlie}, dao).team == charlie.team


def test_every_bad_field_is_named_at_once(alice: User) -> None:
    with pytest.raises(Invalid) as refusal:
        create(ACCOUNTS, {"email": "nobody", "employees": "many", "country": "Siam", "nonsense": 1}, alice)
    assert set(refusal.value.errors) == {"name", "email", "employees", "country", "nonsense"}


@pytest.mark.parametrize("bad", [None, "", "   ", 7, [], {}, "a\x00b", "\ud800", "x" * 10_001])
def test_a_name_is_one_line_of_text(alice: User, bad: object) -> None:
    with pytest.raises(Invalid) as refusal:
        create(ACCOUNTS, {"name": bad}, alice)
    assert set(refusal.value.errors) == {"name"}


def test_what_a_colleague_owns_may_be_seen_but_not_changed(alice: User, bob: User) -> None:
    account = create(ACCOUNTS, {"name": "Acme"}, alice)
    with pytest.raises(Forbidden):
        update(ACCOUNTS, account.pk, {"name": "Bob's"}, bob)


def test_what_may_not_be_seen_does_not_exist(alice: User, charlie: User) -> None:
    account = create(ACCOUNTS, {"name": "Acme"}, alice)
    with pytest.raises(Missing):
        update(ACCOUNTS, account.pk, {"name": "Charlie's"}, charlie)


def test_a_stale_version_shows_mine_theirs_and_the_original(alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Acme", "city": "Bangkok"}, alice)
    update(ACCOUNTS, account.pk, {"city": "Taipei"}, alice, version=1)
    with pytest.raises(Conflict) as refusal:
        update(ACCOUNTS, account.pk, {"city": "Shanghai"}, alice, version=1)
    details = refusal.value.details
    assert (details["mine"], details["theirs"], details["original"]) == ({"city": "Shanghai"}, {"city": "Taipei"}, {"city": "Bangkok"})


def test_saving_the_same_values_changes_nothing(alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Acme"}, alice)
    assert update(ACCOUNTS, account.pk, {"name": "Acme"}, alice).version == 1
    assert not Fact.objects.filter(kind="account.updated").exists()


def test_history_holds_only_what_changed_and_who_did_it(alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Acme", "city": "Bangkok"}, alice)
    update(ACCOUNTS, account.pk, {"city": "Taipei"}, alice, reason="moved")
    change = History.objects.filter(record_id=account.pk, operation="U").get()
    assert change.changes is not None
    assert {name for name in change.changes if name not in BOOKKEEPING} == {"city"}
    assert (change.changes["city"], change.by_id, change.reason, change.version) == (["Bangkok", "Taipei"], alice.pk, "moved", 2)


def test_history_sees_a_change_made_in_bulk(alice: User) -> None:
    account = create(ACCOUNTS, {"name": "Acme"}, alice)
    ACCOUNTS.model.objects.filter(pk=account.pk).update(city="Taipei")
    assert History.objects.get(record_id=account.pk, operation="U").changes == {"city": ["", "Taipei"]}


def test_an_id_elsewhere_names_one_record_only(alice: User) -> None:
    create(ACCOUNTS, {"name": "Acme", "external_ids": {"zoho": "7"}}, alice)
    with pytest.raises(Refused):
        create(ACCOUNTS, {"name": "Other", "external_ids": {"zoho": "7"}}, alice)
    assert ExternalId.objects.filter(source="zoho", value="7").count() == 1
    create(PEOPLE, {"name": "Ann", "external_ids": {"zoho": "7"}}, alice)


def test_a_deleted_record_is_found_only_in_the_bin_and_comes_back(alice: User, api: Callable[[User], Api]) -> None:
    account = create(ACCOUNTS, {"name": "Acme"}, alice)
    remove(ACCOUNTS, account.pk, alice)
    program = api(alice)
    assert program.get(f"accounts/{account.pk}/").status_code == 404
    assert [item["id"] for item in program.get("accounts/", deleted=1).json()["items"]] == [str(account.pk)]
    assert program.post(f"accounts/{account.pk}/restore/").status_code == 200
    assert program.get(f"accounts/{account.pk}/").status_code == 200


def test_nothing_is_left_of_a_creation_that_fails(alice: User) -> None:
    before = Fact.objects.count()
    with pytest.raises(Invalid):
        create(PEOPLE, {"name": "Ann", "affiliations": [{"account": "00000000-0000-0000-0000-000000000000"}]}, alice)
    assert not PEOPLE.model.objects.exists()
    assert Fact.objects.count() == before


def test_the_primary_account_and_the_affiliations_agree(alice: User) -> None:
    acme, other = (create(ACCOUNTS, {"name": name}, alice) for name in ("Acme", "Other"))
    ann = create(PEOPLE, {"name": "Ann", "account": acme}, alice)
    assert [row.account_id for row in ann.affiliations.all()] == [acme.pk]
    ann = update(PEOPLE, ann.pk, {"account": other}, alice)
    assert {row.account_id: row.primary for row in ann.affiliations.all()} == {acme.pk: False, other.pk: True}
    rows = [{"account": str(acme.pk), "primary": True, "from": "2024-01-01"}]
    ann = update(PEOPLE, ann.pk, {"affiliations": rows}, alice)
    assert ann.account_id == acme.pk


def test_the_single_email_is_the_primary_one(alice: User) -> None:
    account = create(
        ACCOUNTS, {"name": "Acme", "emails": [{"value": "A@acme.example"}, {"value": "b@acme.example", "primary": True}]}, alice
    )
    assert account.email == "b@acme.example"
    account = update(ACCOUNTS, account.pk, {"email": "c@acme.example"}, alice)
    assert [(entry["value"], entry["primary"]) for entry in account.emails] == [("c@acme.example", True), ("a@acme.example", False)]


def test_reading_what_was_left_out_keeps_what_was_set(alice: User) -> None:
    person = create(PEOPLE, {"name": "Ada", "city": "Tak"}, alice)
    found = PEOPLE.model.objects.get(pk=person.pk)
    found.city = "Trat"
    assert found.search and found.city == "Trat"


def test_records_changed_at_once_may_differ_in_what_is_searched(alice: User) -> None:
    keys = [create(PEOPLE, {"name": name, "city": "Tak"}, alice).pk for name in ("Ada", "Bob")]
    first, second = (PEOPLE.model.objects.get(pk=key) for key in keys)
    changes = [Change(first, {"tags": ["vip"]}), Change(second, {"name": "Bert"})]
    assert change_many(PEOPLE, changes, alice, allow=lambda record: None) == changes
    assert [(found.name, found.tags) for found in (PEOPLE.model.objects.get(pk=key) for key in keys)] == [("Ada", ["vip"]), ("Bert", [])]
