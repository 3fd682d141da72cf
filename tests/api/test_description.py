"""The description of the API is whole: every address is in it, and every example fits its own schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from renmai.kernel.access.user import User
from renmai.kernel.api.openapi import describe
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from tests.contract.conftest import MADE_BY_PEOPLE

pytestmark = pytest.mark.django_db
NAMES = {
    "number": "{number}",
    "slug": "leads",
    "key": "{id}",
    "file": "{file}",
    "comment": "{comment}",
    "delivery": "{delivery}",
    "action": "qualify",
    "sign": "{sign}",
    "code": "{code}",
}


def routes(of: Any, before: str = "") -> Iterator[str]:
    """Every address of the house."""
    for pattern in of.url_patterns:
        route = f"{before}{pattern.pattern}"
        yield from routes(pattern, route) if hasattr(pattern, "url_patterns") else [route]


def examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Where each example stands, what it is to fit, and the example."""
    for path, verbs in document["paths"].items():
        for verb, told in verbs.items():
            said = {"body": told.get("requestBody", {}), **told["responses"]}
            for name, found in said.items():
                for media in found.get("content", {}).values():
                    yield f"{verb} {path} {name}", media["schema"], media["example"]
            for parameter in told.get("parameters", []):
                if "example" in parameter:
                    yield f"{verb} {path} {parameter['name']}", parameter["schema"], parameter["example"]


def test_every_operation_is_told_with_examples_that_fit(dao: User) -> None:
    create(registry["custom-fields"], {"type": "leads", "label": "Budget", "kind": "money"}, dao)
    document = Api(dao).get("openapi.json").json()
    checks: dict[str, Draft202012Validator] = {}
    for where, schema, shown in examples(document):
        check = checks.setdefault(repr(schema), Draft202012Validator({**schema, "components": document["components"]}))
        assert not (found := [error.message for error in check.iter_errors(shown)]), (where, found, shown)
    operations = [told for verbs in document["paths"].values() for told in verbs.values()]
    assert all(told["description"] and told["tags"] for told in operations)
    assert len({told["operationId"] for told in operations}) == len(operations)
    assert all("example" in media for told in operations for media in told.get("requestBody", {}).get("content", {}).values())


@pytest.mark.parametrize("name", ["alice", "dao"])
def test_it_tells_addresses_and_fields_of_every_type(name: str, request: pytest.FixtureRequest) -> None:
    program = Api(request.getfixturevalue(name))
    document, told = program.get("openapi.json").json(), {item["type"]: item for item in program.get("types/").json()["items"]}
    for kind in (registry[slug] for slug in told):
        assert {f"/api/v1/{kind.slug}/", f"/api/v1/{kind.slug}/{{id}}/", f"/api/v1/{kind.slug}/groups/"} <= set(document["paths"])
        assert set(document["components"]["schemas"][kind.slug]["properties"]) >= set(kind.fields)
        assert {field["name"] for field in told[kind.slug]["fields"]} == set(kind.fields)
        assert set(told[kind.slug]["sortable"]) >= {spec.name for spec in kind.fields.values() if spec.sortable}
    assert set(told) >= {slug for slug in MADE_BY_PEOPLE if name == "dao" or not registry[slug].ownerless}


def test_every_address_is_told(dao: User) -> None:
    of_api = [f"/{route}" for route in routes(get_resolver()) if route.startswith("api/v1/") and not route.endswith("$")]
    paths = {re.sub(r"<(?:\w+:)?(\w+)>", lambda found: NAMES[found[1]], route) for route in of_api}
    assert paths >= {"/api/v1/me/", "/api/v1/leads/{id}/", "/api/v1/recycling/"}
    assert paths - set(describe(dao)["paths"]) == set()


def test_what_is_closed_to_somebody_is_not_told_to_them(alice: User) -> None:
    told = set(describe(alice)["paths"])
    assert "/api/v1/leads/{id}/score/" in told
    assert not told & {"/api/v1/recycling/", "/api/v1/handovers/", "/api/v1/channels/", "/api/v1/mailboxes/{id}/password/"}


def test_what_everybody_may_ask_needs_no_token(dao: User) -> None:
    sending = describe(dao)["paths"]["/f/{token}/"]["post"]
    assert sending["security"] == [] and {"200", "422", "429"} <= set(sending["responses"])
    assert "401" not in sending["responses"]


def test_the_description_is_in_english_whoever_asks(dao: User) -> None:
    dao.language = "th"
    dao.save(update_fields=["language"])
    summaries = [told["summary"] for verbs in Api(dao).get("openapi.json").json()["paths"].values() for told in verbs.values()]
    assert "Qualify" in summaries and all(summary.replace("’", "").isascii() for summary in summaries)
