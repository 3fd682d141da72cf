"""What waits is claimed, given back, assigned and passed on by the pool's rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renmai.directory.pool.model import PoolMove
from renmai.kernel.access.user import Team, User
from renmai.kernel.files import model as stored
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.overlay.company import change_company
from renmai.kernel.testing.people import Api
from renmai.kernel.transfer.run import in_pool
from renmai.kernel.transfer.tests.files import counts, imported


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Puts the program's clock to a moment."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def made(dao: User, north: Team) -> Any:
    """Makes pools, and leads that wait in them."""

    def make(leads: int = 1, **rules: Any) -> tuple[dict[str, Any], list[str]]:
        api = Api(dao)
        pool = api.post("pools/", {"name": "Bangkok", "teams": [str(north.pk)], **rules}).json()
        names = [f"Lead {chr(65 + number)}" for number in range(leads)]
        rows = [api.post("leads/?allow_duplicate=1", {"name": name, "pool": pool["id"], "owner": None}).json() for name in names]
        return pool, [row["id"] for row in rows]

    return make


def do(user: User, key: str, verb: str, **arguments: Any) -> Any:
    return Api(user).post(f"leads/{key}/{verb}/", arguments)


def test_a_claim_takes_what_waits_once(alice: User, bob: User, made: Any) -> None:
    pool, (key,) = made(hidden_fields=["phone"])
    page = Client(SERVER_NAME="127.0.0.1")
    page.force_login(alice)
    assert f"/leads/{key}/do/claim/" in page.get(f"/leads/{key}/").content.decode()
    item = do(alice, key, "claim").json()["item"]
    assert (item["owner"]["title"], item["team"]["title"], item["pool"]["id"]) == ("Alice", "North", pool["id"])
    assert item["waiting_since"] is None and item["claimed_at"] and "masked" not in item
    refused = do(bob, key, "claim")
    assert (refused.status_code, refused.json()["detail"]) == (409, "Somebody else was quicker: this has an owner by now.")
    told = [one["kind"] for one in Api(alice).get(f"leads/{key}/timeline/").json()["items"]]
    assert told == ["lead.claimed", "lead.entered", "lead.created"]


def test_limits_hold_at_n_and_begin_anew_at_midnight_of_the_company(alice: User, made: Any, at: Any) -> None:
    change_company(time_zone="Asia/Bangkok")
    _pool, keys = made(5, daily_limit=2, holding_limit=3)
    at(dt.datetime(2027, 3, 10, 16, 58, tzinfo=dt.UTC))  # 23:58 in Bangkok
    assert [do(alice, key, "claim").status_code for key in keys[:3]] == [200, 200, 409]
    assert "2 of 2" in do(alice, keys[2], "claim").json()["detail"]
    at(dt.datetime(2027, 3, 10, 17, 1, tzinfo=dt.UTC))
    assert do(alice, keys[2], "claim").status_code == 200
    refused = do(alice, keys[3], "claim").json()
    assert "3 of 3" in refused["detail"] and (refused["limit"], refused["count"]) == (3, 3)
    assert do(alice, keys[0], "give-back", reason="no_answer").status_code == 200
    assert do(alice, keys[3], "claim").status_code == 200
    assert do(alice, keys[4], "claim").status_code == 409


def test_who_gave_back_waits_and_what_is_new_is_protected(alice: User, bob: User, dao: User, made: Any, at: Any) -> None:
    pool, (key,) = made(1, cooldown_days=7, protect_days=2)
    now = timezone.now()
    protected = do(alice, key, "claim")
    assert protected.status_code == 409 and protected.json()["until"][:10] == (now + dt.timedelta(days=2)).date().isoformat()
    at(now + dt.timedelta(days=2, minutes=1))
    assert do(alice, key, "claim").status_code == 200
    given = do(alice, key, "give-back", reason="Moved to Korat").json()["item"]
    assert given["owner"] is None and given["team"] is None and given["waiting_since"]
    assert do(alice, key, "claim").status_code == 409
    move = PoolMove.objects.filter(record_id=key).latest("at")
    assert (move.how, move.reason, move.from_owner, move.by) == ("given-back", "Moved to Korat", alice, alice)
    at(now + dt.timedelta(days=9))
    assert do(alice, key, "claim").status_code == 409
    assert do(bob, key, "claim").status_code == 200
    assert do(bob, key, "give-back").status_code == 200
    Api(dao).patch(f"pools/{pool['id']}/", {"cooldown_team": True})
    at(now + dt.timedelta(days=10))
    assert "Bob" in do(alice, key, "claim").json()["detail"]


def test_admins_of_a_pool_hand_out_and_take_out(alice: User, bob: User, charlie: User, dao: User, made: Any) -> None:
    _pool, keys = made(4, admins=[str(charlie.pk)], holding_limit=1)
    assert do(bob, keys[0], "assign", owner=str(alice.pk)).status_code == 403
    assert do(charlie, keys[0], "assign", owner=str(alice.pk)).status_code == 200
    full = do(charlie, keys[1], "assign", owner=str(alice.pk))
    assert full.status_code == 409 and "Alice holds 1 of 1" in full.json()["detail"]
    other = Api(dao).post("pools/", {"name": "Chiang Mai"}).json()
    moved = do(charlie, keys[1], "transfer", pool=other["id"], reason="Lives there").json()["item"]
    assert moved["pool"]["id"] == other["id"] and moved["owner"] is None
    assert do(charlie, keys[2], "invalid", cause="unreachable").json()["item"]["status"] == "disqualified"
    assert do(bob, keys[2], "claim").status_code == 409
    assert do(alice, keys[0], "transfer").status_code == 422
    hows = list(PoolMove.objects.exclude(how="entered").order_by("pk").values_list("how", flat=True))
    assert hows == ["assigned", "transferred", "invalid"]


def test_many_are_claimed_first_come_first_served(alice: User, bob: User, dao: User, made: Any) -> None:
    _pool, keys = made(4, daily_limit=3)
    assert do(bob, keys[0], "claim").status_code == 200
    job = Job.objects.get(pk=Api(alice).post("leads/bulk/", {"action": "claim", "ids": keys}).json()["job"])
    perform(job)
    job.refresh_from_db()
    assert job.result["done"] == 3 and [one["id"] for one in job.result["refused"]] == [keys[0]]


def test_a_file_comes_straight_into_a_pool_and_the_first_page_tells_of_it(
    alice: User, dao: User, made: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "FOLDER", tmp_path)
    pool, _keys = made(0, daily_limit=10, holding_limit=100)
    change_set = imported("Name,Email\nAda,ada@example.com\nBob,bob@example.com\n", "leads", by=dao, defaults=in_pool("Bangkok"))
    assert counts(change_set) == (2, 0, 0, 0)
    rows = Api(alice).get("leads/").json()["items"]
    assert {row["name"] for row in rows} == {"Ada", "Bob"} and {row["pool"]["id"] for row in rows} == {pool["id"]}
    assert all(row["owner"] is None and row["waiting_since"] for row in rows)
    assert PoolMove.objects.filter(how="entered", pool=pool["id"]).count() == 2
    page = Client(SERVER_NAME="127.0.0.1")
    page.force_login(alice)
    told = page.get("/").content.decode()
    assert "My pools" in told and "0 of 10 claimed today" in told and "0 of 100 held" in told
