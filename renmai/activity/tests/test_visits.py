"""Checking in at a customer's, and signing out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from renmai.activity.visit.earth import metres
from renmai.kernel.access.user import User
from renmai.kernel.testing.people import Api

TOWER = {"latitude": 25.033976, "longitude": 121.564472, "accuracy": 12.4}
NEAR = {"latitude": 25.034976, "longitude": 121.564472}
STATION = {"latitude": 25.047924, "longitude": 121.517081}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), 0),
        ((52.205, 0.119), (48.8566, 2.3514), 404_279),  # Cambridge to Paris
        ((36.12, -86.67), (33.94, -118.40), 2_886_448),  # Nashville to Los Angeles
        ((0, 179.9), (0, -179.9), 22_239),
        ((90, 0), (-90, 0), 20_015_115),
    ],
)
def test_distances_are_those_of_the_books(first: tuple[float, ...], second: tuple[float, float], expected: int) -> None:
    assert metres(*first[:2], *second) == pytest.approx(expected, rel=1e-3)


@pytest.fixture
def planned(alice: User, api: Callable[[User], Api]) -> tuple[Api, dict[str, Any], Callable[[], str]]:
    """Alice's program, an account, and what plans a visit there."""
    program = api(alice)
    acme: dict[str, Any] = program.post("accounts/", {"name": "Acme"}).json()
    due = (timezone.now() + dt.timedelta(hours=1)).isoformat()
    values = {"subject": "Show the logger", "due_at": due, "about": [{"type": "accounts", "id": acme["id"]}]}
    return program, acme, lambda: str(program.post("visits/", values).json()["id"])


def test_a_visit_is_a_contact_from_the_check_in_and_done_with_the_sign_out(planned: Any) -> None:
    program, acme, plan = planned
    key = plan()
    there = program.post(f"visits/{key}/check-in/", {"place": TOWER, "is_address": True}).json()["item"]
    assert (there["latitude"], there["accuracy"], there["distance"], there["done_at"]) == ("25.033976", 12, 0, None)
    account = program.get(f"accounts/{acme['id']}/").json()
    assert account["last_touch_at"] == there["checked_in_at"] == there["happened_at"]
    assert program.post(f"visits/{key}/check-in/", {"place": TOWER}).status_code == 409
    assert program.post(f"visits/{key}/done/").status_code == 409
    gone = program.post(f"visits/{key}/sign-out/", {"body": "They buy", "next_at": there["due_at"]}).json()["item"]
    assert (gone["duration"], gone["body"], gone["done_at"]) == (0, "They buy", gone["signed_out_at"])
    assert program.get(f"follow-ups/{gone['next']['id']}/").json()["about"][0]["id"] == acme["id"]
    assert program.post(f"visits/{key}/sign-out/").status_code == 409


def test_far_from_the_address_a_reason_is_needed_and_stays(planned: Any) -> None:
    program, _acme, plan = planned
    program.post(f"visits/{plan()}/check-in/", {"place": TOWER, "is_address": True})
    near = program.post(f"visits/{plan()}/check-in/", {"place": NEAR, "reason": "Side entrance"}).json()["item"]
    assert (near["distance"], near["far_reason"]) == (111, "")
    key = plan()
    refused = program.post(f"visits/{key}/check-in/", {"place": STATION})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reason")
    far = program.post(f"visits/{key}/check-in/", {"place": STATION, "reason": "Met at the station"}).json()["item"]
    assert far["distance"] > 4000 and far["far_reason"] == "Met at the station"
    assert program.post(f"visits/{plan()}/check-in/").json()["item"]["distance"] is None


@pytest.mark.parametrize("place", [{"latitude": 91, "longitude": 0}, {"latitude": 1}, "here", {"latitude": "x", "longitude": 0}])
def test_no_place_on_earth_is_refused(planned: Any, place: Any) -> None:
    program, _acme, plan = planned
    assert program.post(f"visits/{plan()}/check-in/", {"place": place}).status_code == 422
