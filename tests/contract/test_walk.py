"""Every address of every type, asked for by everybody: what may not be seen is not there, what may not be done is refused."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve
from django.utils import timezone

from renmai.kernel.access.token import Reach, Token
from renmai.kernel.access.user import Team, User
from renmai.kernel.api.openapi import describe
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import again
from tests.contract.conftest import MADE_BY_PEOPLE, OWNED, Maker

RECORD = re.compile(r"(<slug:slug>|\(\?P<slug>[^)]*\))/(<uuid:key>|\(\?P<key>[^)]*\))/")
LIST = re.compile(r"<slug:slug>/")
ADMINS = ("settings/fields/", "settings/labels/", "settings/layouts/", "settings/types/", "settings/company/", "settings/sign-in/")
ADMINS += ("settings/sign-ins/", "settings/tokens/all/", "settings/invite/", "settings/sample/")
# What belongs to one person, or is of one type whose records its own tests open and close.
ONES_OWN = ("imports/", "files/", "jobs/", "charts/", "approval-flows/", "roles/", "territories/", "settings/me/", "settings/tokens/")
ONES_OWN += ("duplicates/", "duplicate-rules/", "webhooks/", "inbound-webhooks/", "in/", "proposals/", "mcp")
ONES_OWN += ("assignment-rules/", "entry-rules/", "forms/", "handovers/", "mailboxes/", "pools/", "recycling-rules/", "response-goals/")
ONES_OWN += ("scoring-models/", "users/", "leads/", "campaigns/", "calendar/", "my-day/", "my-pools/", "recycling/", "team-activity/")
EVERYBODYS = (
    "",
    "me/",
    "search/",
    "pick/",
    "favourites/",
    "notices/",
    "recycle-bin/",
    "settings/",
    "welcome/",
    "sign-",
    "static/",
    "healthz",
    "readyz",
    "metrics",
)
EVERYBODYS += (
    "pick/",
    "favourites/",
    "notifications/",
    "keys/",
    "sw.js",
    "unsubscribe/",
    "invitation/",
    "approve/",
    "palette/",
    "live/",
    "quality/",
    "^sign-in/",
    "settings/about/",
    "f/",  # forms that people outside fill in, and links to them
    "l/",
)
API = (
    "notifications/",
    "favourites/",
    "recents/",
    "me/",
    "types/",
    "search/",
    "openapi.json",
    "files/",
    "jobs/",
    "imports/",
    "exports/",
    "duplicates/",
    "webhooks/",
    "change-sets/<uuid:key>/rows/",
    "inbound-webhooks/",
    "activity-statistics/",
    "agenda/",
    "assignment-rules/",
    "calendar-links/",
    "channels/",
    "forms/",
    "handovers/",
    "leads/",
    "mailboxes/",
    "my-day/",
    "pools/",
    "recycling/",
    "scoring-models/",
    "^(?P<rest>.*/)$",
)
OF_ALL = ("quality/",)  # numbers of all records, for those who may see all of them
OTHER = "00000000-0000-7000-8000-000000000000"
SENT = {"rewind": {"to": "2026-01-01T00:00:00+00:00"}}
METHODS = {"get", "post", "put", "patch", "delete"}
FITTING = {"action": "assign", "name": "owner", "activity": "tasks", "verb": "star", "file": "x", "sign": "x"}


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    """The route of every view."""
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


ROUTES = sorted(set(routes()))
OF_RECORDS = [
    route for route in ROUTES if RECORD.match(route.removeprefix("api/v1/").lstrip("^")) and not route.startswith(("settings/", "roles/"))
]
OF_LISTS = [route for route in ROUTES if LIST.match(route.removeprefix("api/v1/")) and route not in OF_RECORDS]


def filled(route: str, slug: str, key: str) -> str:
    """A route as the address of one record of a type."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<str:\1>", route).strip("^$")
    values = {"slug": slug, "key": key, **FITTING}
    return "/" + re.sub(r"<(\w+):(\w+)>", lambda part: values.get(part[2], "x") if part[1] != "uuid" or part[2] == "key" else OTHER, route)


def described(by: User, slug: str = "") -> set[tuple[str, str]]:
    """Method and address of everything that the description of the API names for somebody, of one type or of all."""
    paths = describe(by)["paths"].items()
    return {(method.upper(), path) for path, verbs in paths if path.startswith(f"/api/v1/{slug}") for method in METHODS & verbs.keys()}


def placed(path: str, key: str) -> str:
    """A described address as that of one record."""
    return re.sub(r"{\w+}", OTHER, path.replace("{id}", key).replace("{number}", "1"))


def browser(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(user)
    return client


def program(user: User, **more: Any) -> Client:
    """A program with a token."""
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {Token.issue(user, **more)}"})


def asked(client: Client, method: str, address: str) -> int:
    """The status of an answer."""
    return int(client.generic(method, address, "{}", "application/json").status_code)


def test_every_address_is_of_a_known_kind() -> None:
    known = (*ADMINS, *ONES_OWN)
    strange = [
        route
        for route in ROUTES
        if route not in OF_RECORDS
        and route not in OF_LISTS
        and not route.startswith(known)
        and not any(route == one or (one and route.startswith(one)) for one in EVERYBODYS)
        and not (route.startswith("api/v1/") and route.removeprefix("api/v1/").startswith(API))
    ]
    assert strange == [], "say what these are, and who may open them"


def test_every_described_address_is_walked(dao: User) -> None:
    walked = {*OF_RECORDS, *OF_LISTS}
    for _method, path in described(dao):
        route = resolve(placed(path, OTHER)).route
        assert route in walked or route.removeprefix("api/v1/").startswith(API[:-1]), path


@pytest.fixture
def outsider(south: Team, dao: User) -> User:
    """Charlie's colleague, whose role opens what is their own and nothing more, also to the types that others see by their roles."""
    rights = {"*": {"view": "own", "create": "none", "edit": "own", "delete": "own", "export": "own"}}
    role = create(registry["roles"], {"name": "Own", "rights": rights}, dao)
    values = {"name": "Eve", "email": "eve@example.com", "roles": [str(role.pk)], "team": south}
    return create(registry["users"], values, dao)  # type: ignore[return-value]


@pytest.mark.parametrize("slug", OWNED)
def test_what_one_may_not_see_is_nowhere(slug: str, maker: Maker, outsider: User, dao: User) -> None:
    key = maker.make(registry[slug])["id"]
    doors = {"api/": program(outsider), "": browser(outsider)}
    found = {
        (method, route): status
        for route in OF_RECORDS
        for method in ("GET", "POST", *(("PATCH", "DELETE") if route.startswith("api/") else ()))
        if (status := asked(doors["api/" if route.startswith("api/") else ""], method, filled(route, slug, key))) not in {404, 405}
    }
    found |= {
        (method, path): status
        for method, path in described(dao, f"{slug}/{{id}}/")
        if (status := asked(doors["api/"], method, placed(path, key))) != 404
    }
    assert found == {}
    assert key not in program(outsider).get(f"/api/v1/{slug}/").content.decode()


@pytest.mark.parametrize("slug", ["leads", "quotes"])
def test_what_one_may_only_see_stays_as_it_is(slug: str, maker: Maker, bob: User) -> None:
    kind = registry[slug]
    made = maker.make(kind)
    key, before = made["id"], made["version"]
    doors = {"api/": program(bob), "": browser(bob)}
    for route in OF_RECORDS:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            status = asked(doors["api/" if route.startswith("api/") else ""], method, filled(route, slug, key))
            assert status < 500, (method, route)
    assert asked(doors["api/"], "PATCH", f"/api/v1/{slug}/{key}/") in {200, 403}
    assert asked(doors["api/"], "DELETE", f"/api/v1/{slug}/{key}/") == 403
    assert asked(doors["api/"], "GET", f"/api/v1/{slug}/{key}/") == 200
    assert (kind.model.objects.get(pk=key).version, kind.model.objects.get(pk=key).deleted_at) == (before, None)


@pytest.mark.parametrize("slug", OWNED)
def test_the_admin_and_the_owner_meet_no_closed_door(slug: str, maker: Maker, alice: User, dao: User) -> None:
    key = maker.make(registry[slug])["id"]
    for user in (alice, dao) if slug == "leads" else (dao,):
        doors = {"api/": program(user), "": browser(user)}
        for route in (route for route in OF_RECORDS + OF_LISTS if user is dao or not route.endswith(OF_ALL)):
            status = asked(doors["api/" if route.startswith("api/") else ""], "GET", filled(route, slug, key))
            assert status < 500 and status not in {401, 403}, (user.title, route, status)


def test_what_the_description_does_not_name_for_somebody_is_closed_to_them(maker: Maker, bob: User, outsider: User, dao: User) -> None:
    programs = {user: program(user) for user in (bob, outsider)}
    opened = {}
    for slug in {"leads", *MADE_BY_PEOPLE} - set(OWNED[1:]):
        made, everything = maker.make(registry[slug]), described(dao, f"{slug}/")
        for user, client in programs.items():
            for method, path in everything - described(user, f"{slug}/"):
                address, body = placed(path, made["id"]), SENT.get(path.split("/")[-2], {})
                answer = client.generic(method, address, json.dumps(body), "application/json", QUERY_STRING="by=owner")
                is_empty = answer.status_code == 200 and not answer.json().get("items", True)
                is_unasked = answer.status_code == 422 and path.endswith("/files/")  # without a file nobody is asked for
                if answer.status_code not in {403, 404} and not is_empty and not is_unasked:
                    opened[user.title, method, path] = answer.status_code
        row = registry[slug].model._base_manager.get(pk=made["id"])
        assert (row.version, row.deleted_at) == (made["version"], None), slug
    assert not opened, opened


@pytest.mark.parametrize("route", OF_LISTS)
def test_a_type_that_a_role_closes_is_not_there(route: str, dao: User, north: Team) -> None:
    role = create(registry["roles"], {"name": "No leads", "rights": {"*": {"*": "all"}, "leads": {"*": "none"}}}, dao)
    eve: Any = create(registry["users"], {"name": "Eve", "email": "eve@example.com", "roles": [str(role.pk)], "team": north}, dao)
    client = program(eve) if route.startswith("api/") else browser(eve)
    for method in ("GET", "POST"):
        answer = client.generic(method, filled(route, "leads", OTHER), "{}", "application/json")
        is_empty = route.startswith("api/") and answer.status_code == 200 and not answer.json()["items"]
        assert answer.status_code in {403, 404, 405, 422} or is_empty, (method, answer.status_code)


def test_pages_of_admins_open_for_nobody_else(alice: User, dao: User) -> None:
    for route in [route for route in ROUTES if route.startswith(ADMINS)]:
        status = asked(browser(alice), "GET", filled(route, "leads", OTHER).replace("/x/", "/1/"))
        assert status in {403, 404, 405}, (route, status)


def test_a_token_opens_no_more_than_it_says_and_nothing_when_it_is_over(alice: User) -> None:
    key = str(create(registry["accounts"], {"name": "Acme"}, alice).pk)
    over = program(alice, expires_at=timezone.now() - dt.timedelta(days=1))
    narrow, reader = program(alice, reach=Reach(types=frozenset({"leads"}))), program(alice, reach=Reach(read_only=True))
    for route in OF_RECORDS:
        if route.startswith("api/"):
            address = filled(route, "accounts", key)
            assert asked(over, "GET", address) == 401
            assert asked(narrow, "GET", address) in {404, 405}, route
            assert [asked(client, "POST", address) for client in (over, narrow, reader)] == [401, 403, 403], route
    assert asked(program(again(alice)), "GET", f"/api/v1/accounts/{key}/") == 200
