"""Who may come in, and who learns nothing at the door."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from renmai.kernel.access.sessions import Session
from renmai.kernel.access.user import User
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import update
from renmai.kernel.records.types import registry

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


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_right_password_opens_the_door(client: Client, known: User) -> None:
    response = sign_in(client, "Alice@Example.com")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(known.pk)


def test_passwords_are_kept_as_argon2(alice: User) -> None:
    alice.set_password(PASSWORD)
    assert alice.password.startswith("argon2$argon2id$")


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client, known: User) -> None:
    token = re.compile(r'(value|content)="\w{64}"')
    wrong = token.sub("", text(sign_in(client, known.email, "not this one at all")))
    unknown = token.sub("", text(sign_in(client, "zlice@example.com", "not this one at all")))
    assert "is not right" in wrong
    assert wrong == unknown.replace("zlice", "alice")


def test_a_sixth_wrong_password_is_not_even_looked_at(client: Client, known: User) -> None:
    for _attempt in range(5):
        sign_in(client, known.email, "not this one at all")
    response = sign_in(client, known.email)
    assert response.status_code == 422
    assert "Too many attempts" in text(response)
    assert "_auth_user_id" not in client.session


def test_attempts_are_counted_for_all_processes_together(client: Client, known: User) -> None:
    sign_in(client, known.email, "not this one at all")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM renmai_cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] > 0


def test_a_closed_account_stays_outside(client: Client, known: User, dao: User) -> None:
    update(registry["users"], known.pk, {"active": False}, dao)
    assert sign_in(client, known.email)["Location"] == "/sign-in/closed/"
    assert client.get("/sign-in/closed/").status_code == 403
    assert "_auth_user_id" not in client.session


def test_closing_an_account_ends_its_sessions(client: Client, known: User, dao: User) -> None:
    sign_in(client, known.email)
    update(registry["users"], known.pk, {"active": False}, dao)
    assert client.get("/api/v1/me/").status_code == 401


def test_a_changed_address_is_the_one_to_sign_in_with(client: Client, known: User, dao: User) -> None:
    update(registry["users"], known.pk, {"email": "new@example.com"}, dao)
    assert sign_in(client, "alice@example.com").status_code == 422
    assert sign_in(client, "new@example.com").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "reached"), [("/leads/?q=x", "/leads/?q=x"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("javascript:x", "/")]
)
def test_one_comes_back_to_where_one_was_but_never_elsewhere(client: Client, known: User, wanted: str, reached: str) -> None:
    assert sign_in(client, known.email, next=wanted)["Location"] == reached


def test_signing_in_needs_the_token_against_forgery(known: User) -> None:
    assert sign_in(Client(enforce_csrf_checks=True), known.email).status_code == 403


def test_nobody_can_sign_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_signing_out_ends_the_session(client: Client, known: User) -> None:
    sign_in(client, known.email)
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert not Session.objects.filter(user=known).exists()


def test_signing_out_everywhere_ends_every_session(known: User) -> None:
    here, there = Client(), Client()
    sign_in(here, known.email)
    sign_in(there, known.email)
    here.post("/sign-out/", {"everywhere": "1"})
    assert there.get("/api/v1/me/").status_code == 401


def test_signing_out_everywhere_leaves_others_alone(known: User, bob: User) -> None:
    here, theirs = Client(), Client()
    theirs.force_login(bob)
    sign_in(here, known.email)
    here.post("/sign-out/", {"everywhere": "1"})
    assert theirs.get("/api/v1/me/").status_code == 200


def asked(client: Client, email: str) -> list[mail.EmailMessage]:
    """What is mailed after somebody asked for a new password."""
    response = client.post("/sign-in/reset/", {"email": email})
    assert response["Location"] == "/sign-in/reset/sent/"
    for job in Job.objects.filter(kind="mail-reset"):
        perform(job)
    return mail.outbox


def link_in(letter: mail.EmailMessage) -> str:
    found = re.search(r"https?://[^/]+(/sign-in/reset/\S+)", str(letter.body))
    assert found is not None
    return found[1]


def test_a_lost_password_is_set_anew_by_mail(client: Client, known: User) -> None:
    (letter,) = asked(client, "Alice@example.com")
    assert letter.to == [known.email]
    assert link_in(letter) in str(letter.alternatives[0][0])
    page = client.get(link_in(letter), follow=True)
    assert "Set a new password" in text(page)
    client.post(page.redirect_chain[-1][0], {"password1": "five other words of mine"})
    assert sign_in(client, known.email).status_code == 422
    assert sign_in(client, known.email, "five other words of mine").status_code == 302


def test_the_link_works_only_once(client: Client, known: User) -> None:
    (letter,) = asked(client, known.email)
    page = client.get(link_in(letter), follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "five other words of mine"})
    assert "does not work any more" in text(Client().get(link_in(letter), follow=True))


def test_setting_a_new_password_ends_the_sessions_of_the_old_one(known: User) -> None:
    old, new = Client(), Client()
    sign_in(old, known.email)
    (letter,) = asked(new, known.email)
    page = new.get(link_in(letter), follow=True)
    new.post(page.redirect_chain[-1][0], {"password1": "five other words of mine"})
    assert old.get("/api/v1/me/").status_code == 401


def test_a_weak_password_is_refused_with_the_reason(client: Client, known: User) -> None:
    (letter,) = asked(client, known.email)
    page = client.get(link_in(letter), follow=True)
    response = client.post(page.redirect_chain[-1][0], {"password1": "password"})
    assert response.status_code == 422
    assert "too short" in text(response)


@pytest.mark.parametrize("email", ["nobody@example.com", "closed@example.com"])
def test_asking_for_others_mails_nothing_and_looks_the_same(client: Client, dao: User, known: User, email: str) -> None:
    update(registry["users"], known.pk, {"email": "closed@example.com", "active": False}, dao)
    assert asked(client, email) == []


def test_the_letter_speaks_the_persons_language_and_names_our_own_host(client: Client, known: User, settings: Any) -> None:
    settings.BASE_URL = "https://crm.example"
    client.post("/sign-in/reset/", {"email": known.email}, headers={"host": "localhost"})
    for job in Job.objects.filter(kind="mail-reset"):
        perform(job)
    assert "https://crm.example/sign-in/reset/" in str(mail.outbox[0].body)
