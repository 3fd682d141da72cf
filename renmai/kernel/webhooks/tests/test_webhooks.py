"""What is told to other programs, how it is signed, and what happens when they do not answer."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renmai.config.env import env
from renmai.kernel.access.user import User
from renmai.kernel.actions.run import run
from renmai.kernel.facts.model import Fact
from renmai.kernel.notify.model import Notification
from renmai.kernel.records import store
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again
from renmai.kernel.webhooks import hearing, sending
from renmai.kernel.webhooks.model import Delivery, DeliveryState, Sending, Webhook
from renmai.kernel.webhooks.signing import signature

LEADS, WEBHOOKS = registry["leads"], registry["webhooks"]


@dataclass
class Receiver:
    """The other side: what it got, and what it answers."""

    address: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.got]

    @property
    def kinds(self) -> list[str]:
        return [one["type"] for one in self.told]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setitem(env.__dict__, "open_networks", [ip_network("127.0.0.1")])
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"thank you")

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_port}/in?from=renmai"
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(dao: User, receiver: Receiver) -> Iterator[Webhook]:
    """A webhook of Dao's that hears of all that happens with leads."""
    made = store.create(WEBHOOKS, {"name": "Shop", "address": receiver.address, "kinds": ["lead.*"]}, dao)
    hearing.learn(True)
    yield made  # type: ignore[misc]
    hearing.learn(False)


def change_hook(hook: Webhook, dao: User, **values: Any) -> None:
    store.update(WEBHOOKS, hook.pk, values, dao)


def work(hook: Webhook) -> None:
    """What the worker would do with all facts so far."""
    for seq in Fact.objects.order_by("seq").values_list("seq", flat=True):
        hearing.hear(seq=seq)
    sending.send(webhook=str(hook.pk))


def later(hook: Webhook, **passed: float) -> None:
    """Let time go by, and let the worker look again."""
    back = dt.timedelta(**passed)
    for one in Delivery.objects.filter(webhook=hook):
        Delivery.objects.filter(pk=one.pk).update(due_at=one.due_at - back)
    Sending.objects.filter(webhook=hook).update(rests_until=None)
    sending.send(webhook=str(hook.pk))


def lead(by: User, **values: Any) -> Record:
    return store.create(LEADS, {"name": "Ann", **values}, by)


def test_a_change_is_told_with_the_record_as_its_reader_sees_it(alice: User, hook: Webhook, receiver: Receiver) -> None:
    ann = lead(alice)
    store.update(LEADS, ann.pk, {"company": "Siam Steel"}, alice)
    work(hook)
    created, updated = receiver.told
    assert (created["type"], updated["type"]) == ("lead.created", "lead.updated")
    data = updated["data"]
    assert (data["type"], data["id"], data["verb"], data["fields"]) == ("leads", str(ann.pk), "updated", ["company"])
    assert (data["by"]["title"], data["record"]["company"]) == ("Alice", "Siam Steel")


def test_a_message_is_signed_by_standard_webhooks(alice: User, dao: User, hook: Webhook, receiver: Receiver) -> None:
    secret = Api(dao).post(f"webhooks/{hook.pk}/secret/", {}).json()["secret"]
    lead(alice)
    work(hook)
    headers, body = receiver.got[0]
    assert headers["webhook-signature"] == signature(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)


def test_the_signature_is_that_of_the_published_example() -> None:
    secret, key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert signature(secret, key, 1614265330, b'{"test": 2432232314}') == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_for_a_day_the_secret_before_signs_too(alice: User, dao: User, hook: Webhook, receiver: Receiver) -> None:
    secrets = [Api(dao).post(f"webhooks/{hook.pk}/secret/", {}).json()["secret"] for _turn in range(2)]
    lead(alice)
    work(hook)
    headers, body = receiver.got[0]
    expected = [signature(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body) for secret in reversed(secrets)]
    assert headers["webhook-signature"].split() == expected


def test_nothing_goes_out_unsigned_where_the_secret_cannot_be_read_any_more(alice: User, hook: Webhook, receiver: Receiver) -> None:
    Sending.objects.create(webhook=hook, sealed="sealed with another key")
    lead(alice)
    work(hook)
    assert receiver.got[0][0]["webhook-signature"].startswith("v1,")


def test_only_the_kinds_it_asked_for_are_told(alice: User, dao: User, hook: Webhook, receiver: Receiver) -> None:
    change_hook(hook, dao, kinds=["lead.updated"])
    store.update(LEADS, lead(alice).pk, {"company": "Siam Steel"}, alice)
    work(hook)
    assert receiver.kinds == ["lead.updated"]


def test_only_records_of_its_criteria_are_told(alice: User, dao: User, hook: Webhook, receiver: Receiver) -> None:
    change_hook(hook, dao, criteria={"field": "country", "op": "eq", "value": "TH"})
    for country in ("TH", "TW"):
        lead(alice, country=country)
    work(hook)
    assert [one["data"]["record"]["country"] for one in receiver.told] == ["TH"]


def test_what_its_reader_may_not_see_is_not_told(charlie: User, alice: User, dao: User, hook: Webhook, receiver: Receiver) -> None:
    change_hook(hook, dao, reader=str(charlie.pk))
    lead(alice)
    lead(charlie, name="Chai")
    work(hook)
    assert [one["data"]["record"]["name"] for one in receiver.told] == ["Chai"]


def test_a_fact_is_told_once_however_often_it_is_found(alice: User, hook: Webhook, receiver: Receiver) -> None:
    lead(alice)
    work(hook)
    work(hook)
    assert receiver.kinds == ["lead.created"]


def test_a_deleted_record_is_told_of(alice: User, hook: Webhook, receiver: Receiver) -> None:
    ann = lead(alice)
    store.remove(LEADS, ann.pk, alice)
    work(hook)
    assert receiver.kinds == ["lead.created", "lead.deleted"]


def test_facts_are_queued_only_where_somebody_hears_of_them(alice: User, hook: Webhook, django_assert_num_queries: Any) -> None:
    person = store.create(registry["people"], {"name": "Bo"}, alice)
    fact = Fact.objects.get(about__record_id=person.pk, kind="person.created")
    with django_assert_num_queries(0):
        hearing.ask_for(fact)


def test_while_the_other_side_is_not_well_all_wait_in_order(alice: User, hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 503
    for name in ("First", "Second"):
        lead(alice, name=name)
    work(hook)
    assert len(receiver.got) == 1
    receiver.status = 200
    later(hook, seconds=6)
    assert [one["data"]["record"]["name"] for one in receiver.told] == ["First", "First", "Second"]
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 2


def test_what_is_refused_for_itself_steps_aside(alice: User, hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 422
    for name in ("First", "Second"):
        lead(alice, name=name)
    work(hook)
    assert [one["data"]["record"]["name"] for one in receiver.told] == ["First", "Second"]


def test_it_waits_as_long_as_it_is_asked_to(alice: User, hook: Webhook, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "120"}
    lead(alice)
    work(hook)
    wait = Delivery.objects.get(webhook=hook).due_at - timezone.now()
    assert dt.timedelta(seconds=110) < wait <= dt.timedelta(seconds=120)


def test_a_redirection_is_not_followed(alice: User, hook: Webhook, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": receiver.address}
    lead(alice)
    work(hook)
    assert len(receiver.got) == 1
    assert Delivery.objects.get(webhook=hook).attempts[0]["status"] == 302


def test_after_days_of_failure_it_is_switched_off_and_the_administrator_told(
    alice: User, dao: User, hook: Webhook, receiver: Receiver
) -> None:
    receiver.status = 500
    lead(alice)
    work(hook)
    for _turn in sending.WAITS:
        later(hook, days=1)
    hook.refresh_from_db()
    assert not hook.active
    assert hook.switched_off_at is not None
    assert Notification.objects.filter(user=dao, fact__kind="webhook.switched_off").exists()
    assert Delivery.objects.get(webhook=hook).state == DeliveryState.FAILED


def test_what_has_gone_is_switched_off_at_once(alice: User, hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 410
    lead(alice)
    work(hook)
    hook.refresh_from_db()
    assert not hook.active


def test_what_failed_is_sent_again_with_the_same_key(alice: User, dao: User, hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 410
    lead(alice)
    work(hook)
    receiver.status = 200
    change_hook(hook, dao, active=True)
    run(WEBHOOKS, "replay-failed", hook.pk, by=again(dao))
    sending.send(webhook=str(hook.pk))
    first, second = receiver.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert Delivery.objects.get(webhook=hook).state == DeliveryState.DELIVERED


def test_one_delivery_is_sent_again_by_the_api(alice: User, dao: User, hook: Webhook, receiver: Receiver) -> None:
    lead(alice)
    work(hook)
    api = Api(dao)
    (logged,) = api.get(f"webhooks/{hook.pk}/deliveries/").json()["items"]
    assert (logged["state"], logged["attempts"][0]["status"], logged["attempts"][0]["answer"]) == ("delivered", 200, "thank you")
    assert api.post(f"webhooks/{hook.pk}/deliveries/{logged['id']}/replay/", {}).status_code == 202
    sending.send(webhook=str(hook.pk))
    assert receiver.kinds == ["lead.created", "lead.created"]


def test_a_test_tells_of_the_webhook_itself(dao: User, hook: Webhook, receiver: Receiver) -> None:
    assert Api(dao).post(f"webhooks/{hook.pk}/send-test/", {}).status_code == 200
    sending.send(webhook=str(hook.pk))
    assert (receiver.kinds, receiver.told[0]["data"]["record"]["name"]) == (["webhook.test"], "Shop")


def test_the_secret_stands_in_no_answer_and_no_history(dao: User, hook: Webhook) -> None:
    api = Api(dao)
    secret = api.post(f"webhooks/{hook.pk}/secret/", {}).json()["secret"]
    told = api.get(f"webhooks/{hook.pk}/").content + api.get(f"webhooks/{hook.pk}/history/").content
    assert secret.encode() not in told
    assert secret not in Sending.objects.get(webhook=hook).sealed


def test_nobody_but_an_administrator_comes_near(alice: User, charlie: User, hook: Webhook) -> None:
    for person in (alice, charlie):
        for way in ("", "deliveries/", "secret/"):
            ask = Api(person).post if way == "secret/" else Api(person).get
            assert ask(f"webhooks/{hook.pk}/{way}", *([{}] if way == "secret/" else [])).status_code == 404


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"address": "http://198.51.100.7/in"}, "address"),
        ({"address": "https://169.254.169.254/latest"}, "address"),
        ({"address": "https://[::ffff:10.0.0.1]/"}, "address"),
        ({"kinds": ["lead.flown"]}, "kinds"),
        ({"kinds": ["lead.created", "person.created"], "criteria": {"field": "country", "op": "eq", "value": "TH"}}, "criteria"),
        ({"kinds": ["lead.created"], "criteria": {"field": "wings", "op": "eq", "value": 2}}, "criteria"),
    ],
)
def test_what_does_not_do_is_said_beside_its_field(dao: User, values: dict[str, Any], wrong: str) -> None:
    response = Api(dao).post("webhooks/", {"name": "Shop", "address": "https://1.1.1.1/in", **values})
    assert response.status_code in {400, 422}
    assert {one["field"] for one in response.json()["errors"]} == {wrong}


def test_it_is_made_and_changed_on_a_page(dao: User, hook: Webhook, receiver: Receiver, client: Client) -> None:
    client.force_login(dao)
    form = {"name": "Till", "address": receiver.address, "active": "true", "kinds": ["lead.created", "lead.updated"]}
    made = client.post("/webhooks/new/", form)
    assert made.status_code == 302
    page = client.get(made["Location"]).content.decode()
    assert "Lead: created, Lead: changed" in page
    refused = client.post(f"{made['Location']}edit/", {**form, "address": "https://10.0.0.1/", "version": "1"})
    assert refused.status_code == 422
    assert "Renmai may not send there" in refused.content.decode()


def test_its_page_shows_a_new_secret_once_and_what_was_sent(
    alice: User, dao: User, hook: Webhook, receiver: Receiver, client: Client
) -> None:
    client.force_login(dao)
    receiver.status = 500
    lead(alice)
    work(hook)
    shown = client.post(f"/webhooks/{hook.pk}/secret/").content.decode()
    later_on = client.get(f"/webhooks/{hook.pk}/").content.decode()
    assert "whsec_" in shown
    assert "whsec_" not in later_on
    assert "thank you" in later_on
    key = Delivery.objects.get(webhook=hook).key
    assert client.post(f"/webhooks/{hook.pk}/deliveries/{key}/replay/").status_code == 302
