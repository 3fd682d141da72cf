"""What goes into a move and what comes out: the files beside this are small exports, written in the shape of each system."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from renmai.kernel import tasks
from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Missing, Refused
from renmai.kernel.facts import Fact
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import at_once, perform
from renmai.kernel.records.about import about_of
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.moves import systems
from renmai.kernel.transfer.moving import move_at_once, prepare_move, sets_of
from renmai.kernel.transfer.run import run
from renmai.kernel.transfer.unmoving import undo_move

pytestmark = [pytest.mark.django_db, pytest.mark.property]
HERE = Path(__file__).parent

# Rows of the files by type, and what else is made because they name it.
COMES = {
    "salesforce": (
        {"users": 2, "accounts": 2, "people": 2, "leads": 2, "opportunities": 2, "tasks": 2, "notes": 1},
        {"notes": 2, "stages": 1},
    ),
    "hubspot": ({"accounts": 2, "people": 2, "opportunities": 2, "tasks": 1, "notes": 1}, {"users": 1, "stages": 1}),
    "zoho": ({"accounts": 1, "people": 1, "opportunities": 2, "follow-ups": 1, "notes": 1}, {"users": 1, "notes": 1, "stages": 1}),
    "odoo": ({"accounts": 1, "people": 1, "leads": 1, "opportunities": 1, "tasks": 1}, {"users": 1, "notes": 2}),
    "pipedrive": ({"accounts": 1, "people": 1, "opportunities": 2, "tasks": 1, "follow-ups": 1, "notes": 1}, {"users": 1, "stages": 1}),
    "mailchimp": ({"people": 3}, {"notes": 1}),
    "cordys": ({"accounts": 1, "people": 1, "opportunities": 1, "follow-ups": 1}, {"users": 1, "notes": 1}),
}
# Of records by title: links, owners and what an activity is about, as titles; other fields as they are.
STANDS: dict[str, dict[tuple[str, str], dict[str, Any]]] = {
    "salesforce": {
        ("accounts", "Orchard East"): {"parent": "Orchard Group", "owner": "Mali Sukjai", "created_by": "Olga Gone", "country": "TH"},
        ("people", "Somsak Dee"): {"account": "Orchard East", "owner": "Mali Sukjai", "email": "somsak@orchard.example"},
        ("people", "Ann Null"): {"account": None, "owner": None, "family_name": "Null"},
        ("leads", "Won Win"): {"status": "converted"},
        ("opportunities", "Trees"): {"account": "Orchard East", "stage.kind": "won"},
        ("opportunities", "More trees"): {"stage": "Negotiation/Review", "stage.kind": "open"},
        ("tasks", "Send the price list"): {"about": ["Somsak Dee", "Trees"], "owner": "Mali Sukjai", "created_by": "Olga Gone"},
        ("tasks", "Call Kim"): {"about": ["Kim Lee"]},
        ("notes", "Visit"): {"about": ["Orchard East"]},
        ("notes", "Pays late"): {"about": ["Orchard East"]},
    },
    "hubspot": {
        ("people", "John Smith"): {"account": "Lotus Studio", "owner": "Mali Sukjai"},
        ("people", "王伟"): {"account": None},
        ("opportunities", "New logo"): {"account": "Lotus Studio", "person": "John Smith", "stage.kind": "won"},
        ("notes", "They like green"): {"about": ["John Smith", "Lotus Studio", "New logo", "王伟"]},
        ("tasks", "Send sketches"): {"about": ["John Smith", "New logo"]},
    },
    "zoho": {
        ("accounts", "Rice Mill"): {"owner": "Mali Sukjai", "created_by": "Mali Sukjai", "tags": ["VIP"]},
        ("people", "Nok Dee"): {"account": "Rice Mill", "email": "nok@rice.example", "city": "Suphan Buri"},
        ("opportunities", "Sacks"): {"account": "Rice Mill", "person": "Nok Dee", "stage.kind": "lost"},
        ("follow-ups", "Price"): {"about": ["Nok Dee", "Silo"], "method": "call"},
        ("notes", "Call"): {"about": ["Silo"], "body": "Wants a silo"},
    },
    "odoo": {
        ("people", "Chai Dee"): {"account": "Bamboo Works", "job_title": "Owner", "owner": "Mali Sukjai"},
        ("opportunities", "Chairs"): {"account": "Bamboo Works", "stage.kind": "won"},
        ("leads", "Dao Rung"): {"company": "Rung Cafe"},
        ("tasks", "Call about chairs"): {"about": ["Chairs"]},
    },
    "pipedrive": {
        ("people", "Fon Fah"): {"account": "Kite Makers", "email": "fon@kite.example", "owner": "Mali Sukjai"},
        ("opportunities", "Kites"): {"account": "Kite Makers", "person": "Fon Fah", "stage": "Qualified"},
        ("opportunities", "Lost kites"): {"stage.kind": "lost"},
        ("follow-ups", "Ask for colours"): {"about": ["Fon Fah", "Kite Makers", "Kites"], "method": "call"},
        ("notes", "Flies well"): {"about": ["Fon Fah", "Kite Makers", "Kites"]},
    },
    "mailchimp": {
        ("people", "Ada Love"): {"tags": ["VIP", "Blog"]},
        ("people", "bare@news.example"): {"email": "bare@news.example"},
        ("people", "Bob Left"): {"tags": ["unsubscribed"]},
    },
    "cordys": {
        ("people", "李娜"): {"account": "华南贸易有限公司", "owner": "王伟"},
        ("opportunities", "年度采购"): {"account": "华南贸易有限公司", "stage.kind": "won"},
        ("follow-ups", "电话沟通报价"): {"about": ["华南贸易有限公司"]},
    },
}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path / "files")
    (tmp_path / "files").mkdir()


def test_the_worker_knows_the_work_of_a_move() -> None:
    """It imports what ``tasks`` names, and no page."""
    assert tasks.moving.move_job is not None
    assert tasks.unmoving.undo_move_job is not None


def test_every_system_has_an_export_here() -> None:
    assert systems().keys() == COMES.keys()


def test_every_column_that_is_known_stands_in_the_reference() -> None:
    told = (HERE.parents[1] / "docs/reference/moves.md").read_text("utf-8")
    columns = {
        f"`{header}` → `{target}`"
        for one in systems().values()
        for sheet in one.sheets
        for header, target in sheet.told["columns"].items()
        if target
    }
    assert not [column for column in columns if column not in told]


@pytest.mark.parametrize("name", COMES)
def test_what_goes_in_comes_out(name: str) -> None:
    told = move_at_once(HERE / name, by=None)
    rows, also = COMES[name]
    assert (told["system"], told["failed"], told["unknown"]) == (name, 0, [])
    assert Counter(dict.fromkeys(rows, 0)) + _counted(told, "created") == Counter(rows)
    assert sum((Counter(file["also_made"]) for file in told["files"]), Counter()) == Counter(also)
    for (slug, title), fields in STANDS[name].items():
        record = registry[slug].model.objects.get(title=title)
        assert {field: _read(record, field) for field in fields} == fields, (slug, title)


def test_ids_of_another_system_do_not_meddle() -> None:
    create(registry["people"], {"name": "Somebody else", "external_ids": {"older": "102"}}, None)
    assert move_at_once(HERE / "hubspot", by=None)["failed"] == 0
    person = registry["people"].model.objects.get(name="John Smith")
    assert registry["opportunities"].model.objects.get(name="New logo").person == person


def test_dates_of_the_other_system_stand_in_the_facts_and_a_second_move_makes_nothing(tmp_path: Path) -> None:
    move_at_once(Path(shutil.make_archive(str(tmp_path / "export"), "zip", HERE / "salesforce")), by=None)
    won = registry["opportunities"].model.objects.get(name="Trees")
    moments = {fact.kind: fact.at.date().isoformat() for fact in Fact.objects.filter(about__record_id=won.pk) if fact.at}
    assert (moments["opportunity.created"], moments["opportunity.won"]) == ("2021-03-01", "2021-06-01")
    again = move_at_once(HERE / "salesforce", by=None, dry_run=True)
    assert (again["created"], again["failed"]) == (0, 0)


@pytest.mark.parametrize("name", ["salesforce", "pipedrive"])
def test_a_move_is_undone_as_one(name: str) -> None:
    before = _living()
    told = move_at_once(HERE / name, by=None)
    key = told["move"]
    assert _living() != before
    job = undo_move(key, by=None, begin=at_once)
    assert (job.problem, job.result["refused"], job.result["kept"], _living()) == ("", [], [], before)
    assert {one.state for one in sets_of(key, None)} == {"undone"}
    assert job.done == job.total == job.result["done"]
    with pytest.raises(Refused):
        undo_move(key, by=None, begin=at_once)


def test_what_somebody_has_worked_on_since_the_move_stays_with_what_it_needs(alice: User) -> None:
    key = move_at_once(HERE / "salesforce", by=None)["move"]
    person = registry["people"].model.objects.get(name="Somsak Dee")
    update(registry["people"], person.pk, {"job_title": "Owner"}, None)
    kept = undo_move(key, by=None, begin=at_once).result["kept"]
    assert {"people", "accounts"} <= {line["type"] for line in kept}
    assert not registry["opportunities"].model.objects.live().exists()
    with pytest.raises(Missing):
        undo_move(key, by=alice, begin=at_once)


def test_the_page_and_programs_offer_it_until_it_is_under_way(dao: User, client: Client) -> None:
    key, _move = prepare_move(HERE / "mailchimp", by=dao)
    for change_set in sets_of(key, dao):
        run(change_set, by=dao)
    client.force_login(dao)
    address = f"/imports/moves/{key}/"
    assert "Undo the whole move" in client.get(address).content.decode()
    answer = client.post(f"/api/v1{address}undo/", content_type="application/json")
    job = Job.objects.get(pk=answer.json()["job"])
    assert "being undone" in client.get(address).content.decode()
    client.post(f"{address}undo/")
    assert "It is being undone already." in client.get(address).content.decode()
    perform(job)
    shown = client.get(address).content.decode()
    assert "The move was undone." in shown and "Undo the whole move" not in shown


def _living() -> dict[str, int]:
    return {kind.slug: kind.model.objects.live().count() for kind in registry.all() if kind.slug != "change-sets"}


def _counted(told: dict[str, Any], name: str) -> Counter[str]:
    return sum((Counter({file["type"]: file[name]}) for file in told["files"]), Counter())


def _read(record: Any, name: str) -> Any:
    if name == "about":
        return sorted(registry[one.target_type].model.objects.get(pk=one.target_id).title for one in about_of([record])[record.pk])
    for part in name.split("."):
        record = getattr(record, part)
    return record.title if hasattr(record, "title") and hasattr(record, "pk") else record
