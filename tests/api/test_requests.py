"""What programs may send, however odd: a sentence about it comes back as JSON, and nothing breaks."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.records import groups
from renmai.kernel.testing.people import JSON, Api

PROBLEM = "application/problem+json"
ID = "0193f2a0-0000-7000-8000-000000000000"


def cursor(*values: Any) -> str:
    """A cursor as a program might make one up."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "body",
    [
        '{"\\ud800": 1}',
        '{"employees": "\\ud800"}',
        '{"emails": [{"value": "\\ud800@example.com"}]}',
        '{"addresses": [{"lines": "\\uDFFF"}]}',
    ],
)
def test_half_a_character_is_no_json(dao: User, body: str) -> None:
    refusal = Api(dao).client.post("/api/v1/accounts/", body, content_type=JSON)
    assert (refusal.status_code, refusal["Content-Type"]) == (422, PROBLEM)


def test_a_filter_with_half_a_character_is_refused(dao: User) -> None:
    assert Api(dao).get("accounts/", filter='{"field": "\\ud800", "op": "eq", "value": 1}').status_code == 422


@pytest.mark.parametrize(
    "values",
    [
        (["created_at"], 1, 2),
        (["created_at"], "x", ID),
        (["created_at"], {"n": "x"}, ID),
        (["created_at"], {"n": "NaN"}, ID),
        (["created_at"], {"b": "00"}, ID),
        (["created_at"], [1], ID),
        (["created_at"], None, ID),
        (["created_at"], {"t": "2026-01-01T00:00:00+00:00"}, "x"),
        (["created_at"], {"t": "2026-01-01T00:00:00+00:00"}, None),
    ],
)
def test_a_made_up_cursor_is_refused(dao: User, values: tuple[Any, ...]) -> None:
    assert Api(dao).get("accounts/", after=cursor(*values)).status_code == 422


@pytest.mark.parametrize(
    "lines",
    [
        [{"quantity": "9999999999999999", "unit_price": "9999999999999999"}],
        [{"quantity": "9999999999999999.99999", "unit_price": "1"}],
        [{"id": ID}, {"id": ID}],
    ],
)
def test_lines_that_cannot_be_kept_are_refused(dao: User, lines: list[dict[str, Any]]) -> None:
    assert Api(dao).post("opportunities/", {"name": "Fleet", "lines": lines}).status_code == 422


def test_an_amount_that_rounds_up_too_far_is_refused(dao: User) -> None:
    assert Api(dao).post("opportunities/", {"name": "Fleet", "amount": "9999999999999999.99999"}).status_code == 422


def test_a_version_without_end_is_refused(dao: User) -> None:
    program = Api(dao)
    made = program.post("accounts/", {"name": "Acme"}).json()
    refusal = program.client.patch(f"/api/v1/accounts/{made['id']}/", '{"version": Infinity}', content_type=JSON)
    assert refusal.status_code == 422


def test_whole_numbers_are_summed(dao: User) -> None:
    program = Api(dao)
    for employees in (40, 2):
        program.post("accounts/", {"name": f"Acme {employees}", "country": "TH", "employees": employees})
    told = program.get("accounts/groups/", by="country", sum="employees").json()["items"]
    assert told[0]["sums"] == [{"currency": None, "sum": "42"}]


def test_groups_beyond_the_limit_are_left_out_whole_and_that_is_said(dao: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MAX_GROUPS", 2)
    program = Api(dao)
    for country, currency in (("TH", "THB"), ("TH", "USD"), ("TH", "EUR"), ("TW", "TWD"), ("TW", "USD"), ("CN", "CNY")):
        program.post("accounts/?allow_duplicate=1", {"name": "Acme", "country": country, "currency": currency, "annual_revenue": "5"})
    told = program.get("accounts/groups/", by="country", sum="annual_revenue").json()
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(dao)
    assert told["truncated"] and [(one["key"], one["count"], len(one["sums"])) for one in told["items"]] == [("TH", 3, 3), ("TW", 2, 2)]
    assert "There are more than 2 groups" in browser.get("/accounts/", {"group": "country"}).content.decode()


@pytest.mark.parametrize("path", ["", "nothing/at/all/", "accounts/nobody/", "jobs/none/"])
def test_an_address_that_is_none_is_told_as_json(api: Callable[[User], Api], dao: User, path: str) -> None:
    refusal = api(dao).get(path)
    assert (refusal.status_code, refusal["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize("field", ["emails", "phones", "addresses"])
@pytest.mark.parametrize("entry", [{"value": "+6621234567", "colour": "red"}, {"value": "a@example.com", "primary": "yes"}])
def test_an_entry_of_a_list_is_checked(dao: User, field: str, entry: dict[str, Any]) -> None:
    refusal = Api(dao).post("accounts/", {"name": "Acme", field: [entry]})
    assert [error["field"] for error in refusal.json()["errors"]] == [field]


def test_nobody_stands_above_themselves(dao: User) -> None:
    program = Api(dao)
    top = program.post("accounts/", {"name": "Top"}).json()["id"]
    middle = program.post("accounts/", {"name": "Middle", "parent": top}).json()["id"]
    low = program.post("accounts/", {"name": "Low", "parent": middle}).json()["id"]
    assert program.patch(f"accounts/{top}/", {"parent": low}).json()["errors"][0]["field"] == "parent"
    assert program.patch(f"accounts/{low}/", {"parent": top}).status_code == 200
