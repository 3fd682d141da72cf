"""A mailbox is read to its end, each letter once, whatever breaks off in between."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.facts.model import Fact
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.mailbox import imap
from renmai.kernel.mailbox.api import set_password
from renmai.kernel.mailbox.command import handle
from renmai.kernel.mailbox.imap import check
from renmai.kernel.mailbox.model import Letter, Mailbox, Reading
from renmai.kernel.mailbox.taking import take
from renmai.kernel.mailbox.tests.server import Server
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db
MAILBOXES, LEADS = registry["mailboxes"], registry["leads"]


def letter(number: int, *headers: str) -> bytes:
    """A letter of somebody's."""
    head = [f"From: Guest {number} <guest{number}@example.com>", f"Subject: Question {number}", f"Message-ID: <{number}@example.com>"]
    return "\r\n".join([*head, *headers, "", f"Please call me ({number})."]).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with three letters, one of which nobody wrote."""
    made = Server()
    made.letters = {11: letter(1), 12: letter(2, "Auto-Submitted: auto-replied"), 15: letter(3)}
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def mailbox(server: Server, dao: User, alice: User) -> Mailbox:
    """A mailbox on it, whose letters become leads of Alice's."""
    values = {"name": "Sales", "host": "127.0.0.1", "port": server.port, "security": "none", "account": "sales", "receiver": str(alice.pk)}
    made: Any = create(MAILBOXES, values, dao)
    set_password(made, "secret")
    return made  # type: ignore[no-any-return]


def test_letters_become_leads_and_those_that_nobody_wrote_are_kept_with_the_reason(mailbox: Mailbox, server: Server, alice: User) -> None:
    assert [check(mailbox), check(mailbox)] == [3, 0]
    leads: Any = LEADS.model.objects.order_by("created_at")
    assert [(lead.name, lead.email, lead.source, lead.owner) for lead in leads] == [
        ("Guest 1", "guest1@example.com", "email", alice),
        ("Guest 3", "guest3@example.com", "email", alice),
    ]
    assert list(Letter.objects.order_by("pk").values_list("state", "reason")) == [("taken", ""), ("skipped", "automatic"), ("taken", "")]
    fact = Fact.objects.filter(kind="lead.wrote").earliest("seq")
    assert (fact.data["subject"], fact.data["message"], server.fetched) == ("Question 1", "Please call me (1).", [11, 12, 15])
    server.letters[16] = letter(4).replace(b"guest4@", b"guest1@").replace(b"Guest 4", b"Guest 1")
    server.validity, server.sizes[15] = 8, 30_000_000
    assert check(mailbox) == 4
    assert (LEADS.model.objects.count(), Letter.objects.latest("pk").joined) == (2, True)


def test_who_is_stopped_between_two_letters_loses_none_and_doubles_none(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def stopped(box: Mailbox, raw: bytes) -> Any:
        calls.append(1)
        result = take(box, raw)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(imap, "take", stopped)
    with pytest.raises(KeyboardInterrupt):
        check(mailbox)
    assert (Letter.objects.count(), Reading.objects.get().last) == (2, 12)
    check(mailbox)
    assert (Letter.objects.count(), LEADS.model.objects.count(), Reading.objects.get().last) == (3, 2, 15)


def test_a_server_that_does_not_let_us_in_is_told(mailbox: Mailbox, client: Client, dao: User) -> None:
    set_password(mailbox, "wrong")
    with pytest.raises(Refused, match="wrong password"):
        check(mailbox)
    client.force_login(dao)
    assert "wrong password" in client.get(f"/mailboxes/{mailbox.pk}/").content.decode()
    answered = client.post(f"/mailboxes/{mailbox.pk}/password/", {"password": "secret"})
    assert answered.status_code == 302 and LEADS.model.objects.count() == 2
    shown = client.get(f"/mailboxes/{mailbox.pk}/").content.decode()
    assert "Question 1" in shown and "An automatic answer" in shown and "secret" not in shown
    Reading.objects.update(sealed="")
    assert client.post(f"/mailboxes/{mailbox.pk}/look/").status_code == 422


def test_a_letter_may_be_brought_by_a_program_and_by_the_mail_server(
    mailbox: Mailbox, dao: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api(dao)

    def bring(raw: bytes, by: Api = api) -> Any:
        return by.client.post(f"/api/v1/mailboxes/{mailbox.pk}/letters/", raw, content_type="message/rfc822")

    first, again = (bring(letter(9)).json() for _time in "12")
    assert (first["state"], first["repeated"], again["repeated"], LEADS.model.objects.count()) == ("taken", False, True, 1)
    assert bring(letter(8, "From: x", "List-Id: <a>")).json()["reason"] == "list"
    assert bring(letter(7).replace(b"guest7@example.com", alice.email.encode())).json()["reason"] == "colleague"
    assert bring(b" ").status_code == 422 and bring(letter(6), Api(alice)).status_code in {403, 404}
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(letter(5))))
    assert handle(argparse.Namespace(mailbox="Sales")) == 0
    assert api.get(f"mailboxes/{mailbox.pk}/letters/").json()["items"][0]["from"] == "guest5@example.com"
    assert api.post(f"mailboxes/{mailbox.pk}/check/").json() == {"seen": 3}


def test_what_hangs_on_a_letter_is_kept_with_the_record(mailbox: Mailbox) -> None:
    parts = b'\r\n--b\r\n\r\nSee the file.\r\n--b\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nwords\r\n--b--\r\n'
    raw = letter(1, "Content-Type: multipart/mixed; boundary=b").replace(b"\r\nPlease call me (1).", parts)
    kept, _before = take(mailbox, raw)
    assert Attachment.objects.get(record_id=kept.record_id).file.name == "a.txt"
    assert Fact.objects.get(kind="lead.wrote").data["files"] == ["a.txt"]
