from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from renmai.kernel.access.user import Role, User
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import later, perform, stop, work
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db
Maker = Callable[[User], Api]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored files go with the test."""
    from renmai.kernel.files import model

    monkeypatch.setattr(model, "FOLDER", tmp_path)


def send(api: Api, text: str, **fields: str) -> Any:
    return api.client.post("/api/v1/imports/", {"file": SimpleUploadedFile("leads.csv", text.encode()), **fields})


def work_off(answer: Any) -> None:
    """What the worker would do."""
    perform(Job.objects.select_related("by").get(pk=answer.json()["job"]))


def bytes_of(api: Api, address: str) -> bytes:
    return b"".join(api.client.get(address).streaming_content)


def test_a_file_is_stored_imported_and_told_about(api: Maker, alice: User) -> None:
    program = api(alice)
    stored = program.client.post("/api/v1/files/", {"file": SimpleUploadedFile("leads.csv", b"Name,Email\nAda,ada@example.com\nBob,x\n")})
    assert stored.status_code == 201
    answer = program.post(
        "imports/", {"file": stored.json()["id"], "type": "leads", "map": {"columns": {"Name": "name", "Email": "email"}}}
    )
    assert answer.status_code == 202
    job = f"jobs/{answer.json()['job']}/"
    assert program.get(job).json()["state"] == "queued"
    work_off(answer)
    told = program.get(job).json()
    assert (told["state"], told["done"], told["total"]) == ("done", 2, 2)
    assert (told["result"]["created"], told["result"]["failed"]) == (1, 1)
    assert "Bob" in bytes_of(program, told["errors_file"]).decode()
    assert [item["name"] for item in program.get("leads/").json()["items"]] == ["Ada"]


def test_a_form_will_do_and_columns_are_proposed(api: Maker, alice: User) -> None:
    answer = send(api(alice), "Email Address,Full Name\nada@example.com,Ada\n", type="leads")
    work_off(answer)
    assert api(alice).get("leads/").json()["items"][0]["email"] == "ada@example.com"


def test_upsert_by_key(api: Maker, alice: User) -> None:
    create(registry["leads"], {"name": "Ada", "email": "ada@example.com"}, alice)
    answer = send(api(alice), "Email,Name\nada@example.com,Lovelace\n", type="leads", key="email")
    work_off(answer)
    assert [item["name"] for item in api(alice).get("leads/").json()["items"]] == ["Lovelace"]


def test_a_dry_run_is_told_and_changes_nothing(api: Maker, alice: User) -> None:
    answer = send(api(alice), "Name\nAda\n", type="leads", dry_run="1")
    work_off(answer)
    told = api(alice).get(f"jobs/{answer.json()['job']}/").json()
    assert (told["result"]["created"], told["result"]["dry_run"]) == (1, True)
    assert api(alice).get("leads/").json()["items"] == []


def test_a_dry_run_tells_of_each_row_what_it_would_do(api: Maker, alice: User, charlie: User) -> None:
    ada = create(registry["people"], {"name": "Ada", "email": "ada@example.com", "city": "London"}, alice)
    create(registry["people"], {"name": "Cyd", "email": "cyd@example.com"}, alice)
    text = "Name,Email,City,Account\nAda,ada@example.com,Paris,Acme\nBob,b@example.com,,\nCyd,cyd@example.com,,\nDan,no,,\n"
    answer = send(api(alice), text, type="people", key="email", dry_run="1", make_missing='["accounts"]')
    work_off(answer)
    rows = f"change-sets/{answer.json()['change_set']}/rows/"
    told = api(alice).get(rows).json()
    assert told["dry_run"] and [(item["row"], item["action"], item["id"]) for item in told["items"]] == [
        (2, "also_made", None),
        (2, "update", str(ada.pk)),
        (3, "create", None),
        (4, "unchanged", told["items"][3]["id"]),
        (5, "refused", None),
    ]
    changed, made = told["items"][1]["changes"], told["items"][2]["changes"]
    assert (changed["city"], changed["account"][1]["title"]) == (["London", "Paris"], "Acme")
    assert made == {"email": [None, "b@example.com"], "name": [None, "Bob"]}
    assert "e-mail address" in told["items"][4]["reason"]
    page = api(alice).get(f"{rows}?limit=1&action=update").json()
    assert ([item["title"] for item in page["items"]], page["next"]) == (["Ada"], None)
    first = api(alice).get(f"{rows}?limit=1").json()
    assert api(alice).get(f"{rows}?limit=1&after={first['next']}").json()["items"][0]["action"] == "update"
    assert api(alice).get(f"{rows}?action=magic").status_code == 422
    assert api(charlie).get(rows).status_code == 404
    ada.refresh_from_db()
    assert (ada.city, ada.version) == ("London", 1)


def test_an_archive_without_a_type_is_a_move(api: Maker, dao: User, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("export/all-companies.csv", "Record ID,Company name\n1,Lotus\n")
        archive.writestr("export/all-contacts.csv", "Record ID,Last Name,Email,Associated Company IDs\n2,Love,ada@example.com,1\n")
    answer = api(dao).client.post("/api/v1/imports/", {"file": SimpleUploadedFile("e.zip", (tmp_path / "export.zip").read_bytes())})
    work_off(answer)
    told = api(dao).get(f"jobs/{answer.json()['job']}/").json()["result"]
    assert [(file["type"], file["created"]) for file in told["files"]] == [("accounts", 1), ("people", 1)]


def test_a_note_is_not_proposed_to_whoever_may_make_none(api: Maker, alice: User) -> None:
    Role.objects.update(rights={"people": {"view": "all", "create": "all"}})
    answer = send(api(alice), "Name,Notes\nAda,Hello\n", type="people")
    work_off(answer)
    assert [item["name"] for item in api(alice).get("people/").json()["items"]] == ["Ada"]
    assert send(api(alice), "Name,Notes\nAda,Hello\n", type="people", map='{"columns": {"Notes": "notes"}}').status_code == 403


def test_what_an_import_did_is_told_row_by_row(api: Maker, alice: User) -> None:
    create(registry["leads"], {"name": "Ada", "email": "ada@example.com", "city": "London"}, alice)
    answer = send(api(alice), "Email,City\nada@example.com,Paris\n", type="leads", key="email")
    work_off(answer)
    told = api(alice).get(f"change-sets/{answer.json()['change_set']}/rows/").json()
    assert (told["dry_run"], told["items"][0]["action"], told["items"][0]["changes"]) == (False, "update", {"city": ["London", "Paris"]})


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"type": "dragons"}, 422),
        ({"type": "leads", "map": "{"}, 422),
        ({"type": "leads", "map": '{"columns": {"Name": "nme"}}'}, 422),
        ({"type": "leads", "mode": "magic"}, 422),
        ({"type": "leads", "layout": '{"encoding": "klingon"}'}, 422),
        ({"type": "users"}, 403),
    ],
)
def test_what_does_not_do_is_refused(api: Maker, alice: User, fields: dict[str, str], status: int) -> None:
    answer = send(api(alice), "Name\nAda\n", **fields)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_an_empty_file_and_no_file_are_refused(api: Maker, alice: User) -> None:
    assert send(api(alice), "", type="leads").status_code == 422
    assert api(alice).post("imports/", {"type": "leads"}).status_code == 422
    assert api(alice).post("imports/", {"type": "leads", "file": "x"}).status_code == 422


def test_files_and_jobs_of_others_are_not_there(api: Maker, alice: User, charlie: User) -> None:
    stored = api(alice).client.post("/api/v1/files/", {"file": SimpleUploadedFile("a.csv", b"Name\nAda\n")}).json()["id"]
    job = api(alice).post("imports/", {"file": stored, "type": "leads"}).json()["job"]
    assert api(charlie).get(f"files/{stored}/").status_code == 404
    assert api(charlie).get(f"jobs/{job}/").status_code == 404
    assert api(charlie).post("imports/", {"file": stored, "type": "leads"}).status_code == 422


def test_a_job_can_be_stopped_before_and_while_it_works(api: Maker, alice: User) -> None:
    waiting = send(api(alice), "Name\nAda\n", type="leads").json()["job"]
    assert api(alice).delete(f"jobs/{waiting}/").json()["state"] == "cancelled"

    from renmai.kernel.jobs.work import step

    @work("test.endless")
    def endless(job: Job) -> None:
        for number in range(10):
            stop(job)
            step(job, number)

    job = later("test.endless", by=alice)
    perform(job)
    assert (job.state, job.done) == ("cancelled", 0)


def test_a_job_that_breaks_is_seen_to_have_failed(alice: User) -> None:
    @work("test.broken")
    def broken(job: Job) -> None:
        raise RuntimeError("secret")

    job = later("test.broken", by=alice)
    with pytest.raises(RuntimeError):
        perform(job)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "secret" not in job.problem


def test_an_export_is_made_in_the_background(api: Maker, alice: User) -> None:
    for name in ("Ada", "Bob"):
        create(registry["leads"], {"name": name}, alice)
    wanted = {"type": "leads", "filter": {"field": "name", "op": "eq", "value": "ada"}, "fields": ["name"], "format": "csv"}
    answer = api(alice).post("exports/", wanted)
    work_off(answer)
    told = api(alice).get(f"jobs/{answer.json()['job']}/").json()
    lines = bytes_of(api(alice), told["result"]["file"]).decode("utf-8-sig").splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["name", "Ada"]


@pytest.mark.parametrize("wrong", [{"format": "pdf"}, {"fields": ["nonsense"]}, {"filter": {"field": "x"}}, {"sort": "nonsense"}])
def test_an_export_that_cannot_be_is_refused_at_once(api: Maker, alice: User, wrong: dict[str, Any]) -> None:
    answer = api(alice).post("exports/", {"type": "leads", **wrong})
    assert answer.status_code in {400, 422}
    assert not json.loads(answer.content).get("job")


OWN = [("Budget", "money"), ("Opens at", "time"), ("Site", "address"), ("Visits", "number")]


def test_own_fields_are_found_by_label_and_by_name_and_go_out_as_they_came_in(api: Maker, alice: User, dao: User) -> None:
    for label, kind in OWN:
        api(dao).post("custom-fields/", {"type": "leads", "label": label, "kind": kind})
    formula = {"type": "leads", "label": "Double", "kind": "formula", "formula": "custom.budget * 2"}
    api(dao).post("custom-fields/", formula)
    program = api(alice)
    text = 'Name,Budget,Opens at,Site,custom.visits,Double\nAda,"1,200.50",8:30,1 Rama IV Road,3,7\n'
    work_off(send(program, text, type="leads"))
    own = program.get("leads/").json()["items"][0]["custom"]
    expected = {"budget": "1200.50", "opens_at": "08:30", "site": {"lines": "1 Rama IV Road"}, "visits": "3", "double": "2401.00"}
    assert {key: own[key] for key in expected} == expected | {"double": own["double"]} and float(own["double"]) == 2401
    names = "name,custom.budget,custom.opens_at,custom.site,custom.visits,custom.double"
    out = program.post("exports/", {"type": "leads", "fields": names.split(","), "format": "csv"})
    work_off(out)
    again = bytes_of(program, program.get(f"jobs/{out.json()['job']}/").json()["result"]["file"]).decode()
    work_off(send(program, again.replace("Ada", "Bo"), type="leads"))
    assert [item["custom"] for item in program.get("leads/", sort="name").json()["items"]] == [own, own]


def test_roll_ups_follow_an_import(api: Maker, alice: User, dao: User) -> None:
    rolled = {"type": "accounts", "label": "People", "kind": "roll_up", "relation": "people", "aggregate": "count"}
    api(dao).post("custom-fields/", rolled)
    account = api(alice).post("accounts/", {"name": "Siam Foods"}).json()
    rows = "".join(f"Person {number},Siam Foods\n" for number in range(3))
    work_off(send(api(alice), f"Name,Account\n{rows}", type="people"))
    assert api(alice).get(f"accounts/{account['id']}/").json()["custom"]["people"] == "3"
