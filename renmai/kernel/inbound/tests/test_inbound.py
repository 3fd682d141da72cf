"""Another program leaves a message, and it becomes a record as an administrator has said."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.user import User
from renmai.kernel.history.model import History
from renmai.kernel.inbound.doing import flat, forget, give_key
from renmai.kernel.inbound.model import InboundWebhook, Received
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.kernel.webhooks.signing import signature

pytestmark = pytest.mark.django_db
KIND, LEADS = registry["inbound-webhooks"], registry["leads"]
MAP = {"columns": {"contact.name": "name", "contact.emails.0.value": "email", "city": "city"}, "key": ["email"], "mode": "upsert"}
SOMCHAI = {"contact": {"name": "สมชาย ใจดี", "emails": [{"value": "somchai@example.com"}]}, "city": "Lampang"}


def webhook(dao: User, alice: User, **values: Any) -> InboundWebhook:
    """One that makes leads of Alice's."""
    return create(KIND, {"name": "Form", "target": "leads", "actor": str(alice.pk), **values}, dao)  # type: ignore[return-value]


def send(part: str, body: Any, **headers: str) -> Any:
    """Leave a message."""
    return Client().post(f"/in/{part}/", json.dumps(body) if not isinstance(body, str) else body, "application/json", headers=headers)


def test_a_first_message_is_kept_and_shows_what_there_is_to_map(client: Client, dao: User, alice: User) -> None:
    made = webhook(dao, alice)
    client.force_login(dao)
    shown = client.post(f"/inbound-webhooks/{made.pk}/key/").content.decode()
    part = shown.partition("/in/")[2].partition("/")[0]
    assert send(part, SOMCHAI).status_code == 202 and not LEADS.model.objects.exists()
    page = client.get(f"/inbound-webhooks/{made.pk}/").content.decode()
    assert "contact.emails.0.value" in page and "somchai@example.com" in page
    chosen = {"path": list(MAP["columns"]), "field": list(MAP["columns"].values()), "by_key": "email"}  # type: ignore[attr-defined, call-overload]
    assert client.post(f"/inbound-webhooks/{made.pk}/fields/", chosen).status_code == 302
    made.refresh_from_db()
    assert made.map == MAP
    kept = Received.objects.get()
    assert client.post(f"/inbound-webhooks/{made.pk}/messages/{kept.pk}/replay/").status_code == 302
    assert LEADS.model.objects.get().email == "somchai@example.com"
    client.force_login(alice)
    assert "contact.emails" not in client.get(f"/inbound-webhooks/{made.pk}/").content.decode()


def test_a_message_becomes_a_record_and_joins_it_the_next_time(dao: User, alice: User) -> None:
    made = webhook(dao, alice, map=MAP)
    part, _secret = give_key(made)
    first = send(part, SOMCHAI, **{"webhook-id": "1"})
    again = send(part, SOMCHAI, **{"webhook-id": "1"})
    other = send(part, {**SOMCHAI, "city": "Nan"}, **{"webhook-id": "2"})
    lead = LEADS.model.objects.get()
    assert [answer.status_code for answer in (first, again, other)] == [200, 200, 200]
    assert [answer.json()["joined"] for answer in (first, again, other)] == [False, False, True]
    assert (again.json()["repeated"], lead.city, lead.owner, lead.created_by) == (True, "Nan", alice, alice)
    assert "Form" in History.objects.filter(record_id=lead.pk).first().reason  # type: ignore[union-attr]


def test_what_does_not_do_is_told_kept_and_done_once_it_does(dao: User, alice: User) -> None:
    made = webhook(dao, alice, map={**MAP, "columns": {**MAP["columns"], "n": "employees"}}, items="data.list")  # type: ignore[dict-item]
    part, _secret = give_key(made)
    refused = send(part, {"data": {"list": [SOMCHAI, {**SOMCHAI, "n": "many"}]}})
    assert (refused.status_code, "many" in refused.json()["detail"]) == (422, True)
    assert not LEADS.model.objects.exists()
    update(KIND, made.pk, {"map": MAP}, dao)
    api, kept = Api(dao), Received.objects.get()
    assert api.get(f"inbound-webhooks/{made.pk}/messages/").json()["items"][0]["state"] == "failed"
    done = api.post(f"inbound-webhooks/{made.pk}/messages/{kept.pk}/replay/").json()
    assert (done["state"], len(done["records"]), LEADS.model.objects.count()) == ("done", 2, 1)
    Received.objects.update(at=timezone.now() - dt.timedelta(days=31))
    forget(0)
    assert not Received.objects.exists()


def test_the_door_takes_only_what_is_meant_for_it(dao: User, alice: User) -> None:
    made = webhook(dao, alice, map=MAP, signed=True)
    part, secret = give_key(made)
    body, second = json.dumps(SOMCHAI), int(timezone.now().timestamp())

    def signed(at: int) -> dict[str, str]:
        return {"webhook-id": "m", "webhook-timestamp": str(at), "webhook-signature": f"v1,x {signature(secret, 'm', at, body.encode())}"}

    assert send("nothing", body).status_code == 404
    assert send(part, body).status_code == send(part, body, **signed(second - 4000)).status_code == 401
    assert send(part, body + " ", **signed(second)).status_code == 401
    assert send(part, json.dumps({"x": "y" * 300_000})).status_code == 413
    assert send(part, body, **signed(second)).status_code == 200
    update(KIND, made.pk, {"signed": False}, dao)
    assert [send(part, bad).status_code for bad in ("{", "3", '{"a": "\\u0000"}')] == [422, 422, 422]
    api = Api(dao)
    assert api.post(f"inbound-webhooks/{made.pk}/key/").json()["address"].endswith("/")
    assert send(part, body).status_code == 404
    assert api.patch(f"inbound-webhooks/{made.pk}/", {"map": {"columns": {"a": "nonsense"}}}).status_code == 422


def test_paths_are_those_of_the_message() -> None:
    assert flat({"a": {"b": [1, "x"]}, "c": [{"d": None}, {"d": True}]}) == {"a.b": "1, x", "c.0.d": None, "c.1.d": True}
