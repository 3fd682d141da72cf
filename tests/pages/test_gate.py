"""Every address of the house, asked for by somebody who has not signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from renmai.kernel.access.user import User
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db

OPEN = {
    "healthz",
    "readyz",
    "metrics",
    "sign-in/",
    "sign-in/reset/",
    "sign-in/reset/sent/",
    "sign-in/reset/done/",
    r"^sign-in/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "sign-in/closed/",
    "sign-in/code/",
    "sign-in/passkey/",
    "sign-in/with/<slug:provider_id>/",
    "sign-in/with/<slug:provider_id>/back/",
    "me/language/",
    "invitation/<str:token>/",
    "approve/<str:token>/",
    "sign-in/saml/<slug:organization_slug>/",
    "sign-in/saml/<slug:organization_slug>/go-on/",
    "sign-in/saml/<slug:organization_slug>/metadata/",
    "sign-in/saml/<slug:organization_slug>/sign-out/",
    "unsubscribe/<str:token>/",
    "sw.js",
    "in/<str:secret>/",
    "f/<str:token>/",
    "f/<str:token>/challenge/",
    "f/<str:token>/confirm/<str:secret>/",
    "f/<str:token>/embed.js",
    "l/<str:code>/",
    "calendar/feed/<str:secret>.ics",
}
PROGRAMS = ("api/", "mcp")  # who asks there is told so, and sent to no page
SAMPLES = {"slug": "leads", "action": "qualify", "activity": "tasks", "verb": "follow", "rest": "no/such/address/"}


def addresses(patterns: Any = None, before: str = "") -> Iterator[str]:
    """The route of every view."""
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def filled(route: str, key: str) -> str:
    """A route with an existing record's id in it, and something that fits everywhere else."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda part: {"key": key}.get(part[1]) or SAMPLES[part[1]], route)
    route = route.replace("^", "").replace("$", "")
    return "/" + re.sub(r"<(\w+):(\w+)>", lambda part: {"uuid": key, "int": "1"}.get(part[1]) or SAMPLES.get(part[2], "x"), route)


CLOSED = sorted(set(addresses()) - OPEN)


@pytest.fixture
def secret(alice: User) -> str:
    """Id of a lead that nobody outside may hear of."""
    return str(create(registry["leads"], {"name": "Secret Name"}, alice).pk)


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_learn_nothing(client: Client, secret: str, method: str) -> None:
    opened = {}
    for route in CLOSED:
        address = filled(route, secret)
        assert "<" not in address, f"{route}: this kind of address needs a sample"
        answer = getattr(client, method)(address)
        is_shut = (
            answer.status_code == 401 if route.startswith(PROGRAMS) else answer.headers.get("Location", "").startswith("/sign-in/?next=")
        )
        if not is_shut or "Secret" in answer.content.decode():
            opened[route] = answer.status_code, answer.headers.get("Location")
    assert opened == {}


def test_one_comes_back_to_the_very_page(client: Client, secret: str) -> None:
    assert client.get(f"/leads/{secret}/?a=b")["Location"] == f"/sign-in/?next=/leads/{secret}/%3Fa%3Db"


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client: Client, db: None) -> None:
    response = client.get("/leads/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/sign-in/"


def test_what_is_open_is_really_open(client: Client, db: None) -> None:
    for address in ("/healthz", "/readyz", "/sign-in/", "/sign-in/reset/", "/sign-in/reset/sent/", "/sign-in/reset/done/"):
        assert client.get(address).status_code == 200
