"""What waits in a pool is seen by its people, as far as the pool lets them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from renmai.directory.pool.look_up import A_MINUTE
from renmai.kernel.access.reading import reading
from renmai.kernel.access.user import Team, User
from renmai.kernel.facts import Fact, FactAbout, say
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.export import csv_lines
from renmai.kernel.transfer.exporting import export_of
from renmai.kernel.webhooks.hearing import fits
from renmai.kernel.webhooks.message import message
from renmai.kernel.webhooks.model import Delivery, Webhook
from renmai.sales.lead.model import Lead

SECRET_PHONE, SECRET_MAIL = "+66812349876", "hidden.person@secret.example"


@pytest.fixture
def pool(dao: User, north: Team) -> dict[str, Any]:
    """Everybody of the north team belongs to it; phone and e-mail are hidden."""
    given = {"name": "Bangkok", "teams": [str(north.pk)], "hidden_fields": ["phone", "email", "expected_amount"]}
    return Api(dao).post("pools/", given).json()  # type: ignore[no-any-return]


@pytest.fixture
def lead(dao: User, pool: dict[str, Any]) -> dict[str, Any]:
    """Waits there, and has something to hide."""
    given = {
        "name": "Somchai Jaidee",
        "company": "Lotus",
        "phone": SECRET_PHONE,
        "email": SECRET_MAIL,
        "expected_amount": "987654",
        "pool": pool["id"],
        "owner": None,
    }
    made = Api(dao).post("leads/", given)
    assert made.status_code == 201, made.content
    return made.json()  # type: ignore[no-any-return]


def test_members_see_what_waits_and_others_do_not(bob: User, charlie: User, dao: User, pool: dict[str, Any], lead: dict[str, Any]) -> None:
    assert lead["owner"] is None and lead["team"] is None and lead["waiting_since"]
    seen = Api(bob).get(f"leads/{lead['id']}/").json()
    assert seen["phone"] is None and seen["company"] == "Lotus" and set(seen["masked"]) == {"phone", "email", "expected_amount"}
    assert Api(dao).get(f"leads/{lead['id']}/").json()["phone"] == SECRET_PHONE
    assert Api(charlie).get(f"leads/{lead['id']}/").status_code == 404
    assert Api(charlie).get("leads/").json()["items"] == []
    why = Api(bob).get(f"leads/{lead['id']}/access/").json()
    assert "Bangkok" in why["doors"][0]["text"]
    Api(dao).patch(f"pools/{pool['id']}/", {"active": False})
    assert Api(bob).get(f"leads/{lead['id']}/").status_code == 404
    Api(dao).patch(f"pools/{pool['id']}/", {"admins": [str(bob.pk)]})
    assert Api(bob).get(f"leads/{lead['id']}/").json()["phone"] == SECRET_PHONE


def test_a_masked_value_is_found_by_no_question(bob: User, lead: dict[str, Any]) -> None:
    api = Api(bob)

    def found(field: str, op: str, value: Any) -> list[Any]:
        answer = api.get("leads/", filter=json.dumps({"field": field, "op": op, "value": value}), total=1).json()
        return answer["items"]  # type: ignore[no-any-return]

    assert [item["id"] for item in found("company", "eq", "Lotus")] == [lead["id"]]
    assert not found("phone", "eq", SECRET_PHONE) and not found("email", "contains", "hidden") and not found("phone", "starts_with", "+66")
    assert not found("expected_amount", "gt", "1")
    assert api.get("search/", q="9876").json()["items"] == [] and api.get("leads/", q="hidden.person").json()["items"] == []
    assert [item["id"] for item in api.get("search/", q="Somchai").json()["items"]] == [lead["id"]]
    groups = api.get("leads/groups/", by="status", sum="expected_amount").json()["items"]
    assert [(group["count"], group["sums"]) for group in groups] == [(1, [])]


def test_no_door_tells_what_a_pool_hides(bob: User, dao: User, lead: dict[str, Any]) -> None:
    """A member looks everywhere: pages, files, history, facts, the past, sums and what is told of duplicates."""
    mine, key = Api(bob), lead["id"]
    Api(dao).patch(f"leads/{key}/", {"phone": "+66812340000"})
    Api(dao).patch(f"leads/{key}/", {"phone": SECRET_PHONE})
    say("lead.submitted", about=[Lead.objects.get(pk=key)], by=None, data={"form": {"mail": SECRET_MAIL}, "phone": SECRET_PHONE})
    now = timezone.now().isoformat()
    told = [
        mine.get(path, **query).content.decode()
        for path, query in [
            (f"leads/{key}/", {}),
            ("leads/", {"sort": "-expected_amount"}),
            ("leads/", {"as_of": now}),
            (f"leads/{key}/", {"as_of": now}),
            (f"leads/{key}/timeline/", {}),
            (f"leads/{key}/history/", {}),
            ("leads/groups/", {"by": "status", "sum": "expected_amount"}),
            ("search/", {"q": "Somchai"}),
            (f"leads/{key}/access/", {}),
            (f"leads/{key}/duplicates/", {}),
        ]
    ]
    twin = mine.post("leads/", {"name": "Somchai Jaidee", "email": SECRET_MAIL})
    assert twin.status_code == 409
    told.append(twin.content.decode())
    page = Client(SERVER_NAME="127.0.0.1")
    page.force_login(bob)
    addresses = [
        "/leads/",
        "/leads/?layout=board",
        f"/leads/{key}/",
        f"/leads/{key}/history/",
        "/search/?q=Somchai",
        f"/leads/?as_of={now[:10]}",
    ]
    told += [page.get(address).content.decode() for address in addresses]
    for place, text in enumerate(told):
        for secret in (SECRET_PHONE, "2349876", SECRET_MAIL, "hidden.person", "+66812340000", "987654", "987,654"):
            assert secret not in text, (place, secret, text[max(0, text.find(secret) - 200) : text.find(secret) + 100])


def test_programs_are_told_and_asked_no_more_than_people(bob: User, dao: User, lead: dict[str, Any]) -> None:
    """Webhooks, assistants, letters, exports and statements that were written by hand."""
    Api(dao).patch(f"leads/{lead['id']}/", {"city": "Chonburi"})
    fact = Fact.objects.filter(kind="lead.updated").get()
    webhook = Webhook(name="Out", address="https://hooks.example/in", kinds=["lead.updated"], reader=bob, created_by=dao)
    about = FactAbout(type="leads", record_id=lead["id"])
    for value, holds in ((SECRET_PHONE, False), (None, True)):
        webhook.criteria = {"field": "phone", "op": "eq", "value": value} if value else {"field": "company", "op": "eq", "value": "Lotus"}
        assert fits(webhook, about) is holds, value
    sent = message(webhook, Delivery(webhook=webhook, fact=fact, kind=fact.kind, made_at=timezone.now()))
    with reading(bob), connection.cursor() as cursor:
        cursor.execute("WITH found AS (SELECT phone FROM sales_lead) SELECT phone FROM found WHERE phone <> %s", [""])
        by_hand = cursor.fetchall()
        cursor.execute("select l.email, s.phone, l.company from sales_lead l, sales_lead s")
        assert (by_hand, cursor.fetchall()) == ([], [("", "", "Lotus")])
        lines = "".join(csv_lines(export_of("leads", bob, filter=None, q="", sort="", fields=[], for_people=False), bom=False))
    assert sent is not None
    told = [sent.decode(), lines, Api(bob).get("leads/", fields="phone,email,expected_amount").content.decode()]
    for secret in (SECRET_PHONE, SECRET_MAIL, "987654"):
        assert not any(secret in text for text in told), secret


def test_looking_up_tells_that_somebody_is_known_and_no_more(
    alice: User, bob: User, charlie: User, pool: dict[str, Any], lead: dict[str, Any]
) -> None:
    def asked(by: User, **given: str) -> list[tuple[Any, ...]]:
        answer = Api(by).post("pools/look-up/", given)
        assert answer.status_code == 200, answer.content
        return [(one["type"], one["state"], one["pool"] and one["pool"]["title"], bool(one["record"])) for one in answer.json()["items"]]

    assert asked(charlie, phone="081 234 9876", name="Somchai Jaidee") == [("leads", "waiting", "Bangkok", False)]
    assert asked(bob, email=SECRET_MAIL.upper()) == [("leads", "waiting", "Bangkok", False)]  # which one it is would tell whose it is
    assert asked(bob, name="somchai jaidee") == [("leads", "waiting", "Bangkok", True)]
    assert Api(alice).get("pools/mine/").json()["items"][0]["waiting"] == {"leads": 1}
    assert Api(alice).post(f"leads/{lead['id']}/claim/").status_code == 200
    assert asked(charlie, phone=SECRET_PHONE) == [("leads", "held", None, False)]
    assert asked(alice, phone=SECRET_PHONE) == [("leads", "mine", None, True)]
    assert asked(bob, email="nobody@else.example") == []
    assert set(Api(bob).post("pools/look-up/", {}).json()["errors"][0]) == {"field", "message"}
    assert [Api(bob).post("pools/look-up/", {"name": "Nobody"}).status_code for _ in range(A_MINUTE + 1)][-1] == 429


def test_my_pools_offers_what_waits(bob: User, dao: User, pool: dict[str, Any], lead: dict[str, Any]) -> None:
    page = Client(SERVER_NAME="127.0.0.1")
    page.force_login(bob)
    told = page.get("/my-pools/").content.decode()
    assert f"/leads/{lead['id']}/do/claim/" in told and "Somchai Jaidee" in told and SECRET_PHONE not in told
    assert "Waits in the pool" in page.post("/my-pools/look-up/", {"phone": SECRET_PHONE}).content.decode()
    assert page.post("/my-pools/look-up/", {}).status_code == 422
    page.force_login(dao)
    assert page.get("/pools/new/").status_code == 200
    kept = {"name": "North", "active": "true", "version": "1", "filter.kind": "and"}
    assert page.post(f"/pools/{pool['id']}/edit/", kept).status_code == 302
    assert Api(dao).get(f"pools/{pool['id']}/").json()["name"] == "North"
