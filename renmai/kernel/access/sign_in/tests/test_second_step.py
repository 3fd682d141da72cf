"""A second step beside the password: set up, asked for, lost, and demanded by a role."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from renmai.kernel.access.sign_in.attempts import Attempt
from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.run import run
from renmai.kernel.live.audience import person_of
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

pytestmark = pytest.mark.django_db
PASSWORD = "four plain words here"


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    """Attempts of other tests do not count."""
    cache.clear()


@pytest.fixture
def known(alice: User, settings: Any) -> User:
    """Alice, who has a password, of which a quick digest is kept here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    alice.set_password(PASSWORD)
    alice.save(update_fields=["password"])
    return alice


def code_of(secret: str) -> str:
    """What an app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def sign_in(client: Client) -> Any:
    return client.post("/sign-in/", {"login": "alice@example.com", "password": PASSWORD})


def set_up_app(client: Client) -> str:
    """Add an app as a person does; its key."""
    page = client.get("/settings/me/steps/app/").content.decode()
    found = re.search(r'id="key">(\w+)<', page)
    assert found
    answer = client.post("/settings/me/steps/app/", {"code": code_of(found[1])})
    assert answer["Location"] == "/settings/me/steps/codes/"
    cache.clear()  # the code that was just used counts again, as half a minute later
    return found[1]


def demand(role: str) -> None:
    """Let a role need a second step."""
    Role.objects.filter(name=role).update(second_step=True)


def test_an_app_is_asked_for_after_the_password(client: Client, known: User) -> None:
    sign_in(client)
    key = set_up_app(client)
    door = Client()
    assert sign_in(door)["Location"] == "/sign-in/code/"
    assert door.get("/leads/").status_code == 302
    assert door.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    assert door.post("/sign-in/code/", {"code": code_of(key)})["Location"] == "/"
    assert door.get("/leads/").status_code == 200


def test_a_recovery_code_opens_once(client: Client, known: User) -> None:
    sign_in(client)
    set_up_app(client)
    codes = re.findall(r"<li><code>(\d+)</code>", client.get("/settings/me/steps/codes/").content.decode())
    assert len(codes) == 10
    answers = []
    for _again in range(2):
        door = Client()
        sign_in(door)
        answers.append(door.post("/sign-in/code/", {"code": codes[0]}).status_code)
    assert answers == [302, 422]
    assert codes[1] in client.get("/settings/me/steps/codes/download/").content.decode()


def test_secrets_are_sealed_in_the_database(client: Client, known: User) -> None:
    sign_in(client)
    key = set_up_app(client)
    kept = [str(row.data) for row in Authenticator.objects.filter(user=known)]
    assert kept and not any(key in text for text in kept)


def test_a_role_that_needs_a_second_step_opens_nothing_without_one(client: Client, known: User) -> None:
    demand("rep")
    sign_in(client)
    for path in ("/", "/leads/", "/settings/", "/settings/tokens/", "/settings/me/"):
        assert client.get(path)["Location"] == "/settings/me/steps/"
    assert client.get("/leads/", headers={"HX-Request": "true"})["HX-Redirect"] == "/settings/me/steps/"
    assert client.get("/api/v1/leads/").status_code == 403
    assert person_of(str(client.session.session_key)) is None
    assert client.get("/settings/me/steps/").status_code == 200


def test_whoever_has_set_it_up_goes_on(client: Client, known: User) -> None:
    demand("rep")
    sign_in(client)
    set_up_app(client)
    assert client.get("/leads/").status_code == 200


def test_tokens_of_whoever_lacks_it_do_not_work(known: User, dao: User, api: Callable[[User], Api]) -> None:
    program = api(known)
    demand("rep")
    assert program.get("leads/").status_code == 403
    assert api(dao).get("leads/").status_code == 200


def test_an_admin_lets_somebody_in_who_lost_the_phone(client: Client, known: User, dao: User, bob: User) -> None:
    sign_in(client)
    set_up_app(client)
    run(registry["users"], "forget-second-step", known.pk, by=dao)
    assert client.get("/leads/").status_code == 302
    assert sign_in(Client())["Location"] == "/"
    assert Api(bob).post(f"users/{known.pk}/forget-second-step/").status_code == 403


def test_a_change_long_after_the_sign_in_asks_for_the_password_again(client: Client, known: User, settings: Any) -> None:
    sign_in(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    answer = client.get("/settings/me/steps/app/")
    assert answer["Location"] == "/sign-in/again/?next=%2Fsettings%2Fme%2Fsteps%2Fapp%2F"
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 422
    assert client.post(answer["Location"], {"password": PASSWORD})["Location"] == "/settings/me/steps/app/"


def test_who_came_in_and_who_tried_is_kept(client: Client, known: User) -> None:
    client.post("/sign-in/", {"login": "alice@example.com", "password": "wrong"})
    client.post("/sign-in/", {"login": "nobody@example.com", "password": "wrong"})
    client.post("/sign-in/", {"login": PASSWORD, "password": "typed in the wrong field"})
    sign_in(client)
    key = set_up_app(client)
    door = Client()
    sign_in(door)
    door.post("/sign-in/code/", {"code": "000000"})
    door.post("/sign-in/code/", {"code": code_of(key)})
    kept = list(Attempt.objects.order_by("pk").values_list("email", "how", "succeeded"))
    assert kept == [
        ("alice@example.com", "password", False),
        ("nobody@example.com", "password", False),
        ("alice@example.com", "password", True),
        ("alice@example.com", "totp", False),
        ("alice@example.com", "password totp", True),
    ]
    assert Attempt.objects.filter(user=known).count() == 4
    mine = client.get("/settings/me/sign-ins/").content.decode()
    assert mine.count("refused</span>") == 2
    assert "nobody@example.com" not in mine
    assert client.get("/settings/sign-ins/").status_code == 403


def test_the_admin_sees_everybodys(client: Client, dao: User, alice: User) -> None:
    Attempt.objects.create(user=alice, email=alice.email, how="password", succeeded=True, address="203.0.113.7")
    Attempt.objects.create(email="nobody@example.com", how="password", succeeded=False)
    client.force_login(dao)
    everything = client.get("/settings/sign-ins/").content.decode()
    assert "Alice" in everything and "203.0.113.7" in everything and "nobody@example.com" in everything
    assert "Alice" not in client.get("/settings/sign-ins/?failed=1").content.decode().partition("<main")[2]


def test_the_switch_of_a_role_is_set_on_the_page(client: Client, dao: User, bob: User) -> None:
    role = Role.objects.get(name="rep")
    client.force_login(dao)
    client.post("/settings/sign-in/second-steps/", {"roles": [str(role.pk)]})
    assert list(Role.objects.filter(second_step=True)) == [role]
    client.force_login(bob)
    assert client.get("/settings/sign-in/").status_code == 302
