"""A type that the company makes is a noun like any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.testing.people import Api

Calls = Callable[[User], Api]


@pytest.fixture
def vehicles(api: Calls, dao: User) -> dict[str, Any]:
    """A type with a field of its own and a link to accounts."""
    admin = api(dao)
    made = admin.post("custom-types/", {"label": "Vehicle", "label_plural": "Vehicles", "icon": "car", "labels_plural": {"th": "รถ"}})
    assert made.status_code == 201, made.json()
    for field in (
        {"label": "Plate", "kind": "text"},
        {"label": "State", "kind": "choice", "choices": ["new", "used"], "filterable": True},
        {"label": "Holder", "kind": "link", "target": "accounts", "filterable": True},
    ):
        answer = admin.post("custom-fields/", {"type": "vehicles", **field})
        assert answer.status_code == 201, answer.json()
    return made.json()  # type: ignore[no-any-return]


def test_its_records_are_made_found_listed_changed_and_deleted(vehicles: dict[str, Any], api: Calls, alice: User, charlie: User) -> None:
    program = api(alice)
    account = program.post("accounts/", {"name": "Siam Foods"}).json()
    values = {"name": "Truck", "custom": {"plate": "1กก 1234", "state": "new", "holder": account["id"]}}
    truck = program.post("vehicles/", values)
    assert truck.status_code == 201, truck.json()
    key = truck.json()["id"]
    assert program.get("vehicles/groups/", by="custom.state").json()["items"][0]["count"] == 1
    assert [hit["type"] for hit in program.get("search/", q="Truck").json()["items"]] == ["vehicles"]
    assert [hit["title"] for hit in program.get("search/", q="1234").json()["items"]] == ["Truck"]
    back = json.dumps({"field": "vehicles", "op": "any", "value": {"field": "custom.state", "op": "eq", "value": "new"}})
    assert [item["title"] for item in program.get("accounts/", filter=back).json()["items"]] == ["Siam Foods"]
    assert program.patch(f"vehicles/{key}/", {"name": "Lorry"}).json()["title"] == "Lorry"
    assert "name" in program.get(f"vehicles/{key}/history/").json()["items"][0]["changes"]
    assert api(charlie).get(f"vehicles/{key}/").status_code == 404
    assert program.delete(f"vehicles/{key}/").status_code == 204
    assert program.get("vehicles/").json()["items"] == []


def test_types_keep_apart(vehicles: dict[str, Any], api: Calls, alice: User, dao: User) -> None:
    api(dao).post("custom-types/", {"label": "Course", "label_plural": "Courses"})
    program = api(alice)
    truck = program.post("vehicles/", {"name": "Truck"}).json()
    assert program.get("courses/").json()["items"] == []
    assert program.get(f"courses/{truck['id']}/").status_code == 404


def test_it_has_pages(vehicles: dict[str, Any], alice: User) -> None:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(alice)
    assert browser.post("/vehicles/new/", {"name": "Truck", "custom.state": "used"}).status_code == 303
    listed = browser.get("/vehicles/").content.decode()
    assert "Truck" in listed and "Vehicles" in listed
    assert "column-used" in browser.get("/vehicles/?view=board").content.decode()
    page = browser.get(listed.split('scope="row" class="title"><a href="')[1].split('"')[0]).content.decode()
    assert "Plate" in page
    assert browser.get("/vehicles/import/").status_code == 200


def test_a_key_that_an_address_has_is_refused(api: Calls, dao: User) -> None:
    for key in ("settings", "leads", "search", "Ä b"):
        answer = api(dao).post("custom-types/", {"label": "X", "label_plural": "Xs", "key": key})
        assert answer.status_code == 422, key
        assert {problem["field"] for problem in answer.json()["errors"]} == {"key"}


def test_a_deleted_type_is_gone_and_comes_back_with_its_records(vehicles: dict[str, Any], api: Calls, alice: User, dao: User) -> None:
    program = api(alice)
    program.post("vehicles/", {"name": "Truck"})
    api(dao).delete(f"custom-types/{vehicles['id']}/")
    assert program.get("vehicles/").status_code == 404
    assert "vehicles" not in {kind["type"] for kind in program.get("types/").json()["items"]}
    api(dao).post(f"custom-types/{vehicles['id']}/restore/")
    assert [item["title"] for item in program.get("vehicles/").json()["items"]] == ["Truck"]


def test_a_type_is_made_in_the_browser(dao: User) -> None:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(dao)
    answer = browser.post("/settings/types/new/", {"label": "House", "label_plural": "Houses", "icon": "home", "labels_plural.th": "บ้าน"})
    assert answer["Location"] == "/settings/fields/houses/"
    assert "Houses" in browser.get("/settings/types/").content.decode()
    assert browser.get("/houses/").status_code == 200
