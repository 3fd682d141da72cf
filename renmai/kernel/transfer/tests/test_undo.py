"""Taking an import back: what it made goes, what it changed goes back, and what people did since stays and is told."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Forbidden, Missing, Refused
from renmai.kernel.actions.undo import undo
from renmai.kernel.facts.model import Fact
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import at_once, perform
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.command import add_arguments, handle
from renmai.kernel.transfer.model import ChangeSet
from renmai.kernel.transfer.tests.files import imported

pytestmark = pytest.mark.django_db

Account, Lead, Person = registry["accounts"].model, registry["leads"].model, registry["people"].model


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path)


def undone(change_set: ChangeSet, by: User | None, ids: list[Any] | None = None) -> Job:
    """An undo that has run."""
    return undo(change_set.pk, by, ids, at_once)


def names(model: Any) -> list[str]:
    return sorted(model.objects.live().values_list("name", flat=True))


def test_what_an_import_made_goes_to_the_recycle_bin_with_what_it_made_along(alice: User) -> None:
    create(registry["accounts"], {"name": "Old"}, alice)
    change_set = imported("Name,Account\nAda,Acme\nBob,Acme\nCyd,Old\n", "people", by=alice, make_missing=["accounts"])
    job = undone(change_set, alice)
    assert (names(Person), names(Account)) == ([], ["Old"])
    assert (job.result["done"], job.result["kept"], job.result["refused"]) == (4, [], [])
    assert Person.objects.exclude(deleted_by=alice).count() == 0
    assert Fact.objects.filter(kind="person.deleted").count() == 3


def test_what_an_import_changed_holds_again_what_it_held(alice: User) -> None:
    one = create(registry["leads"], {"name": "Ada", "email": "a@example.com", "city": "Tak", "tags": ["x"]}, alice)
    change_set = imported("Email,Name,City,Tags\na@example.com,Ada L,Trang,y\n", "leads", by=alice, key=["email"], mode="upsert")
    assert Lead.objects.get().city == "Trang"
    undone(change_set, alice)
    again = Lead.objects.get()
    assert (again.name, again.city, again.tags, again.title, again.sort_key) == ("Ada", "Tak", ["x"], one.title, one.sort_key)
    change_set.refresh_from_db()
    assert change_set.state == "undone"


def test_a_later_edit_of_a_field_is_kept_and_told(alice: User, bob: User) -> None:
    one = create(registry["leads"], {"name": "Ada", "email": "a@example.com", "city": "Tak", "job_title": "CEO"}, alice)
    change_set = imported("Email,City,Job title\na@example.com,Trang,CTO\n", "leads", by=alice, key=["email"], mode="update")
    update(registry["leads"], one.pk, {"city": "Trat"}, alice)
    job = undone(change_set, alice)
    lead = Lead.objects.get()
    assert (lead.city, lead.job_title) == ("Trat", "CEO")
    assert [(kept["id"], "City" in kept["detail"]) for kept in job.result["kept"]] == [(str(one.pk), True)]


def test_what_somebody_has_worked_on_or_linked_to_stays_and_keeps_what_it_links_to(alice: User) -> None:
    text = "Name,Account\nAda,Acme\nBob,Beta\nCyd,Gamma\n"
    change_set = imported(text, "people", by=alice, make_missing=["accounts"])
    update(registry["people"], Person.objects.get(name="Ada").pk, {"city": "Tak"}, alice)
    create(registry["opportunities"], {"name": "Big", "account": str(Account.objects.get(name="Beta").pk)}, alice)
    create(registry["tasks"], {"subject": "Call", "about": [{"type": "people", "id": str(Person.objects.get(name="Cyd").pk)}]}, alice)
    job = undone(change_set, alice)
    assert (names(Person), names(Account)) == (["Ada", "Cyd"], ["Acme", "Beta", "Gamma"])
    told = {kept["detail"] for kept in job.result["kept"]}
    assert told == {
        "Kept, since somebody has worked on it.",
        "Kept, since others link to it: people.",
        "Kept, since others link to it: opportunities.",
        "Kept, since others link to it: tasks.",
    }


def test_companies_that_belong_to_each_other_go_together(alice: User) -> None:
    change_set = imported("Name,Parent\nSub,Top\nTop,\n", "accounts", by=alice)
    assert undone(change_set, alice).result["done"] == 2
    assert names(Account) == []


def test_chosen_rows_go_alone_and_the_rest_later(alice: User) -> None:
    change_set = imported("Name,Account\nAda,Acme\nBob,Acme\nCyd,Beta\n", "people", by=alice, make_missing=["accounts"])
    first = undone(change_set, alice, [Person.objects.get(name="Ada").pk, Person.objects.get(name="Cyd").pk])
    assert (names(Person), names(Account), first.result["done"]) == (["Bob"], ["Acme"], 3)
    rest = undone(change_set, alice)
    assert (names(Person), names(Account), rest.result["done"]) == ([], [], 2)
    with pytest.raises(Refused):
        undone(change_set, alice)


def test_the_rows_of_a_document_go_back(alice: User) -> None:
    product = create(registry["products"], {"name": "Lamp", "price": "10", "currency": "THB"}, None)
    line = {"description": "Old", "quantity": "1", "unit_price": "5"}
    quote = create(registry["quotes"], {"currency": "THB", "lines": [line], "external_ids": {"old": "1"}}, alice)
    told = {"columns": {"Id": "external_ids.old", "Product": "lines.product", "Quantity": "lines.quantity"}}
    change_set = imported("Id,Product,Quantity\n1,Lamp,3\n", "quotes", by=alice, key=["external_ids.old"], mode="update", **told)
    assert [row.product for row in type(quote).objects.get().lines.all()] == [product]
    undone(change_set, alice)
    again = type(quote).objects.get()
    assert [(row.description, row.product) for row in again.lines.all()] == [("Old", None)]
    assert again.net_total == quote.net_total


def test_whoever_imported_and_admins_undo(alice: User, bob: User, charlie: User, dao: User) -> None:
    change_set = imported("Name\nAda\n", "leads", by=alice)
    with pytest.raises(Missing):
        undone(change_set, charlie)
    with pytest.raises((Missing, Forbidden)):
        undone(change_set, bob)
    assert undone(change_set, dao).result["done"] == 1


def test_a_program_undoes_all_or_some_and_watches_the_work(alice: User, charlie: User, api: Callable[[User], Api]) -> None:
    change_set = imported("Name\nAda\nBob\n", "leads", by=alice)
    address = f"change-sets/{change_set.pk}/undo/"
    ada = str(Lead.objects.get(name="Ada").pk)
    assert api(charlie).post(address).status_code == 404
    assert api(alice).post(address, {"ids": ["x"]}).status_code == 422
    told = api(alice).post(address, {"ids": [ada]}).json()
    back = ChangeSet.objects.get(pk=told["made"][0]["id"])
    perform(Job.objects.get(pk=back.job))
    assert (back.map["ids"], names(Lead)) == ([ada], ["Bob"])
    assert Fact.objects.filter(kind="change-set.undone", about__record_id=change_set.pk).count() == 1
    assert api(alice).post("change-sets/", {}).status_code == 403


def test_the_command_undoes_and_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    change_set = imported("Name\nAda\n", "leads")
    assert command("--undo", str(change_set.pk)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["undone"], told["done"], told["kept"], names(Lead)) == (str(change_set.pk), 1, [], [])
    assert command("--undo", str(change_set.pk)) == 1
    assert "nothing here that can be undone" in capsys.readouterr().err
    assert command("--undo", "x") == 1


def command(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return handle(parser.parse_args(arguments))


def test_an_import_of_the_system_is_undone_by_the_system() -> None:
    create(registry["leads"], {"name": "Old", "email": "o@example.com"}, None)
    change_set = imported("Email,Name\no@example.com,New\nx@example.com,X\n", "leads", key=["email"], mode="upsert")
    undone(change_set, None)
    assert names(Lead) == ["Old"]


def test_an_undo_that_broke_off_goes_on_to_the_same_end(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from renmai.kernel.actions import back
    from renmai.kernel.actions import undo as undoing

    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    change_set = imported("Name,Account\n" + "".join(f"P{n},C{n % 2}\n" for n in range(5)), "people", by=alice, make_missing=["accounts"])
    job = undo(change_set.pk, alice)
    put, calls = back.Back.put, iter(range(9))

    def dying(self: Any, keys: Any) -> Any:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return put(self, keys)

    monkeypatch.setattr(back.Back, "put", dying)
    with pytest.raises(KeyboardInterrupt):
        perform(job)
    assert len(names(Person)) == 1
    job.state = "queued"
    perform(job)
    assert (names(Person), names(Account)) == ([], [])
    assert ChangeSet.objects.get(map__undoes=str(change_set.pk)).updated == 7
