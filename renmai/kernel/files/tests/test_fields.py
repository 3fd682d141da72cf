"""A field that holds files: put in, read, found, hung on its record, and let go of."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.actions.run import run
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.store import receive
from renmai.kernel.history.purge import purge
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.overlay import version
from renmai.kernel.overlay.field import CustomField
from renmai.kernel.records import store
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again
from renmai.kernel.transfer.plan import Plan
from renmai.kernel.transfer.propose import fields_of

LEADS = registry["leads"]
FIELD = "custom.papers"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def sent(name: str = "offer.pdf", content: bytes = b"%PDF-1.7\n\xe2\xe3\xcf\xd3") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def papers(api: Any, dao: User) -> CustomField:
    """A field of leads that holds files."""
    answer = api(dao).post("custom-fields/", {"type": "leads", "label": "Papers", "kind": "file", "key": "papers"})
    assert answer.status_code == 201, answer.json()
    version.refresh()
    return CustomField.objects.get(pk=answer.json()["id"])  # type: ignore[no-any-return]


@pytest.fixture
def offer(alice: User) -> StoredFile:
    """A file that Alice has brought."""
    return receive(sent(), by=alice)


@pytest.fixture
def lead(alice: User, offer: StoredFile) -> Record:
    """A lead of Alice's with that file in the field."""
    return store.create(LEADS, {"name": "Ann", FIELD: [str(offer.pk)]}, alice)


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(alice)
    return client


def on(lead: Record) -> list[tuple[str, bool]]:
    """The files that hang in the field, and whether they are there still."""
    hung = Attachment.objects.filter(record_id=lead.pk, place=FIELD).order_by("at")
    return [(one.file.name, one.removed_at is None) for one in hung]


def test_a_file_is_given_by_its_id_and_read_with_its_name_and_size(api: Any, alice: User) -> None:
    program = api(alice)
    key = program.client.post("/api/v1/files/", {"file": sent()}).json()["id"]
    made = program.post("leads/", {"name": "Ann", "custom": {"papers": key}}).json()
    assert made["custom"] == {"papers": [{"id": key, "name": "offer.pdf", "size": 13, "type": "application/pdf"}]}
    again_sent = program.patch(f"leads/{made['id']}/", {"custom": made["custom"]}).json()
    assert again_sent["version"] == made["version"]
    assert program.get(f"files/{key}/").status_code == 200


def test_who_may_see_record_and_field_may_fetch_the_file(api: Any, bob: User, charlie: User, lead: Record, offer: StoredFile) -> None:
    assert api(bob).get(f"files/{offer.pk}/").status_code == 200
    assert api(charlie).get(f"files/{offer.pk}/").status_code == 404
    role = bob.access.roles[0]
    type(role).objects.filter(pk=role.pk).update(fields={"leads": {FIELD: "hidden"}}, version=role.version + 1)
    assert api(again(bob)).get(f"files/{offer.pk}/").status_code == 404


def test_a_file_that_one_may_not_read_is_none(alice: User, charlie: User) -> None:
    theirs = receive(sent(), by=charlie)
    with pytest.raises(Invalid) as refused:
        store.create(LEADS, {"name": "Ann", FIELD: [str(theirs.pk)]}, alice)
    assert refused.value.errors == {FIELD: ["There is no such file."]}


def test_what_leaves_the_field_lies_in_its_bin_and_comes_back_with_the_value(
    api: Any, alice: User, lead: Record, offer: StoredFile
) -> None:
    store.update(LEADS, lead.pk, {FIELD: []}, alice)
    assert on(lead) == [("offer.pdf", False)]
    change = api(alice).get(f"leads/{lead.pk}/history/").json()["items"][0]["changes"][FIELD]
    assert [len(side or []) for side in change] == [1, 0]
    store.update(LEADS, lead.pk, {FIELD: change[0]}, alice)
    assert on(lead) == [("offer.pdf", True)]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"op": "is_set"}, ["Ann"]),
        ({"op": "is_empty"}, ["Bo"]),
        ({"op": "contains", "value": "OFFER"}, ["Ann"]),
        ({"op": "contains", "value": "x"}, []),
    ],
)
def test_records_are_found_by_their_files(api: Any, alice: User, lead: Record, condition: dict[str, Any], found: list[str]) -> None:
    store.create(LEADS, {"name": "Bo"}, alice)
    tree = json.dumps({"field": FIELD, **condition})
    assert [item["title"] for item in api(alice).get("leads/", filter=tree).json()["items"]] == found


def test_a_form_keeps_the_file_when_something_else_is_wrong(browser: Client) -> None:
    answer = browser.post("/leads/new/", {"name": "Ann", "email": "nobody", FIELD: sent()})
    stored = StoredFile.objects.get()
    assert answer.status_code == 422 and f'value="{stored.pk}" checked' in answer.content.decode()
    assert browser.post("/leads/new/", {"name": "Ann", FIELD: str(stored.pk)}).status_code == 303
    assert [file["name"] for file in LEADS.model.objects.get(name="Ann").custom["papers"]] == ["offer.pdf"]


def test_a_form_says_beside_the_field_why_a_file_is_not_taken(browser: Client) -> None:
    answer = browser.post("/leads/new/", {"name": "Ann", FIELD: sent("setup.exe")})
    assert answer.status_code == 422 and "setup.exe: " in answer.content.decode()


def test_a_form_tells_nothing_of_files_of_others(browser: Client, charlie: User) -> None:
    theirs = receive(sent("salaries.pdf"), by=charlie)
    answer = browser.post("/leads/new/", {"name": "", FIELD: str(theirs.pk)})
    assert answer.status_code == 422 and "salaries" not in answer.content.decode()


def test_the_page_offers_the_file_and_shows_a_picture(browser: Client, alice: User, lead: Record, offer: StoredFile) -> None:
    picture = receive(sent("face.png", PNG), by=alice)
    store.update(LEADS, lead.pk, {FIELD: [str(offer.pk), str(picture.pk)]}, alice)
    page = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert f'href="/files/{offer.pk}/"' in page and f'<img src="/files/{picture.pk}/?show=1"' in page
    browser.post("/leads/columns/", {"column": [FIELD]})
    assert "offer.pdf" in browser.get("/leads/").content.decode()
    assert "offer.pdf, face.png" in browser.get(f"/leads/{lead.pk}/history/").content.decode()


def test_files_are_put_into_the_field_in_its_place_and_that_is_taken_back(alice: User, lead: Record, offer: StoredFile) -> None:
    page = Client(SERVER_NAME="127.0.0.1", headers={"HX-Request": "true"})
    page.force_login(alice)
    path = f"/leads/{lead.pk}/field/{FIELD}/"
    opened = page.get(path, {"edit": "1", "in": "list"}).content.decode()
    assert 'hx-encoding="multipart/form-data"' in opened and f'value="{offer.pk}" checked' in opened
    assert page.post(path, {"version": lead.version, FIELD: sent("setup.exe")}).status_code == 422
    answer = page.post(path, {"version": lead.version, "in": "list", FIELD: [str(offer.pk), sent("plan.pdf")]})
    assert "plan.pdf" in answer.content.decode() and on(lead) == [("offer.pdf", True), ("plan.pdf", True)]
    assert page.post(json.loads(answer["HX-Trigger"])["toast"]["undo"]).status_code == 204
    assert on(lead) == [("offer.pdf", True), ("plan.pdf", False)]


def test_a_file_is_put_into_many_records_and_taken_out_of_them(browser: Client, alice: User, lead: Record) -> None:
    other = store.create(LEADS, {"name": "Bo"}, alice)
    chosen = {"do": "edit", "field": FIELD, "ids": f"{lead.pk},{other.pk}"}
    assert 'hx-encoding="multipart/form-data"' in browser.get("/leads/bulk/", chosen).content.decode()
    assert browser.post("/leads/bulk/", {**chosen, FIELD: sent("terms.pdf")}).status_code == 204
    assert on(lead) == [("offer.pdf", False), ("terms.pdf", True)] and on(other) == [("terms.pdf", True)]
    assert browser.post("/leads/bulk/", chosen).status_code == 204
    assert on(lead) == [("offer.pdf", False), ("terms.pdf", False)] and on(other) == [("terms.pdf", False)]


def test_an_export_has_the_names(browser: Client, alice: User, lead: Record) -> None:
    browser.post("/leads/columns/", {"column": [FIELD]})
    text = b"".join(browser.get("/leads/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert ["Ann", "offer.pdf"] in [row[:2] for row in csv.reader(io.StringIO(text))]


def test_an_import_cannot_bring_files_and_says_so() -> None:
    assert FIELD not in fields_of(LEADS)
    with pytest.raises(Invalid) as refused:
        Plan.of({"columns": {"Papers": FIELD}}).targets(LEADS)
    assert "Files cannot come with a table" in str(refused.value.errors[FIELD])


def test_a_field_of_files_is_not_sorted_by(api: Any, dao: User) -> None:
    answer = api(dao).post("custom-fields/", {"type": "leads", "label": "More", "kind": "file", "filterable": True})
    assert [error["field"] for error in answer.json()["errors"]] == ["filterable"]


def test_openapi_tells_how_a_file_is_given_and_read(api: Any, alice: User) -> None:
    schemas = api(alice).get("openapi.json").json()["components"]["schemas"]
    read, given = (schemas[name]["properties"]["custom"]["properties"]["papers"]["items"] for name in ("leads", "leads-write"))
    assert set(read["properties"]) == {"id", "name", "size", "type"} and given["anyOf"][0]["format"] == "uuid"


def test_the_files_go_with_the_record(dao: User, lead: Record, offer: StoredFile) -> None:
    store.remove(LEADS, lead.pk, dao)
    purge(LEADS, lead.pk, dao)
    assert not StoredFile.objects.filter(pk=offer.pk).exists()


def test_the_files_go_with_the_field(api: Any, dao: User, alice: User, papers: CustomField, lead: Record, offer: StoredFile) -> None:
    fields = registry["custom-fields"]
    store.remove(fields, papers.pk, dao)
    assert api(alice).get(f"files/{offer.pk}/").status_code == 404
    run(fields, "restore", papers.pk, by=dao)
    assert api(again(alice)).get(f"files/{offer.pk}/").status_code == 200
    store.remove(fields, papers.pk, dao)
    purge(fields, papers.pk, dao)
    perform(Job.objects.get(kind="custom-erase"))
    assert not StoredFile.objects.filter(pk=offer.pk).exists()
