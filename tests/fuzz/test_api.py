"""The API answers whatever its own description allows, and what it does not, as described; it never breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from renmai.config.wsgi import application
from renmai.kernel.access.token import Token
from renmai.kernel.access.user import Role, User
from renmai.kernel.api.openapi import describe
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
    missing_required_header,
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
]
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
EXAMPLES = settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=SLOW)
ONCE = settings(EXAMPLES, max_examples=1)
FIXED, FIRST = "fixed addresses", "leads"
# What a record may link to, and which of its fields hang together, no schema tells.
ALSO = {"positive_data_acceptance": ["2xx", "401", "403", "404", "409", "412", "422"], "negative_data_rejection": ["4xx"]}
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {name: {"expected-statuses": statuses} for name, statuses in ALSO.items()},
        "analysis": {"constants": {"enabled": False}},  # to read all of the program for them takes longer than to ask about a type
    }
)


@schemathesis.serializer("message/rfc822")
def letter(_ctx: Any, value: Any) -> bytes:
    """A letter as it is, or whatever stands in its place."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests through WSGI stay on the test's own connection, as those of Django's test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def document() -> dict[str, Any]:
    """What an administrator is told."""
    return describe(User.objects.get(name="Dao"))


def operations(part: str) -> list[Any]:
    """The operations on one type, or those on none."""
    paths = {path: found for path, found in document()["paths"].items() if path.startswith("/api/") and part_of(path) == part}
    schema = schemathesis.openapi.from_dict({**document(), "paths": paths}, config=CONFIG)
    schema.app = application
    return [result.ok() for result in schema.get_all_operations()]


def is_of_all(operation: Any, part: str) -> bool:
    """Whether an operation takes of this type the very same as of the first: comments, followers, files and their like."""
    method, first = operation.method, operation.path.replace(f"/{part}/", f"/{FIRST}/", 1)
    here, there = (document()["paths"].get(path, {}).get(method, {}) for path in (operation.path, first))
    return bool(there) and all(here.get(asked) == there.get(asked) for asked in ("parameters", "requestBody"))


def part_of(path: str) -> str:
    """The type that an address is about."""
    slug = path.split("/")[3]
    return slug if slug in slugs() else FIXED


def slugs() -> list[str]:
    """Every type."""
    return [kind.slug for kind in registry.all()]


def some_id(slug: str, by: User) -> str:
    """A record to aim at, where there is one."""
    kind = registry.get(slug)
    record = kind.model.objects.visible_to(by).exclude(pk=by.pk).first() if kind else None
    return str(record.pk if record else by.pk)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("part", [FIXED, *slugs()])
def test_the_api_answers_as_it_is_described(part: str, dao: User, alice: User, charlie: User) -> None:
    weaken(charlie)
    found = operations(part)
    assert found
    for operation in found:
        # What takes the same of every type is asked with all care of the first, and once of each other.
        if part != FIRST and is_of_all(operation, part):
            call_often(operation, part, dao, CHECKS, ONCE)
            continue
        call_often(operation, part, dao, CHECKS, EXAMPLES)
        # Whether a door asks who comes takes two requests more, so it is asked once for each.
        call_often(operation, part, charlie, [*CHECKS, ignored_auth], ONCE)


def test_the_document_is_one_of_openapi(alice: User) -> None:
    document = describe(alice)
    document["paths"] = {path: told for path, told in document["paths"].items() if path.split("/")[3] in {"leads", "files", "jobs"}}
    schemathesis.openapi.from_dict(document).validate()


def weaken(user: User) -> None:
    """Let a person only look at what is theirs; they will try whatever an administrator is told of."""
    role = Role.objects.create(name="Looks", title="Looks", rights={"*": {"view": "own"}})
    user.roles = [role.pk]
    user.save(update_fields=["roles"])


def call_often(operation: Any, part: str, by: User, checks: list[Any], often: settings) -> None:
    """Call an operation with what its description allows, and with what it does not."""
    headers = {"Authorization": f"Bearer {Token.issue(by)}", "Accept-Encoding": "identity"}

    @often
    @given(data=st.data())
    def call(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if "id" in (case.path_parameters or {}) and data.draw(st.booleans()):
            case.path_parameters["id"] = some_id(part, by)
        case.call_and_validate(headers=headers, checks=checks)

    call()


QUERY = st.fixed_dictionaries(
    {},
    optional={
        "filter": st.text() | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps),
        "sort": st.text() | st.sampled_from(["name", "-created_at", "title,-title", "-", ",", "custom.x"]),
        "after": st.text() | st.binary().map(lambda raw: raw.hex()),
        "limit": st.text() | st.integers().map(str),
        "fields": st.text(),
        "q": st.text(),
        "total": st.text(),
        "deleted": st.text(),
        "by": st.text() | st.sampled_from(["owner", "status", "name", "tags", "custom", "title"]),
        "sum": st.text() | st.sampled_from(["amount", "name"]),
    },
)


@pytest.mark.parametrize("slug", slugs())
@settings(EXAMPLES, max_examples=16)
@given(query=QUERY)
def test_a_list_answers_any_query(slug: str, dao: User, query: dict[str, str]) -> None:
    api = Api(dao)
    for path in (f"{slug}/", f"{slug}/groups/"):
        response = api.get(path, **query)
        assert response.status_code in {200, 400, 422}, (path, query)
        assert response.status_code == 200 or response.json()["detail"]
