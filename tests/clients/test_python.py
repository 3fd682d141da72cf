"""The Python client against the program itself, through its WSGI door."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from django.test import Client
from renmai_client import BadSignature, Conflict, Invalid, Missing, Refused, Renmai, Reply, Unreachable, verify_webhook

from renmai.kernel.access.token import Token
from renmai.kernel.access.user import User
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.webhooks.signing import new_secret, signature


class Door:
    """Our WSGI application as a transport; ``busy`` requests are turned away first."""

    def __init__(self) -> None:
        self.client, self.busy, self.waited = Client(SERVER_NAME="127.0.0.1"), 0, []  # type: ignore[var-annotated]
        self.lost, self.sent = 0, 0

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float) -> Reply:
        if self.busy:
            self.busy -= 1
            return Reply(429, b"{}", {"retry-after": "7"})
        parts = urlsplit(url)
        kind, rest = headers["Content-Type"], {name: value for name, value in headers.items() if name != "Content-Type"}
        address = f"{parts.path}?{parts.query}"
        answer = self.client.generic(method, address, body or b"", content_type=kind, headers=rest)
        self.sent += 1
        if self.lost:
            self.lost -= 1
            raise ConnectionResetError("lost on its way back")
        content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        return Reply(answer.status_code, content, {name.lower(): value for name, value in answer.items()})


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def renmai(alice: User, door: Door) -> Renmai:
    return Renmai("http://127.0.0.1", Token.issue(alice), transport=door, sleep=door.waited.append)


def test_records_are_made_changed_and_deleted(renmai: Renmai) -> None:
    lead = renmai["leads"].create(name="Somchai", country="TH")
    assert renmai["leads"].update(lead, company="Siam Steel")["company"] == "Siam Steel"
    renmai["leads"].delete(lead["id"])
    with pytest.raises(Missing):
        renmai["leads"].get(lead["id"])


def test_all_pages_are_walked(renmai: Renmai) -> None:
    names = {f"Lead {number}" for number in range(5)}
    for name in names:
        renmai["leads"].create(name=name, country="TH")
    renmai["leads"].create(name="Another", country="TW")
    found = renmai["leads"].all(filter={"field": "country", "op": "eq", "value": "TH"}, limit=2)
    assert {lead["name"] for lead in found} == names


def test_what_is_wrong_is_told_by_field(renmai: Renmai) -> None:
    with pytest.raises(Invalid) as problem:
        renmai["leads"].create(name="Somchai", country="Siam")
    assert [one.field for one in problem.value.errors] == ["country"]


def test_a_conflict_shows_all_sides(renmai: Renmai) -> None:
    lead = renmai["leads"].create(name="Somchai", company="Siam")
    renmai["leads"].update(lead["id"], company="Theirs")
    with pytest.raises(Conflict) as conflict:
        renmai["leads"].update(lead, company="Mine")
    sides = conflict.value
    assert (sides.mine["company"], sides.theirs["company"], sides.original["company"]) == ("Mine", "Theirs", "Siam")


def test_a_duplicate_names_its_candidates(renmai: Renmai) -> None:
    first = renmai["people"].create(name="Somchai", external_ids={"shop": "17"})
    with pytest.raises(Refused) as refused:
        renmai["people"].create(name="Somchai J", external_ids={"shop": "17"})
    assert [one["id"] for one in refused.value.candidates] == [first["id"]]


def test_it_waits_as_long_as_it_is_asked_to(renmai: Renmai, door: Door) -> None:
    door.busy = 2
    assert renmai.me()["email"] == "alice@example.com"
    assert door.waited == [7, 7]


def test_an_answer_that_is_lost_has_no_second_effect(renmai: Renmai, door: Door) -> None:
    door.lost = 1
    made = renmai["leads"].create(name="Somchai")
    assert door.sent == 2
    assert [lead["id"] for lead in renmai["leads"].all()] == [made["id"]]


def test_no_answer_at_all_is_told(renmai: Renmai, door: Door) -> None:
    door.lost = 9
    with pytest.raises(Unreachable):
        renmai.me()


def test_files_go_in_and_out(renmai: Renmai) -> None:
    lead = renmai["leads"].create(name="Somchai")
    stored = renmai["leads"].attach(lead["id"], 'a "ใบ".txt', "สวัสดี".encode())
    assert renmai.download(stored["id"]).decode() == "สวัสดี"


def test_a_file_is_imported_and_waited_for(renmai: Renmai) -> None:
    job = renmai.import_file("leads", "leads.csv", b"Name,Country\nSomchai,TH\nMei,TW\n")
    perform(Job.objects.get(pk=job))
    assert renmai.wait(job)["result"]["created"] == 2


def test_a_message_is_trusted_by_its_signature_only() -> None:
    secret, body = new_secret(), b'{"type": "lead.created"}'
    headers = {"Webhook-Id": "1", "Webhook-Timestamp": "1000", "Webhook-Signature": f"v1,xx {signature(secret, '1', 1000, body)}"}
    assert verify_webhook(secret, headers, body, now=1100) == {"type": "lead.created"}
    for changed in ({"body": body + b" "}, {"now": 2000.0}, {"secret": new_secret()}):
        given = {"secret": secret, "headers": headers, "body": body, "now": 1100.0, **changed}
        with pytest.raises(BadSignature):
            verify_webhook(**given)  # type: ignore[arg-type]
