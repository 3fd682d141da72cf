"""Signing in through the company's identity provider: a real one of OpenID Connect, which the test runs."""

from __future__ import annotations

import re
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from oidc_provider_mock import User as Claims
from oidc_provider_mock import run_server_in_thread

from renmai.kernel.access.sign_in.attempts import Attempt
from renmai.kernel.access.sign_in.provider import Provider
from renmai.kernel.access.user import Role, User

pytestmark = pytest.mark.django_db
PEOPLE = [
    Claims(sub="a1", claims={"email": "alice@example.com", "email_verified": True, "name": "Alice"}),
    Claims(sub="n1", claims={"email": "new@example.com", "email_verified": True, "name": "王伟"}),
    Claims(sub="u1", claims={"email": "alice@example.com"}),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Address of the provider."""
    with run_server_in_thread(user_claims=PEOPLE) as running:
        yield f"http://localhost:{running.server_port}"
    assert threading.active_count()


@pytest.fixture
def provider(server: str) -> Provider:
    """The provider as an admin has set it up."""
    row = Provider(name="Example AD", slug="example-ad", server_url=server, client_id="renmai")
    row.keep_secret("a secret of the provider")
    row.save()
    return row


class Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow: the address is the answer."""

    def redirect_request(self, *_given: Any) -> None:
        return None


def come(client: Client, sub: str) -> Any:
    """Press the button, sign in over there, come back."""
    there = client.get("/sign-in/with/example-ad/")["Location"]
    assert "code_challenge=" in there
    request = urllib.request.Request(there, urllib.parse.urlencode({"sub": sub}).encode(), method="POST")
    try:
        urllib.request.build_opener(Stay).open(request)
    except urllib.error.HTTPError as answer:
        back = urllib.parse.urlsplit(answer.headers["Location"])
        return client.get(f"{back.path}?{back.query}")
    raise AssertionError("the provider did not lead back")


def test_somebody_who_is_known_here_comes_in(client: Client, alice: User, provider: Provider) -> None:
    assert "Sign in with Example AD" in client.get("/sign-in/").content.decode()
    assert come(client, "a1")["Location"] == "/"
    assert client.session["_auth_user_id"] == str(alice.pk)
    assert Attempt.objects.get().how == "company"
    assert come(Client(), "a1")["Location"] == "/"


def test_nobody_comes_in_who_is_not_known(client: Client, alice: User, provider: Provider) -> None:
    assert come(client, "n1").status_code == 403
    assert "_auth_user_id" not in client.session
    assert [(one.email, one.succeeded) for one in Attempt.objects.all()] == [("new@example.com", False)]


def test_whoever_is_new_gets_the_role_of_the_provider(client: Client, provider: Provider) -> None:
    provider.role = Role.objects.get(name="rep")
    provider.save()
    assert come(client, "n1")["Location"] == "/"
    made = User.objects.get(email="new@example.com")
    assert (made.name, made.roles) == ("王伟", [provider.role.pk])


def test_an_address_that_is_not_verified_is_not_believed(client: Client, alice: User, provider: Provider) -> None:
    assert come(client, "u1").status_code == 403
    provider.trusts_email = True
    provider.save()
    assert come(client, "u1")["Location"] == "/"


def test_somebody_whose_account_is_closed_stays_outside(client: Client, alice: User, provider: Provider) -> None:
    User.objects.filter(pk=alice.pk).update(active=False)
    come(client, "a1")
    assert "_auth_user_id" not in client.session


def test_a_provider_out_of_use_opens_nothing(client: Client, provider: Provider) -> None:
    provider.active = False
    provider.save()
    assert client.get("/sign-in/with/example-ad/").status_code == 404
    assert "Example AD" not in client.get("/sign-in/").content.decode()


def test_a_provider_that_cannot_be_reached_is_told_as_a_sentence(client: Client, provider: Provider) -> None:
    provider.server_url = "http://localhost:1"
    provider.save()
    assert client.get("/sign-in/with/example-ad/").status_code == 502


def test_turning_back_over_there_is_no_error_of_ours(client: Client, provider: Provider) -> None:
    there = client.get("/sign-in/with/example-ad/")["Location"]
    state = re.search(r"state=(\w+)", there)
    assert state
    answer = client.get(f"/sign-in/with/example-ad/back/?error=access_denied&state={state[1]}")
    assert answer.status_code == 502
    assert client.get("/sign-in/with/example-ad/back/?code=x&state=made-up").status_code == 502


def test_an_admin_sets_a_provider_up_and_never_sees_its_secret_again(client: Client, dao: User, alice: User) -> None:
    values = {"name": "Example AD", "server_url": "https://login.example.com/tenant", "client_id": "renmai", "active": "true"}
    client.force_login(dao)
    assert client.post("/settings/sign-in/providers/new/", values).status_code == 422
    unsafe = values | {"server_url": "http://login.example.com", "client_secret": "hush-hush"}
    assert client.post("/settings/sign-in/providers/new/", unsafe).status_code == 422
    assert client.post("/settings/sign-in/providers/new/", values | {"client_secret": "hush-hush"}).status_code == 302
    row = Provider.objects.get()
    assert (row.slug, row.secret) == ("example-ad", "hush-hush")
    assert "hush-hush" not in row.sealed_secret
    page = client.get(f"/settings/sign-in/providers/{row.pk}/").content.decode()
    assert "hush-hush" not in page and "/sign-in/with/example-ad/back/" in page
    client.post(f"/settings/sign-in/providers/{row.pk}/", values | {"name": "Example"})
    row.refresh_from_db()
    assert (row.name, row.slug, row.secret) == ("Example", "example-ad", "hush-hush")
    client.force_login(alice)
    assert client.get(f"/settings/sign-in/providers/{row.pk}/").status_code == 403
