from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.facts import Fact
from renmai.kernel.history.model import History
from renmai.kernel.overlay import version
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.transfer import run as running
from renmai.kernel.transfer.model import ChangeSetRow
from renmai.kernel.transfer.run import rehearse, run
from renmai.kernel.transfer.tests.files import counts, errors, imported, prepared

pytestmark = pytest.mark.django_db

Account, Lead, Person = registry["accounts"].model, registry["leads"].model, registry["people"].model
Opportunity, Task = registry["opportunities"].model, registry["tasks"].model


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path)


def test_good_rows_come_in_and_bad_ones_come_back_with_their_reason() -> None:
    change_set = imported("Name,Email,Employees\nAda,ada@example.com,5\nBob,no address,6\nCyd,cyd@example.com,many\n", "leads")
    assert counts(change_set) == (1, 0, 0, 2)
    back = errors(change_set)
    assert [row["Name"] for row in back] == ["Bob", "Cyd"]
    assert "e-mail address" in back[0]["Reason"]
    assert "Employees: “many” is not a number." in back[1]["Reason"]


def test_a_row_tells_all_that_is_wrong_with_it_at_once_and_makes_nothing() -> None:
    text = "Name,Email,Birthday,Account\nAda,no,soon,Acme\n"
    columns = {"Name": "name", "Email": "email", "Birthday": "birthday", "Account": "account"}
    reason = errors(imported(text, "people", columns=columns))[0]["Reason"]
    assert "there is no account called “Acme”" in reason
    assert "Birthday: “soon”" in reason
    assert reason.count("e-mail address") == 1
    imported(text, "people", columns=columns, make_missing=["accounts"])
    assert not Account.objects.exists()


def test_a_file_of_mended_rows_goes_in_again() -> None:
    back = errors(imported('Name,Email\n"=Ada",no\nBob,bob@example.com\n', "leads"))
    again = imported(f'Name,Email,Reason\n"{back[0]["Name"]}",ada@example.com,x\n', "leads")
    assert counts(again) == (1, 0, 0, 0)
    assert sorted(Lead.objects.values_list("name", flat=True)) == ["=Ada", "Bob"]


def test_an_imported_record_has_history_facts_and_search_text_like_any_other(alice: User) -> None:
    imported("Name\nSomchai\n", "leads", by=alice)
    made = Lead.objects.get()
    one = create(registry["leads"], {"name": "Somchai"}, alice)
    assert (made.owner, made.team, made.created_by, made.version) == (one.owner, one.team, one.created_by, one.version)
    assert Lead.objects.filter(search__matches="'somchai'").count() == 2
    assert History.objects.filter(record_id=made.pk).get().operation == "I"
    fact = Fact.objects.get(about__record_id=made.pk)
    assert (fact.kind, fact.by, fact.data["via"]) == ("lead.created", alice, "import")


def test_dates_of_the_file_stand_in_the_record_and_its_facts() -> None:
    imported('Name,Created Time\nAda,"15 Apr, 2021 00:03:00"\nBob,\n', "leads")
    ada, bob = Lead.objects.get(name="Ada"), Lead.objects.get(name="Bob")
    assert ada.created_at == dt.datetime(2021, 4, 15, 0, 3, tzinfo=dt.UTC)
    assert Fact.objects.get(about__record_id=ada.pk).at == ada.created_at
    assert Fact.objects.get(about__record_id=bob.pk).at is None


def test_a_closed_sale_keeps_its_dates() -> None:
    imported("Deal Name,Stage,Engage Date,Close Date,Amount\nBig,Won,2016-10-20,2017-03-01,1054\n", "opportunities")
    made = Opportunity.objects.get()
    kinds = {fact.kind: fact.at.date().isoformat() for fact in Fact.objects.filter(about__record_id=made.pk)}
    assert kinds == {"opportunity.created": "2016-10-20", "opportunity.won": "2017-03-01"}
    assert (made.opened_on.isoformat(), made.closed_at.date().isoformat()) == ("2016-10-20", "2017-03-01")


def test_links_are_found_by_name_e_mail_and_id_elsewhere() -> None:
    acme = create(registry["accounts"], {"name": "Acme", "external_ids": {"old": "77"}}, None)
    dao = create(registry["users"], {"name": "Dao", "email": "dao@example.com"}, None)
    imported("Name,Account,Owner\nAda,acme,Dao\nBob,77,DAO@example.com\nCyd,Acme,\n", "people")
    found = [(person.account, person.owner) for person in Person.objects.order_by("name")]
    assert found == [(acme, dao), (acme, dao), (acme, None)]


def test_a_name_that_two_records_share_is_not_guessed() -> None:
    for _twin in range(2):
        create(registry["accounts"], {"name": "Acme"}, None)
    change_set = imported("Name,Account\nAda,Acme\n", "people")
    assert counts(change_set) == (0, 0, 0, 1)
    assert "several accounts called “Acme”" in errors(change_set)[0]["Reason"]


def test_an_unknown_link_comes_back_is_made_or_left_empty_as_chosen() -> None:
    text = "Name,Account\nAda,Acme\nBob,Acme\n"
    assert "there is no account called “Acme”" in errors(imported(text, "people"))[0]["Reason"]
    assert counts(imported(text, "people", leave_missing=["account"])) == (2, 0, 0, 0)
    change_set = imported(text, "people", make_missing=["accounts"])
    assert [account.name for account in Account.objects.all()] == ["Acme"]
    assert change_set.rows_of_file.get(action="m").reason == "Acme"
    assert Person.objects.filter(account__name="Acme").count() == 2


def test_a_user_that_is_made_cannot_sign_in() -> None:
    imported("Name,Owner\nAda,Zane Levy\n", "leads", make_missing=["users"])
    zane = User.objects.get(name="Zane Levy")
    assert (zane.email, zane.check_password(""), zane.roles) == ("", False, [])


def test_values_are_mapped_and_emptied() -> None:
    told = {
        "columns": {"Name": "name", "Status": "status", "Land": "country"},
        "values": {"status": {"Junk": "disqualified"}, "country": {"Nowhere": ""}},
    }
    imported("Name,Status,Land\nAda,Junk,Nowhere\nBob,Working,Thailand\n", "leads", **told)
    assert [(lead.status, lead.country) for lead in Lead.objects.order_by("name")] == [("disqualified", ""), ("working", "TH")]


def test_a_template_names_rows_that_have_no_name() -> None:
    for slug, name in [("accounts", "Acme"), ("products", "GTX")]:
        create(registry[slug], {"name": name}, None)
    imported("Account,Product\nAcme,GTX\n,GTX\n", "opportunities", name_template="{account} – {product}")
    assert sorted(Opportunity.objects.values_list("name", flat=True)) == ["Acme – GTX", "GTX"]


def test_defaults_fill_what_the_file_has_not() -> None:
    imported("Name,Source\nAda,\nBob,Partner\n", "leads", defaults={"source": "event"})
    assert [lead.source for lead in Lead.objects.order_by("name")] == ["event", "partner"]


def test_companies_may_belong_to_companies_of_later_rows() -> None:
    change_set = imported("Name,Parent\nSub,Top\nTop,\nLost,Nobody\n", "accounts")
    assert Account.objects.get(name="Sub").parent.name == "Top"
    assert counts(change_set) == (3, 0, 0, 0)
    assert "Nobody" in change_set.rows_of_file.get(number=4).reason


def test_an_activity_is_about_all_that_it_names() -> None:
    who = create(registry["people"], {"name": "Ada", "external_ids": {"zoho": "9"}}, None)
    what = create(registry["accounts"], {"name": "Acme", "external_ids": {"zoho": "9"}}, None)
    imported("Subject,CONTACTID,ACCOUNTID\nCall,9,9\n", "tasks")
    from renmai.kernel.records.about import About

    assert list(About.objects.values_list("target_id", flat=True)) == [who.pk, what.pk]


def test_update_changes_what_the_key_finds_and_blank_cells_change_nothing(alice: User) -> None:
    one = create(registry["leads"], {"name": "Ada", "email": "ada@example.com", "city": "Paris"}, alice)
    text = "Email,Name,City\nADA@example.com,Ada Lovelace,\nnobody@example.com,X,Y\n"
    change_set = imported(text, "leads", by=alice, key=["email"], mode="update")
    one.refresh_from_db()
    assert (one.name, one.city, one.version) == ("Ada Lovelace", "Paris", 2)
    assert counts(change_set) == (0, 1, 0, 1)


def test_a_name_made_by_the_template_is_for_new_records_only(alice: User) -> None:
    one = create(registry["leads"], {"name": "Ada", "email": "ada@example.com"}, alice)
    told = {"key": ["email"], "mode": "upsert", "name_template": "{email}"}
    imported("Email,City\nada@example.com,Tak\nbob@example.com,Tak\n", "leads", by=alice, **told)
    one.refresh_from_db()
    assert (one.name, one.city, Lead.objects.get(email="bob@example.com").name) == ("Ada", "Tak", "bob@example.com")


def test_upsert_makes_what_the_key_does_not_find_and_a_second_row_finds_the_first() -> None:
    text = "Email,City\nada@example.com,Paris\nbob@example.com,Rome\nada@example.com,London\n"
    change_set = imported(text, "leads", key=["email"], mode="upsert", name_template="{email}")
    assert counts(change_set) == (2, 1, 0, 0)
    assert Lead.objects.get(email="ada@example.com").city == "London"


@pytest.mark.parametrize(("what", "told"), [("create", (3, 0, 0, 0)), ("skip", (1, 0, 0, 2)), ("update", (1, 1, 0, 1))])
def test_a_row_that_is_there_already_is_made_left_out_or_changes_what_is_there(
    alice: User, dao: User, what: str, told: tuple[int, int, int, int]
) -> None:
    create(registry["leads"], {"name": "Ada", "email": "ada@example.com"}, alice)
    traits = [{"kind": "email", "fields": ["email"], "strength": "decisive"}]
    rule = {"name": "Leads", "record_type": "leads", "traits": traits, "at_import": what, "active": True}
    create(registry["duplicate-rules"], rule, dao)
    version.refresh()
    change_set = imported("Name,Email,City\nAda,ada@example.com,Paris\nBob,bob@example.com,\nBob,bob@example.com,\n", "leads", by=alice)
    assert counts(change_set) == told
    reasons = [row["Reason"] for row in errors(change_set)] if told[3] else []
    assert reasons == ["This may be there already: Ada.", "An earlier row says the same."][-told[3] :][: told[3]]
    assert [lead.city for lead in Lead.objects.filter(email="ada@example.com").order_by("created_at")][:1] == [
        "Paris" if what == "update" else ""
    ]


@pytest.mark.parametrize("what", ["skip", "update"])
def test_a_row_that_is_there_already_does_not_tell_what_the_importer_may_not_see(alice: User, charlie: User, dao: User, what: str) -> None:
    create(registry["leads"], {"name": "Secret", "email": "ada@example.com"}, alice)
    create(registry["duplicate-rules"], {"name": "Leads", "record_type": "leads", "at_import": what}, dao)
    version.refresh()
    change_set = imported("Name,Email,City\nAda,ada@example.com,Paris\n", "leads", by=charlie)
    assert [row["Reason"] for row in errors(change_set)] == ["This may be there already."]
    assert Lead.objects.get().city == ""


def test_an_upsert_twice_changes_nothing_the_second_time() -> None:
    text = "Record ID,Name\n1,Ada\n2,Bob\n"
    first = imported(text, "leads", key=["external_ids.import"], mode="upsert")
    second = imported(text, "leads", key=["external_ids.import"], mode="upsert")
    assert (counts(first), counts(second)) == ((2, 0, 0, 0), (0, 0, 2, 0))


def test_an_id_elsewhere_that_is_taken_comes_back_alone() -> None:
    imported("Record ID,Name\n5,Ada\n", "leads")
    rows = "".join(f"{number},Lead {number}\n" for number in range(20))
    change_set = imported(f"Record ID,Name\n{rows}", "leads")
    assert counts(change_set) == (19, 0, 0, 1)
    assert "has this id" in errors(change_set)[0]["Reason"]


def test_an_interrupted_import_goes_on_to_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 3)
    text = "Name,Email\n" + "".join(f"Lead {number},{'x' if number == 5 else f'{number}@example.com'}\n" for number in range(10))
    change_set = prepared(text, "leads")
    batches = running.batches

    def broken(*arguments: Any) -> Any:
        for number, batch in enumerate(batches(*arguments)):
            if number == 2:
                raise RuntimeError("the power is gone")
            yield batch

    monkeypatch.setattr(running, "batches", broken)
    with pytest.raises(RuntimeError):
        run(change_set, by=None)
    change_set.refresh_from_db()
    assert (Lead.objects.count(), change_set.done_rows, change_set.state) == (5, 7, "failed")
    monkeypatch.setattr(running, "batches", batches)
    run(change_set, by=None)
    assert counts(change_set) == (9, 0, 0, 1)
    assert ChangeSetRow.objects.filter(change_set=change_set).count() == 10
    assert [row["Name"] for row in errors(change_set)] == ["Lead 5"]


def test_a_dry_run_tells_and_changes_nothing() -> None:
    change_set = prepared("Name,Email\nAda,ada@example.com\nBob,x\n", "leads")
    told = rehearse(change_set, by=None)
    change_set.refresh_from_db()
    assert (told["created"], told["failed"], [problem["row"] for problem in told["problems"]]) == (1, 1, [3])
    assert (Lead.objects.count(), ChangeSetRow.objects.count(), change_set.state) == (0, 0, "draft")


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"columns": {"Name": "nme"}}, "nme"),
        ({"columns": {"Name": "search"}}, "search"),
        ({"columns": {"Name": "deleted_at"}}, "deleted_at"),
        ({"columns": {"Name": "name"}, "make_missing": ["dragons"]}, "dragons"),
        ({"columns": {"Name": "name"}, "mode": "update"}, "existing records"),
        ({"columns": {"Name": "name"}, "mode": "magic"}, "magic"),
        ({"columns": ["Name"]}, "map"),
        ({"columns": {}}, "No column"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_with_what_is_wrong(told: dict[str, Any], word: str) -> None:
    with pytest.raises(Invalid, match=word):
        prepared("Name\nAda\n", "leads", **told)


def test_rights_count(alice: User, dao: User) -> None:
    with pytest.raises(Forbidden):
        prepared("Name\nEve\n", "users", by=alice)
    with pytest.raises(Forbidden):
        prepared("Name,Owner\nAda,Eve\n", "leads", by=alice, make_missing=["users"])
    imported("Name,Owner\nAda,Eve\n", "leads", by=dao, make_missing=["users"])
    assert User.objects.filter(name="Eve").exists()


def test_an_import_cannot_change_what_its_importer_may_not(alice: User, bob: User) -> None:
    create(registry["leads"], {"name": "Hers", "email": "x@example.com"}, alice)
    change_set = imported("Email,Name\nx@example.com,His\n", "leads", by=bob, key=["email"], mode="update")
    assert counts(change_set) == (0, 0, 0, 1)
    assert Lead.objects.get().name == "Hers"


def test_the_number_of_queries_does_not_grow_with_rows(django_assert_max_num_queries: Any) -> None:
    create(registry["users"], {"name": "Dao"}, None)
    text = "Name,Account,Owner\n" + "".join(f"Person {number},Company {number % 50},Dao\n" for number in range(900))
    change_set = prepared(text, "people", make_missing=["accounts"])
    with django_assert_max_num_queries(60):
        run(change_set, by=None)
    assert counts(change_set) == (900, 0, 0, 0)


def test_a_default_is_for_new_records_only(alice: User, bob: User) -> None:
    one = create(registry["people"], {"name": "Ada", "email": "ada@example.com", "source": "fair", "owner": alice.pk}, None)
    told = {"key": ["email"], "mode": "upsert", "defaults": {"source": "web", "owner": "bob@example.com"}}
    change_set = imported("Name,Email,City\nAda,ada@example.com,Nan\nBob,b@example.com,Yala\n", "people", **told)
    one.refresh_from_db()
    new = Person.objects.get(name="Bob")
    assert counts(change_set) == (1, 1, 0, 0)
    assert (one.source, one.owner, one.city, new.source, new.owner) == ("fair", alice, "Nan", "web", bob)
