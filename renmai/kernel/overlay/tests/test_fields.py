"""A field that the company makes is there at once, wherever a field of the code would be."""

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
def made(api: Calls, dao: User) -> Callable[..., dict[str, Any]]:
    """Makes a custom field of leads as the admin does."""

    def make(kind: str, key: str, **more: Any) -> dict[str, Any]:
        answer = api(dao).post(
            "custom-fields/", {"type": "leads", "label": key.title(), "kind": kind, "key": key, "filterable": True, **more}
        )
        assert answer.status_code == 201, answer.json()
        return answer.json()  # type: ignore[no-any-return]

    return make


VALUES: list[tuple[str, Any, Any, dict[str, Any]]] = [
    ("text", "Blue", "Blue", {"op": "contains", "value": "LU"}),
    ("long_text", "a\nb", "a\nb", {"op": "is_set"}),
    ("number", "12.50", "12.5", {"op": "gte", "value": "12.5"}),
    ("money", "100", "100.00", {"op": "between", "value": ["99", "101"]}),
    ("percent", "7", "7", {"op": "lt", "value": 8}),
    ("date", "2026-03-04", "2026-03-04", {"op": "before", "value": "2026-03-05"}),
    ("moment", "2026-03-04T09:30:00+07:00", "2026-03-04T02:30:00+00:00", {"op": "eq", "value": "2026-03-04"}),
    ("time", "9:05", "09:05", {"op": "between", "value": ["09:00", "09:30"]}),
    ("boolean", True, True, {"op": "eq", "value": True}),
    ("email", "A@Example.com", "a@example.com", {"op": "starts_with", "value": "a@"}),
    ("url", "example.com", "https://example.com", {"op": "contains", "value": "example"}),
    ("phone", "+66 81 234 5678", "+66812345678", {"op": "contains", "value": "5678"}),
]


@pytest.mark.parametrize(("kind", "given", "read", "condition"), VALUES, ids=[value[0] for value in VALUES])
def test_a_value_is_kept_read_and_found(
    made: Any, api: Calls, alice: User, kind: str, given: Any, read: Any, condition: dict[str, Any]
) -> None:
    made(kind, "own")
    program = api(alice)
    lead = program.post("leads/", {"name": "Ann", "custom": {"own": given}})
    assert lead.status_code == 201, lead.json()
    assert lead.json()["custom"] == {"own": read}
    program.post("leads/", {"name": "Bo"})
    found = program.get("leads/", filter=json.dumps({"field": "custom.own", **condition}), fields="custom.own").json()["items"]
    assert [(item["title"], item["custom"]) for item in found] == [("Ann", {"own": read})]


def test_a_choice_is_grouped_and_sorted(made: Any, api: Calls, alice: User) -> None:
    made("choice", "tier", choices=["gold", {"value": "tin", "label": "Tin", "labels": {"th": "ดีบุก"}}])
    program = api(alice)
    for name, tier in [("Ann", "tin"), ("Bo", "gold"), ("Cy", None)]:
        program.post("leads/", {"name": name, "custom": {"tier": tier}})
    assert [item["title"] for item in program.get("leads/", sort="custom.tier").json()["items"]] == ["Bo", "Ann", "Cy"]
    assert [item["title"] for item in program.get("leads/", sort="-custom.tier").json()["items"]] == ["Ann", "Bo", "Cy"]
    groups = program.get("leads/groups/", by="custom.tier").json()["items"]
    assert {(group["key"], group["label"], group["count"]) for group in groups} == {
        ("gold", "gold", 1),
        ("tin", "Tin", 1),
        (None, "None", 1),
    }


def test_pages_of_a_list_follow_each_other_by_a_custom_field(made: Any, api: Calls, alice: User) -> None:
    made("number", "size")
    program = api(alice)
    for size in [3, 1, None, 2, 10]:
        program.post("leads/", {"name": f"Lead {size}", "custom": {"size": size}})
    seen, after = [], ""
    while after is not None:
        page = program.get("leads/", sort="custom.size", limit="2", after=after).json()
        seen += [item["custom"].get("size") for item in page["items"]]
        after = page["next"]
    assert seen == ["1", "2", "3", "10", None]


def test_links_are_read_with_their_title_and_followed(made: Any, api: Calls, alice: User, dao: User) -> None:
    made("link", "partner", target="accounts")
    program = api(alice)
    account = program.post("accounts/", {"name": "Siam Foods", "country": "TH"}).json()
    lead = program.post("leads/", {"name": "Ann", "custom": {"partner": account["id"]}}).json()
    assert lead["custom"]["partner"] == {"id": account["id"], "type": "accounts", "title": "Siam Foods"}
    tree = json.dumps({"field": "custom.partner.country", "op": "eq", "value": "TH"})
    assert [item["title"] for item in program.get("leads/", filter=tree).json()["items"]] == ["Ann"]
    back = json.dumps({"field": "leads", "op": "any", "value": {"field": "name", "op": "eq", "value": "Ann"}})
    assert [item["title"] for item in program.get("accounts/", filter=back).json()["items"]] == ["Siam Foods"]


def test_several_choices(made: Any, api: Calls, alice: User) -> None:
    made("choices", "topics", choices=["a", "b", "c"])
    program = api(alice)
    lead = program.post("leads/", {"name": "Ann", "custom": {"topics": ["b", "a"]}}).json()
    assert lead["custom"]["topics"] == ["b", "a"]
    tree = json.dumps({"field": "custom.topics", "op": "contains", "value": "a"})
    assert len(program.get("leads/", filter=tree).json()["items"]) == 1
    assert program.patch(f"leads/{lead['id']}/", {"custom": {"topics": ["x"]}}).json()["errors"][0]["field"] == "custom.topics"


def test_a_change_keeps_the_other_values_and_stands_in_the_history(made: Any, api: Calls, alice: User) -> None:
    made("text", "one")
    made("number", "two")
    program = api(alice)
    lead = program.post("leads/", {"name": "Ann", "custom": {"one": "x", "two": 2}}).json()
    changed = program.patch(f"leads/{lead['id']}/", {"custom": {"two": 3}}).json()
    assert changed["custom"] == {"one": "x", "two": "3"}
    changes = program.get(f"leads/{lead['id']}/history/").json()["items"]
    assert changes[0]["changes"] == {"custom.two": ["2", "3"]}
    assert program.patch(f"leads/{lead['id']}/", {"custom": {"one": None}}).json()["custom"] == {"one": "", "two": "3"}


def test_an_unknown_or_wrong_value_is_told_by_field(made: Any, api: Calls, alice: User) -> None:
    made("number", "size")
    answer = api(alice).post("leads/", {"name": "Ann", "custom": {"size": "big", "sise": 1}})
    assert answer.status_code == 422
    assert {problem["field"] for problem in answer.json()["errors"]} == {"custom.size", "custom.sise"}


def test_only_the_admin_makes_fields(api: Calls, alice: User) -> None:
    assert api(alice).post("custom-fields/", {"type": "leads", "label": "Budget", "kind": "money"}).status_code == 403
    assert api(alice).get("custom-fields/").json()["items"] == []


def test_a_deleted_field_hides_and_keeps_its_values(made: Any, api: Calls, alice: User, dao: User) -> None:
    field = made("text", "own")
    program = api(alice)
    lead = program.post("leads/", {"name": "Ann", "custom": {"own": "kept"}}).json()
    api(dao).delete(f"custom-fields/{field['id']}/")
    assert program.get(f"leads/{lead['id']}/").json()["custom"] == {}
    assert program.get("leads/", sort="custom.own").status_code == 422
    api(dao).post(f"custom-fields/{field['id']}/restore/")
    assert program.get(f"leads/{lead['id']}/").json()["custom"] == {"own": "kept"}


def test_the_description_of_the_api_has_it(made: Any, api: Calls, alice: User) -> None:
    made("number", "size")
    program = api(alice)
    document = program.get("openapi.json").json()
    assert "size" in document["components"]["schemas"]["leads-write"]["properties"]["custom"]["properties"]
    types = {kind["type"]: kind for kind in program.get("types/").json()["items"]}
    assert "custom.size" in types["leads"]["sortable"]
    assert {"name": "custom.size", "kind": "decimal"}.items() <= next(
        field for field in types["leads"]["fields"] if field["name"] == "custom.size"
    ).items()


def test_fields_whose_labels_are_in_another_script_get_keys_of_their_own(api: Calls, dao: User) -> None:
    labels = ["งบประมาณ", "预算", "จำนวนห้อง 2"]
    answers = [api(dao).post("custom-fields/", {"type": "leads", "label": label, "kind": "text"}) for label in labels]
    assert [answer.json()["key"] for answer in answers] == ["field", "field_2", "field_3"]


ADDRESS = {"lines": "1 Rama IV Road", "city": "Bangkok", "postcode": "10500", "country": "TH"}


def test_an_address_is_kept_by_its_parts_and_found_by_any_of_them(made: Any, api: Calls, alice: User) -> None:
    made("address", "site", filterable=False)
    program = api(alice)
    lead = program.post("leads/", {"name": "Ann", "custom": {"site": {**ADDRESS, "country": "th", "region": " "}}}).json()
    assert lead["custom"]["site"] == ADDRESS
    program.post("leads/", {"name": "Bo", "custom": {"site": {"city": "Taipei", "country": "TW"}}})
    tree = json.dumps({"field": "custom.site", "op": "contains", "value": "bangkok"})
    assert [item["title"] for item in program.get("leads/", filter=tree).json()["items"]] == ["Ann"]
    refused = program.patch(f"leads/{lead['id']}/", {"custom": {"site": {"country": "Siam"}}})
    assert refused.json()["errors"][0]["field"] == "custom.site"
    program.patch(f"leads/{lead['id']}/", {"custom": {"site": None}})
    changes = program.get(f"leads/{lead['id']}/history/").json()["items"][0]["changes"]
    assert changes == {"custom.site": [ADDRESS, None]}


def test_text_is_sorted_by_the_rule_of_its_script(made: Any, api: Calls, alice: User) -> None:
    made("text", "town")
    program = api(alice)
    towns = ["Zürich", "ไทย", "กา", "Østerbro", "เกาะ", "上海", "北京", "ana", "Ána", "Town 10", "Town 9"]
    for town in [*towns, None]:
        program.post("leads/", {"name": "Ann", "custom": {"town": town}})
    seen, after = [], ""
    while after is not None:
        page = program.get("leads/", sort="custom.town", limit="4", after=after).json()
        seen += [item["custom"].get("town") for item in page["items"]]
        after = page["next"]
    assert seen == ["ana", "Ána", "Østerbro", "Town 9", "Town 10", "Zürich", "กา", "เกาะ", "ไทย", "北京", "上海", ""]


def test_pages_of_a_list_follow_each_other_by_a_time_of_day(made: Any, api: Calls, alice: User) -> None:
    made("time", "opens")
    program = api(alice)
    for time in ["10:00", "08:30", None]:
        program.post("leads/", {"name": "Ann", "custom": {"opens": time}})
    first = program.get("leads/", sort="custom.opens", limit="1").json()
    rest = program.get("leads/", sort="custom.opens", limit="2", after=first["next"]).json()
    assert [item["custom"]["opens"] for item in [*first["items"], *rest["items"]]] == ["08:30", "10:00", None]


def test_the_totals_below_a_list_add_up_an_own_number(made: Any, api: Calls, alice: User) -> None:
    made("number", "size")
    made("money", "budget")
    program = api(alice)
    for size in ("1.5", "2.5"):
        program.post("leads/", {"name": "Ann", "currency": "THB", "custom": {"size": size, "budget": size}})
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(alice)
    shown = browser.get("/leads/totals/?columns=custom.size,custom.budget").content.decode()
    assert '<td class="numeric">4</td><td class="numeric">2</td><td class="numeric">1.5</td><td class="numeric">2.5</td>' in shown
    assert "฿4.00" in shown or "THB" in shown
    assert "Size" not in browser.get("/leads/totals/").content.decode()
