"""A token opens no more than its person may, and no more than it says itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.kernel.access.token import Reach, Token
from renmai.kernel.access.user import User
from renmai.kernel.jobs.model import Job, JobState
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db


def program(user: User, **reach: Any) -> Client:
    """A program with a token of its own."""
    key = Token.issue(user, reach=Reach(**reach))
    return Client(headers={"Authorization": f"Bearer {key}"})


def test_a_token_that_only_reads_changes_nothing(alice: User) -> None:
    key = create(registry["leads"], {"name": "Ann"}, alice).pk
    reader = program(alice, read_only=True)
    assert reader.get("/api/v1/leads/").json()["items"][0]["title"] == "Ann"
    body: dict[str, Any] = {"content_type": "application/json"}
    answers = [
        reader.post("/api/v1/leads/", {"name": "Ben"}, **body),
        reader.patch(f"/api/v1/leads/{key}/", {"name": "Ben"}, **body),
        reader.delete(f"/api/v1/leads/{key}/"),
        reader.post(f"/api/v1/leads/{key}/qualify/", {}, **body),
        reader.post("/api/v1/leads/bulk/", {"action": "delete", "ids": [str(key)]}, **body),
        reader.post("/api/v1/imports/", {}, **body),
    ]
    assert {answer.status_code for answer in answers} == {403}


def test_a_token_of_one_type_opens_no_other(alice: User) -> None:
    account = create(registry["accounts"], {"name": "Secret"}, alice)
    create(registry["people"], {"name": "Ann", "account": account}, alice)
    narrow = program(alice, types=frozenset({"people"}))
    assert narrow.get("/api/v1/accounts/").json()["items"] == []
    assert narrow.get(f"/api/v1/accounts/{account.pk}/").status_code == 404
    ann = narrow.get("/api/v1/people/").json()["items"][0]
    assert (ann["account"]["title"], ann["owner"]["title"]) == (None, "Alice")
    assert [hit["type"] for hit in narrow.get("/api/v1/search/?q=secret").json()["items"]] == []
    body: dict[str, Any] = {"content_type": "application/json"}
    assert narrow.post("/api/v1/people/", {"name": "Ben"}, **body).status_code == 201
    assert narrow.post("/api/v1/accounts/", {"name": "Ben"}, **body).status_code == 403
    assert narrow.post("/api/v1/accounts/bulk/", {"action": "delete", "ids": [str(account.pk)]}, **body).status_code == 403


def test_a_token_is_made_with_its_reach_on_the_page(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.post("/settings/tokens/", {"name": "Mirror", "lasts": "30", "may": "read", "types": ["leads", "nonsense"]})
    token = Token.objects.get()
    assert (token.reach, token.name) == (Reach(read_only=True, types=frozenset({"leads"})), "Mirror")
    assert token.expires_at is not None and "only leads" in page.content.decode()


def test_an_admin_revokes_anybodys_and_others_only_their_own(client: Client, alice: User, bob: User, dao: User) -> None:
    Token.issue(alice, "Of Alice")
    number = Token.objects.get().pk
    client.force_login(bob)
    assert client.get("/settings/tokens/all/").status_code == 403
    client.post(f"/settings/tokens/{number}/revoke/", {"all": "1"})
    assert Token.objects.exists()
    client.force_login(dao)
    assert "Of Alice" in client.get("/settings/tokens/all/").content.decode()
    client.post(f"/settings/tokens/{number}/revoke/", {"all": "1"})
    assert not Token.objects.exists()


def answered(program: Client, path: str, values: dict[str, Any]) -> Any:
    """The job that was asked for, after it ran."""
    job = Job.objects.get(pk=program.post(f"/api/v1/{path}", values, content_type="application/json").json()["job"])
    perform(job)
    return job


def test_work_that_a_token_asked_for_reaches_no_further_than_the_token(alice: User) -> None:
    create(registry["accounts"], {"name": "Acme"}, alice)
    lead = create(registry["leads"], {"name": "Ann"}, alice)
    narrow = program(alice, types=frozenset({"leads"}))
    which = {"field": "name", "op": "eq", "value": "Ann"}
    assert answered(narrow, "leads/bulk/", {"action": "delete", "filter": which}).result["done"] == 1
    assert not registry["leads"].model.objects.live().filter(pk=lead.pk).exists()
    assert narrow.post("/api/v1/exports/", {"type": "accounts"}, content_type="application/json").status_code == 403
    asked = {"slug": "accounts", "format": "csv", "filter": None, "q": "", "sort": "", "fields": [], "for_people": False}
    job = Job.objects.create(kind="export", by=alice, arguments=asked, reach=Reach(types=frozenset({"leads"})).as_json())
    perform(job)
    assert job.state == JobState.FAILED


def test_an_import_with_a_narrow_token_makes_nothing_of_another_type(alice: User) -> None:
    narrow = program(alice, types=frozenset({"people"}))
    file = SimpleUploadedFile("people.csv", b"Name,Account\nAnn,Acme\n")
    sent = {"type": "people", "file": file, "map": '{"columns": {"Name": "name", "Account": "account"}}', "make_missing": '["accounts"]'}
    assert narrow.post("/api/v1/imports/", sent).status_code == 403


def test_a_narrow_token_knows_only_the_work_that_it_asked_for(alice: User) -> None:
    create(registry["leads"], {"name": "Ann"}, alice)
    wide, narrow = program(alice), program(alice, types=frozenset({"leads"}))
    jobs = {
        who: client.post("/api/v1/exports/", {"type": "leads"}, content_type="application/json").json()["job"]
        for who, client in {"wide": wide, "narrow": narrow}.items()
    }
    assert [narrow.get(f"/api/v1/jobs/{job}/").status_code for job in jobs.values()] == [404, 200]
    assert [wide.get(f"/api/v1/jobs/{job}/").status_code for job in jobs.values()] == [200, 200]


def test_a_narrow_token_opens_no_loose_file_but_those_brought_with_one_that_reaches_no_further(alice: User) -> None:
    clients = {"own": Client(), "wide": program(alice), "leads": program(alice, types=frozenset({"leads"}))}
    clients["both"] = program(alice, types=frozenset({"accounts", "leads"}))
    clients["own"].force_login(alice)
    brought = {
        name: client.post("/api/v1/files/", {"file": SimpleUploadedFile("a.txt", b"a")}).json()["id"]
        for name, client in clients.items()
        if name != "own"
    }
    opened = {
        name: {who for who, key in brought.items() if client.get(f"/api/v1/files/{key}/").status_code == 200}
        for name, client in clients.items()
    }
    assert opened == {"own": {"wide", "leads", "both"}, "wide": {"wide", "leads", "both"}, "leads": {"leads"}, "both": {"leads", "both"}}
    lead = create(registry["leads"], {"name": "Ann"}, alice)
    body: dict[str, Any] = {"content_type": "application/json"}
    hung = {
        who: clients["leads"].post(f"/api/v1/leads/{lead.pk}/files/", {"file": key}, **body).status_code for who, key in brought.items()
    }
    assert hung == {"wide": 422, "leads": 201, "both": 422}


def test_a_narrow_token_fetches_what_was_made_for_it(alice: User) -> None:
    narrow = program(alice, types=frozenset({"leads"}))
    create(registry["leads"], {"name": "Ann"}, alice)
    made = answered(narrow, "exports/", {"type": "leads"}).result["file"]
    assert narrow.get(made).status_code == 200
    assert program(alice, types=frozenset({"accounts"})).get(made).status_code == 404
