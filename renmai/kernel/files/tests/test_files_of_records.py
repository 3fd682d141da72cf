"""Files on records: who may read, add, remove and bring back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.facts.timeline import timeline
from renmai.kernel.files.attached import attach, files_of, forget_removed, hang, remove
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.files.model import StoredFile
from renmai.kernel.files.store import receive
from renmai.kernel.history.purge import purge
from renmai.kernel.records import store
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again

LEADS = registry["leads"]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def lead(alice: User) -> Record:
    """A lead of Alice's."""
    return store.create(LEADS, {"name": "Ann"}, alice)


def sent(name: str = "offer.pdf", content: bytes = b"%PDF-1.7\n\xe2\xe3\xcf\xd3") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def offer(lead: Record, alice: User) -> StoredFile:
    """A file on that lead."""
    return attach(LEADS, lead.pk, receive(sent(), by=alice), alice).file


def of_lead(lead: Record, rest: str = "") -> str:
    return f"leads/{lead.pk}/files/{rest}"


def test_a_file_is_stored_and_hung_on_a_record(api: Any, alice: User, lead: Record) -> None:
    stored = api(alice).client.post("/api/v1/files/", {"file": sent()})
    assert stored.status_code == 201
    assert stored.json() | {"id": ""} == {"id": "", "name": "offer.pdf", "size": 13, "type": "application/pdf"}
    assert api(alice).post(of_lead(lead), {"file": stored.json()["id"]}).status_code == 201
    (found,) = api(alice).get(of_lead(lead)).json()["items"]
    assert (found["name"], found["by"]["title"]) == ("offer.pdf", "Alice")


def test_a_file_is_sent_to_a_record_at_once(api: Any, alice: User, lead: Record) -> None:
    assert api(alice).client.post(f"/api/v1/{of_lead(lead)}", {"file": sent()}).status_code == 201
    assert [one.file.name for one in files_of(lead)] == ["offer.pdf"]


def test_who_may_see_the_record_may_read_its_files(api: Any, bob: User, charlie: User, offer: StoredFile) -> None:
    assert b"".join(api(bob).get(f"files/{offer.pk}/").streaming_content).startswith(b"%PDF")
    assert api(charlie).get(f"files/{offer.pk}/").status_code == 404


def test_who_may_only_see_the_record_adds_and_removes_nothing(api: Any, bob: User, lead: Record, offer: StoredFile) -> None:
    mine = receive(sent(), by=bob)
    assert api(bob).post(of_lead(lead), {"file": str(mine.pk)}).status_code == 403
    assert api(bob).delete(of_lead(lead, f"{offer.pk}/")).status_code == 403


def test_to_others_the_files_of_a_record_are_not_there(api: Any, charlie: User, lead: Record, offer: StoredFile) -> None:
    mine = receive(sent(), by=charlie)
    assert api(charlie).get(of_lead(lead)).status_code == 404
    assert api(charlie).post(of_lead(lead), {"file": str(mine.pk)}).status_code == 404
    assert api(charlie).delete(of_lead(lead, f"{offer.pk}/")).status_code == 404


def test_a_file_of_somebody_else_is_not_hung_on_a_record_of_ones_own(api: Any, charlie: User, offer: StoredFile) -> None:
    mine = store.create(LEADS, {"name": "Mine"}, charlie)
    assert api(charlie).post(of_lead(mine), {"file": str(offer.pk)}).status_code == 422


def test_who_brought_a_file_reads_it_only_while_the_record_is_open_to_them(
    api: Any, alice: User, bob: User, lead: Record, offer: StoredFile, charlie: User
) -> None:
    store.update(LEADS, lead.pk, {"owner": str(charlie.pk)}, None)
    assert api(again(alice)).get(f"files/{offer.pk}/").status_code == 404
    assert api(charlie).get(f"files/{offer.pk}/").status_code == 200


def test_a_removed_file_is_read_by_who_may_change_the_record_and_comes_back(
    api: Any, alice: User, bob: User, lead: Record, offer: StoredFile
) -> None:
    assert api(alice).delete(of_lead(lead, f"{offer.pk}/")).status_code == 204
    assert api(alice).get(of_lead(lead)).json()["items"] == []
    assert api(bob).get(f"files/{offer.pk}/").status_code == 404
    assert api(alice).get(of_lead(lead), deleted=1).json()["items"][0]["deleted_at"]
    assert api(alice).post(of_lead(lead, f"{offer.pk}/")).status_code == 204
    assert api(bob).get(f"files/{offer.pk}/").status_code == 200


def test_the_timeline_tells_of_files(alice: User, lead: Record, offer: StoredFile) -> None:
    remove(LEADS, lead.pk, offer.pk, alice)
    told = [card.text for card in timeline(lead, alice)[0]]
    assert told[:2] == ["Alice removed the file offer.pdf from Ann", "Alice attached offer.pdf to Ann"]


def test_what_was_removed_long_ago_is_deleted_for_good(alice: User, lead: Record, offer: StoredFile) -> None:
    remove(LEADS, lead.pk, offer.pk, alice)
    assert forget_removed(30) == 0
    assert forget_removed(0) == 1
    assert not StoredFile.objects.filter(pk=offer.pk).exists()


def test_files_go_with_a_record_that_is_deleted_for_good(
    alice: User, dao: User, lead: Record, offer: StoredFile, django_capture_on_commit_callbacks: Any
) -> None:
    store.remove(LEADS, lead.pk, alice)
    with django_capture_on_commit_callbacks(execute=True):
        purge(LEADS, lead.pk, dao)
    assert not Attachment.objects.filter(record_id=lead.pk).exists()
    assert not offer.path.exists()


def test_a_file_in_a_hidden_field_is_not_there(api: Any, dao: User, bob: User, lead: Record) -> None:
    stored = receive(sent(), by=dao)
    hang(LEADS, lead, stored, dao, place="score")
    store.update(registry["roles"], bob.roles[0], {"fields": {"leads": {"score": "hidden"}}}, None)
    assert api(again(bob)).get(f"files/{stored.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("setup.exe", b"x", "Files of the kind “.exe” are not taken."),
        ("report.pdf", b"MZ\x90\0" + b"\0" * 60, "This file is a program, whatever its name says. Programs are not taken."),
        ("empty.txt", b"", "This file is empty."),
    ],
)
def test_what_is_not_taken_says_why(api: Any, alice: User, lead: Record, name: str, content: bytes, why: str) -> None:
    answer = api(alice).client.post(f"/api/v1/{of_lead(lead)}", {"file": sent(name, content)})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "file", "message": why}]


def test_a_file_over_the_limit_is_refused(api: Any, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RENMAI_FILE_LIMIT_MB", "1")
    answer = api(alice).client.post("/api/v1/files/", {"file": sent("big.bin", b"\0" * 1_048_577)})
    assert answer.json()["errors"][0]["message"] == "This file is too large: files of up to 1 MB are taken."


def test_a_page_from_outside_is_sent_as_a_download_only(client: Client, alice: User, lead: Record) -> None:
    page = attach(LEADS, lead.pk, receive(sent("face.svg", b"<svg onload=alert(1)>"), by=alice), alice).file
    client.force_login(alice)
    answer = client.get(f"/files/{page.pk}/?show=1")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_picture_is_shown_by_what_it_holds(client: Client, alice: User, lead: Record) -> None:
    picture = attach(LEADS, lead.pk, receive(sent("face.bin", PNG), by=alice), alice).file
    client.force_login(alice)
    assert client.get(f"/files/{picture.pk}/?show=1")["Content-Type"] == "image/png"


def test_the_card_offers_changes_to_who_may_make_them(client: Client, alice: User, bob: User, lead: Record, offer: StoredFile) -> None:
    shown = {}
    for user in (alice, bob):
        client.force_login(user)
        shown[user] = client.get(f"/leads/{lead.pk}/files/").content.decode()
    assert ["file-drop" in text for text in shown.values()] == [True, False]
    assert all("offer.pdf" in text for text in shown.values())


def test_a_browser_sends_removes_and_brings_back(client: Client, alice: User, lead: Record) -> None:
    client.force_login(alice)
    assert client.post(f"/leads/{lead.pk}/files/", {"file": sent()}).status_code == 204
    (one,) = files_of(lead)
    for verb, left in (("remove", 0), ("restore", 1)):
        assert client.post(f"/leads/{lead.pk}/files/{one.file_id}/{verb}/").status_code == 204
        assert len(files_of(lead)) == left


def test_a_removed_file_lies_in_the_bin_of_everything_for_who_may_bring_it_back(
    client: Client, alice: User, bob: User, lead: Record, offer: StoredFile
) -> None:
    remove(LEADS, lead.pk, offer.pk, alice)
    place = f"/leads/{lead.pk}/files/{offer.pk}/restore/"
    client.force_login(bob)
    assert place not in client.get("/recycle-bin/").content.decode()
    client.force_login(alice)
    assert place in client.get("/recycle-bin/").content.decode()
    assert place in client.get("/recycle-bin/?type=files").content.decode()
    assert place not in client.get("/recycle-bin/?q=nothing").content.decode()
    assert client.post(place).status_code == 204
    assert place not in client.get("/recycle-bin/").content.decode()
