"""Who is told of what, how, and what they may still see of it."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core import mail
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.actions.bulk import in_bulk
from renmai.kernel.actions.run import run
from renmai.kernel.comments.doing import write
from renmai.kernel.facts.model import Fact
from renmai.kernel.following.marks import follow, unfollow
from renmai.kernel.jobs.work import at_once
from renmai.kernel.notify import letters, push
from renmai.kernel.notify.choices import Ways, choose
from renmai.kernel.notify.inbox import count, inbox, read
from renmai.kernel.notify.making import notify
from renmai.kernel.notify.model import Mail, Notification, PushSubscription, Reason
from renmai.kernel.records import store
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again

LEADS, NOTES = registry["leads"], registry["notes"]
PUBLIC = "https://203.0.113.7/push"


@pytest.fixture
def lead(alice: User) -> Record:
    """A lead of Alice's."""
    return store.create(LEADS, {"name": "Ann"}, alice)


def tell() -> None:
    """What the worker would do with the last fact."""
    notify(seq=Fact.objects.latest("seq").seq)


def told(user: User) -> list[tuple[str, str]]:
    return [(item.notification.reason, item.card.text) for item in inbox(again(user), limit=20)[0]]


def test_the_owner_is_told_what_others_do(alice: User, dao: User, lead: Record) -> None:
    store.update(LEADS, lead.pk, {"company": "Siam Steel"}, dao)
    tell()
    assert told(alice) == [("owned", "Dao changed Company of Ann")]
    assert told(dao) == []


def test_who_is_mentioned_is_told_once_and_for_that(alice: User, bob: User, lead: Record) -> None:
    follow(LEADS, lead, bob)
    write(LEADS, lead.pk, "@Bob call her", [str(bob.pk)], alice)
    for _twice in range(2):
        tell()
    assert told(bob) == [("mentioned", "Alice commented on Ann")]


def test_a_new_owner_is_told_and_the_old_one_no_more(alice: User, bob: User, dao: User, lead: Record) -> None:
    run(LEADS, "assign", lead.pk, by=dao, arguments={"owner": str(bob.pk)})
    tell()
    assert told(bob) == [("assigned", "Dao gave Ann to Bob")]
    assert told(alice) == []


def test_followers_hear_of_what_is_written_about_the_record(alice: User, bob: User, lead: Record) -> None:
    follow(LEADS, lead, bob)
    store.create(NOTES, {"body": "She called", "about": [{"type": "leads", "id": str(lead.pk)}]}, alice)
    tell()
    assert [reason for reason, _text in told(bob)] == ["followed"]


def test_who_has_stopped_following_is_left_alone(alice: User, dao: User, lead: Record) -> None:
    unfollow(LEADS, lead, alice)
    store.update(LEADS, lead.pk, {"company": "Siam Steel"}, dao)
    tell()
    assert told(alice) == []


def test_nobody_is_told_of_what_they_may_not_see(alice: User, charlie: User, lead: Record) -> None:
    follow(LEADS, lead, charlie)
    store.update(LEADS, lead.pk, {"company": "Siam Steel"}, alice)
    tell()
    assert not Notification.objects.filter(user=charlie).exists()


def test_what_may_not_be_seen_any_more_is_not_shown(client: Client, alice: User, bob: User, charlie: User, lead: Record) -> None:
    follow(LEADS, lead, bob)
    store.update(LEADS, lead.pk, {"company": "Siam Steel"}, alice)
    tell()
    one = Notification.objects.get(user=bob)
    store.update(LEADS, lead.pk, {"owner": str(charlie.pk)}, None)
    assert told(bob) == []
    client.force_login(bob)
    assert "Siam Steel" not in client.get("/notifications/").content.decode()
    assert client.get(f"/notifications/{one.pk}/").status_code == 404


@pytest.mark.parametrize(("ticked", "heard"), [(False, 0), (True, 2)])
@pytest.mark.parametrize("action", ["update", "tag"])
def test_work_in_bulk_tells_only_where_that_is_wanted(alice: User, dao: User, ticked: bool, heard: int, action: str) -> None:
    leads = [store.create(LEADS, {"name": name}, alice) for name in ("Ann", "Ben")]
    before = Fact.objects.latest("seq").seq
    arguments: dict[str, Any] = {"company": "Acme"} if action == "update" else {"tags": ["fair"]}
    in_bulk(LEADS, action, dao, ids=[str(lead.pk) for lead in leads], arguments=arguments, notify=ticked, begin=at_once)
    from procrastinate.contrib.django.models import ProcrastinateJob

    queued = ProcrastinateJob.objects.filter(task_name="renmai.notify", args__seq__gt=before)
    assert queued.count() == heard


def test_silence_is_kept(alice: User, dao: User, lead: Record) -> None:
    choose(alice, {Reason.OWNED: Ways(app=False, mail=Mail.NEVER, push=False)})
    store.update(LEADS, lead.pk, {"company": "Siam Steel"}, dao)
    tell()
    assert not Notification.objects.filter(user=alice).exists()


def letter_to(user: User, lead: Record, by: User) -> Any:
    """The letter about a mention of the person."""
    write(LEADS, lead.pk, f"@{user.name} call her", [str(user.pk)], by)
    tell()
    letters.write(notification=Notification.objects.get(user=user).pk)
    return mail.outbox[-1]


def test_a_letter_says_what_happened_and_how_to_stop(alice: User, bob: User, lead: Record) -> None:
    letter = letter_to(bob, lead, alice)
    assert (letter.subject, letter.to) == ("Alice commented on Ann", ["bob@example.com"])
    assert "@Bob call her" in letter.body
    assert letter.alternatives[0].mimetype == "text/html"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_stops_letters_of_the_kind(client: Client, alice: User, bob: User, lead: Record) -> None:
    address = letter_to(bob, lead, alice).extra_headers["List-Unsubscribe"].strip("<>")
    path = address[address.index("/unsubscribe/") :]
    assert client.get(path).status_code == 200
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert again(bob).preferences["notify"]["mentioned"]["mail"] == "never"
    assert client.post("/unsubscribe/forged/").status_code == 410


def test_what_was_read_meanwhile_is_not_written_of(alice: User, bob: User, lead: Record) -> None:
    write(LEADS, lead.pk, "@Bob call her", [str(bob.pk)], alice)
    tell()
    read(bob)
    letters.write(notification=Notification.objects.get(user=bob).pk)
    assert mail.outbox == []


def test_the_letter_of_the_day_is_written_once_in_the_persons_language(alice: User, dao: User, lead: Record) -> None:
    store.update(registry["users"], alice.pk, {"language": "th"}, None)
    for company in ("Siam Steel", "Acme"):
        store.update(LEADS, lead.pk, {"company": company}, dao)
        tell()
    for _twice in range(2):
        letters.digest(again(alice))
    (letter,) = mail.outbox
    assert "2" in letter.subject
    assert "สวัสดี" in letter.body


def test_the_bell_counts_and_reading_empties_it(client: Client, alice: User, dao: User, lead: Record) -> None:
    store.update(LEADS, lead.pk, {"company": "Siam Steel"}, dao)
    tell()
    assert count(alice) == 1
    client.force_login(alice)
    one = Notification.objects.get(user=alice)
    answer = client.get(f"/notifications/{one.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/leads/{lead.pk}/")
    assert count(alice) == 0


def test_the_api_reads_and_marks_ones_own(api: Any, alice: User, bob: User, dao: User, lead: Record) -> None:
    store.update(LEADS, lead.pk, {"company": "Siam Steel"}, dao)
    tell()
    found = api(alice).get("notifications/", unread=1).json()
    assert (found["unread"], found["items"][0]["text"]) == (1, "Dao changed Company of Ann")
    assert api(bob).post("notifications/read/", {"ids": [found["items"][0]["id"]]}).json() == {"read": 0}
    assert api(alice).post("notifications/read/").json() == {"read": 1}
    assert api(alice).get("notifications/", reason="nonsense").status_code == 422
    assert api(alice).get("notifications/", after="x").status_code == 422


def test_more_notifications_ask_no_more(alice: User, dao: User, lead: Record, django_assert_max_num_queries: Any) -> None:
    for company in ("A", "B", "C"):
        store.update(LEADS, lead.pk, {"company": company}, dao)
        tell()
    reader = again(alice)
    assert reader.access.hidden(LEADS) == set()
    with django_assert_max_num_queries(8):
        assert len(inbox(reader, limit=20)[0]) == 3


def test_a_choice_is_kept(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/settings/me/notifications/").status_code == 200
    client.post("/settings/me/notifications/", {"owned-app": "on", "owned-mail": "now"})
    kept = again(alice).preferences["notify"]
    assert kept["owned"] == {"app": True, "mail": "now", "push": False}
    assert kept["mentioned"] == {"app": False, "mail": "never", "push": False}


@pytest.mark.parametrize(
    "address", ["http://203.0.113.7/", "https://127.0.0.1/", "https://10.1.2.3/", "https://[::1]/", "https://169.254.169.254/", "x"]
)
def test_a_push_goes_only_out_into_the_open_internet(address: str) -> None:
    assert not push.is_outside(address)


class PushService(BaseHTTPRequestHandler):
    """Takes one message, as a browser's service does; leads on where the address says so."""

    taken: list[bytes]

    def do_POST(self) -> None:
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(307 if self.path == "/on" else 201)
        self.send_header("Location", "/inside")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Nothing to say."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[tuple[str, list[bytes]]]:
    """Address of a push service that runs here, and what it has taken."""
    monkeypatch.setattr(push, "is_outside", lambda address: True)
    monkeypatch.setattr(push, "key_file", lambda: tmp_path / "vapid.pem")
    push.vapid.cache_clear()
    handler = type("Taking", (PushService,), {"taken": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", handler.taken  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    push.vapid.cache_clear()


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def test_a_push_is_for_one_browser_and_says_only_how_many(service: tuple[str, list[bytes]], alice: User, dao: User, lead: Record) -> None:
    address, taken = service
    key, secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    push.subscribe(alice, {"endpoint": address, "keys": {"p256dh": base64url(point), "auth": base64url(secret)}})
    store.update(LEADS, lead.pk, {"company": "Siam Steel"}, dao)
    tell()
    push.knock(user=str(alice.pk))
    (message,) = taken
    assert json.loads(http_ece.decrypt(message, private_key=key, auth_secret=secret, version="aes128gcm")) == {"count": 1}


def test_a_push_is_not_led_on_into_our_own_network(service: tuple[str, list[bytes]], alice: User) -> None:
    address, taken = service
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    push.subscribe(alice, {"endpoint": f"{address}/on", "keys": {"p256dh": base64url(point), "auth": base64url(os.urandom(16))}})
    push._send(PushSubscription.objects.get(), {"count": 1})
    assert len(taken) == 1


def test_a_browser_that_is_gone_is_forgotten(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    from pywebpush import WebPushException

    def gone(*_given: Any, **_more: Any) -> None:
        raise WebPushException("gone", response=SimpleNamespace(status_code=410, text=""))  # type: ignore[arg-type]

    monkeypatch.setattr(push, "is_outside", lambda address: True)
    monkeypatch.setattr("pywebpush.webpush", gone)
    push.subscribe(alice, {"endpoint": PUBLIC, "keys": {"p256dh": "x", "auth": "y"}})
    push._send(PushSubscription.objects.get(), {"count": 1})
    assert not PushSubscription.objects.exists()


def test_the_key_of_push_is_made_once_and_for_us_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(push, "key_file", lambda: tmp_path / "vapid.pem")
    push.vapid.cache_clear()
    first = push.public_key()
    push.vapid.cache_clear()
    assert push.public_key() == first
    assert (tmp_path / "vapid.pem").stat().st_mode & 0o777 == 0o600
    push.vapid.cache_clear()


@pytest.mark.django_db
def test_the_worker_of_the_browser_may_stand_for_the_whole_house(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "showNotification" in answer.content.decode()
