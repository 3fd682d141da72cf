"""What the contract tests need of every type: someone who may make its records, and values for its fields."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from renmai.kernel.access.user import User
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.testing.people import Api

SAMPLES: dict[str, Any] = {
    "url": "https://example.com/a",
    "phone": "+66812345678",
    "country": "TH",
    "currency": "THB",
    "integer": 3,
    "decimal": "2.5",
    "percent": "12.5",
    "money": "1200.50",
    "boolean": True,
    "date": "2026-05-06",
    "moment": "2026-05-06T07:08:09+00:00",
    "tags": ["vip", "ใหม่"],
}
NAMES_A_TYPE = {"type", "record_type"}
NAMES_A_FIELD = {"field"}
TEXTS = {"text", "long_text", "pick"}
# What a type needs besides a value for each required field.
BESIDES: dict[str, Callable[[Maker], dict[str, Any]]] = {
    "approval-flows": lambda maker: {"levels": [{"users": [str(maker.seller.user.pk)]}]},
    "assignment-rules": lambda maker: {"receivers": [{"user": str(maker.seller.user.pk)}]},
    "custom-fields": lambda maker: {"kind": "text"},
    "field-changes": lambda maker: {"field": next(maker.names)},
    "scoring-models": lambda maker: {"lines": [{"points": 5, "criteria": {"field": "email", "op": "is_set"}}], "a_from": 80},
    "survivorship-rules": lambda maker: {"field": next(maker.names)},
    "webhooks": lambda maker: {"address": "https://1.1.1.1/in"},
    "layouts": lambda maker: {"role": maker.make(registry["roles"])["id"]},
}
MADE_BY_PEOPLE = [
    kind.slug
    for kind in registry.all()
    if not kind.acted and (any(spec.editable and spec.required for spec in kind.fields.values()) or kind.collections)
]
OPENED_BY_ROLES = [slug for slug in MADE_BY_PEOPLE if type(registry[slug]).own_doors is RecordType.own_doors]
OWNED = [slug for slug in OPENED_BY_ROLES if not registry[slug].ownerless]


@dataclass
class Maker:
    """Makes records through the API, as someone who may."""

    seller: Api
    admin: Api
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    names: Iterator[str] = field(default_factory=lambda: iter(registry["leads"].fields))

    def api(self, kind: RecordType) -> Api:
        """Who makes records of a type."""
        return self.admin if kind.ownerless else self.seller

    def make(self, kind: RecordType, /, **values: Any) -> dict[str, Any]:
        """A record with what is required and no more."""
        response = self.api(kind).post(f"{kind.slug}/?allow_duplicate=1", {**self.required(kind), **values})
        assert response.status_code == 201, response.content
        return response.json()  # type: ignore[no-any-return]

    def required(self, kind: RecordType) -> dict[str, Any]:
        """A value for each field that a new record must bring."""
        return {spec.name: self.sample(spec) for spec in kind.fields.values() if spec.required and spec.editable} | self.besides(kind)

    def besides(self, kind: RecordType) -> dict[str, Any]:
        """What only the type knows that it needs."""
        return BESIDES[kind.slug](self) if kind.slug in BESIDES else {}

    def sample(self, spec: FieldSpec) -> Any:
        """A value that goes with a field, or None where only its type knows one."""
        number = next(self.numbers)
        if spec.name == "target":
            return "leads"
        if spec.kind == "email":
            return f"someone{number}@example.com"
        if spec.name in NAMES_A_TYPE:
            return "leads"
        if spec.kind in TEXTS:
            return f"{spec.name.replace('_', ' ')} {number:04}"
        if spec.kind == "choice":
            return spec.choices[-1][0]
        if spec.kind == "link":
            return str(self.seller.user.pk) if spec.target == "users" else self.make(registry[str(spec.target)])["id"]
        if spec.kind == "ids":
            return {"test": f"id-{number}"}
        return SAMPLES.get(spec.kind)


@pytest.fixture
def maker(alice: User, dao: User) -> Maker:
    return Maker(Api(alice), Api(dao))


@pytest.fixture(scope="module", params=MADE_BY_PEOPLE)
def kind(request: pytest.FixtureRequest) -> RecordType:
    """Each type whose records people make."""
    return registry[request.param]


@pytest.fixture(params=OWNED)
def owned(request: pytest.FixtureRequest) -> RecordType:
    """Each of them whose records have owners."""
    return registry[request.param]
